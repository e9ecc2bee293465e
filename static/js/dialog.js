// Opens the dialogs a page or a swapped part came with.
// `showModal` gives the focus trap, Escape and the dimmed page.
const WAITING = "dialog[data-modal]:not([open])";
const open = (root) => {
  if (root.matches?.(WAITING)) root.showModal();
  for (const dialog of root.querySelectorAll(WAITING)) dialog.showModal();
};
open(document);
document.addEventListener("htmx:load", ({ detail }) => open(detail.elt));
