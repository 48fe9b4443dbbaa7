// Offers to comment on the very words somebody selected in a provision. Without it, the link beside
// the provision leads to the same form, and the words are copied and pasted.
(() => {
  "use strict";
  const LONGEST = 1000;
  const offers = new Map(
    [...document.querySelectorAll("[data-comments-on]")].map((one) => [one.dataset.commentsOn, one])
  );

  const provisionOf = (selection) => {
    const node = selection.rangeCount ? selection.getRangeAt(0).commonAncestorContainer : null;
    const element = node && (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);
    const text = element && element.closest("[data-words-of]");
    return text ? text.dataset.wordsOf : "";
  };

  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const words = selection ? selection.toString().trim() : "";
    // A click on the offer ends the selection: what was offered last stays.
    if (!words) return;
    const key = words.length <= LONGEST ? provisionOf(selection) : "";
    for (const [name, offer] of offers) {
      offer.hidden = name !== key;
      if (name !== key) continue;
      const link = offer.querySelector("a");
      const address = new URL(link.href);
      address.searchParams.set("quote", words);
      link.href = address.href;
    }
  });
})();
