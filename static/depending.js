// Hides a question until the answer it depends on is chosen. Without it, the line above the
// question says when it is asked. What holds words is never hidden: nothing typed gets lost.
(() => {
  "use strict";
  const blocks = document.querySelectorAll("[data-depends-on]");
  if (!blocks.length) return;

  const isChosen = (name, values) =>
    [...document.querySelectorAll("input:checked, input[type=hidden]")].some(
      (input) =>
        (input.name === name || input.name.startsWith(`${name}.`)) && values.includes(input.value)
    );
  const isEmpty = (block) =>
    !block.querySelector("input:checked, .error") &&
    [...block.querySelectorAll("textarea")].every((field) => !field.value.trim());
  const isAsked = (name) => document.querySelector(`[name="${name}"], [name^="${name}."]`) !== null;

  const show = () => {
    for (const block of blocks) {
      const { dependsOn, values } = block.dataset;
      block.hidden =
        isAsked(dependsOn) && !isChosen(dependsOn, values.split(" ")) && isEmpty(block);
    }
  };
  document.addEventListener("change", show);
  show();
})();
