// Takes the reader to the summary of errors: when the page comes with one, and when a form is swapped for one.
const focus = (root) => {
  const summary = root.matches?.(".errors") ? root : root.querySelector(".errors");
  summary?.focus();
};
focus(document);
document.addEventListener("htmx:load", ({ detail }) => focus(detail.elt));
