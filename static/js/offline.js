// A page without a connection stays as it is, with what is typed, and says so.
// Only a browser that says it is offline is asked to look first: some say so and are not.
const { lost } = document.querySelector("meta[name=draft]").dataset;
const tell = (form) => {
  const before = form.querySelector(":scope > [role=alert]");
  if (before) before.remove();
  const said = Object.assign(document.createElement("p"), { className: "notice tone-daffodil", textContent: lost });
  said.setAttribute("role", "alert");
  form.prepend(said);
};
document.addEventListener("htmx:sendError", ({ detail: { elt } }) => elt.matches("form") && tell(elt));
document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (navigator.onLine || form.dataset.reached || form.hasAttribute("hx-post")) return;
  event.preventDefault();
  try {
    form.dataset.reached = (await fetch(import.meta.url, { method: "HEAD", cache: "no-store" })).status;
    form.requestSubmit(submitter);
  } catch (error) {
    tell(form);
  }
});
