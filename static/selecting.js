// Takes the words somebody selected in the text of a provision into the field for exact words.
// Without it, the words are copied and pasted.
(() => {
  "use strict";
  const text = document.querySelector("[data-selectable]");
  if (!text) return;
  const buttons = document.querySelectorAll("[data-takes-selection]");
  let selected = "";

  const inText = (selection) =>
    selection.rangeCount > 0 && text.contains(selection.getRangeAt(0).commonAncestorContainer);

  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const words = selection && inText(selection) ? selection.toString().trim() : "";
    // A click on the button ends the selection: what was selected last is what is meant.
    if (words) selected = words;
    for (const button of buttons) button.hidden = !selected;
  });

  for (const button of buttons) {
    button.addEventListener("click", () => {
      const field = document.getElementById(button.dataset.takesSelection);
      field.value = selected;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  }
})();
