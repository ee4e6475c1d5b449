// A little help for the hand; every page works without it. It never sends or keeps anything.
"use strict";

// Words that are selected in a line are put into its "Which words?" field.
document.addEventListener("selectionchange", () => {
  const chosen = document.getSelection();
  const words = chosen.toString().trim();
  const line = chosen.anchorNode?.parentElement?.closest(".line");
  if (!words || !line || !line.querySelector(".text")?.contains(chosen.anchorNode)) return;
  const field = line.querySelector("textarea[data-from]");
  if (field && words.length < 200) field.dataset.chosen = words;
});

document.addEventListener("toggle", (event) => {
  const field = event.target.querySelector?.("textarea");
  if (!event.target.open || !field) return;
  if (field.dataset.chosen && !field.value) field.value = field.dataset.chosen;
  field.focus();
}, true);

// After a form that could not be taken, start at the sentence that says what to do; after an opening, at the words.
document.querySelector("#problem, #opened-title")?.focus();
