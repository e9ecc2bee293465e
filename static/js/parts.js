// What a part of the page asked for by itself and did not get is said beside it, until it comes.
// A file that was not added stays chosen: it can be tried or chosen again, and goes along with what is sent.
const { lost, missed, large, stale, file, again } = document.querySelector("meta[name=parts]").dataset;
const said = new WeakMap();
const byItself = (elt) => /load|every|seen/.test(elt.getAttribute("hx-trigger") || "");
const why = (elt, xhr) => (byItself(elt) ? stale : { 0: lost, 413: large }[xhr.status] || missed);
const isFile = (elt) => elt.matches("input[type=file]");

const retry = (input) => {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button button--small" });
  button.textContent = again;
  button.onclick = () => input.dispatchEvent(new Event("change", { bubbles: true }));
  // The same file may be chosen once more; a chooser that is closed without one leaves what was there.
  let before;
  input.onclick = () => ((before = input.files), (input.value = ""));
  input.oncancel = () => input.files.length || (input.files = before);
  return button;
};
const asked = (detail) => detail.requestConfig?.elt || detail.elt; // an error of an answer names its target
const clear = (elt) => (said.get(elt)?.remove(), said.delete(elt));
const tell = ({ detail }) => {
  const [elt, { xhr }] = [asked(detail), detail];
  if (elt.matches("form") && !xhr.status && document.querySelector("meta[name=draft]")) return; // offline.js
  const words = isFile(elt) ? `${file} ${[...elt.files].map(({ name }) => name).join(", ")}. ${why(elt, xhr)}` : why(elt, xhr);
  if (said.get(elt)?.isConnected && byItself(elt)) return; // nobody hears it every ten seconds
  clear(elt);
  const note = Object.assign(document.createElement("div"), { className: "notice tone-daffodil" });
  note.setAttribute("role", byItself(elt) ? "status" : "alert");
  note.append(Object.assign(document.createElement("p"), { className: "grow", textContent: words }));
  said.set(elt, note);
  elt.matches("form") ? elt.prepend(note) : elt.after(note);
  if (isFile(elt)) note.append(retry(elt));
};
for (const kind of ["sendError", "responseError", "timeout", "sendAbort"]) document.addEventListener(`htmx:${kind}`, tell);
document.addEventListener("htmx:beforeRequest", ({ detail }) => byItself(asked(detail)) || clear(asked(detail)));
document.addEventListener("htmx:afterRequest", ({ detail }) => detail.successful && clear(asked(detail)));
