// A tap on one child opens the sheet at once, from the copy that the page came with. The server still decides who may
// award and for whom. After the idle minutes it is asked first, so that the PIN comes before the sheet and not after it.
const copy = document.querySelector("template[data-sheet]");
let used = Date.now();
let last;
const isIdle = () => Number(copy.dataset.idle) && Date.now() - used > copy.dataset.idle * 1000;
// Each sheet has a key of its own: two presses are one award. crypto.randomUUID wants https.
const newKey = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  [bytes[6], bytes[8]] = [(bytes[6] & 15) | 64, (bytes[8] & 63) | 128];
  const digits = [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};
const hidden = (name, value) => Object.assign(document.createElement("input"), { type: "hidden", name, value });

document.addEventListener("award", (event) => {
  if (!copy || isIdle()) return;
  event.preventDefault();
  const { target: box } = event;
  box.checked = false; // the sheet says for whom it is, and nothing behind it moves
  const sheet = document.getElementById("sheet");
  sheet.replaceChildren(copy.content.cloneNode(true));
  sheet.querySelector("[data-who]").textContent = box.closest("label").querySelector("[data-name]").textContent;
  const form = sheet.querySelector("form[method=post]");
  form.elements.key.value = newKey();
  form.append(hidden("pupil", box.value));
  sheet.querySelector("dialog").showModal();
  requestAnimationFrame(() => setTimeout(() => window.htmx.process(sheet))); // drawn first: until then it is a plain form
});
document.addEventListener("htmx:afterRequest", ({ detail }) => detail.successful && (used = Date.now()));
// After an award the board is a new one: the focus goes back to the child's tile.
document.addEventListener("htmx:beforeSwap", ({ target }) => {
  if (target.id === "board") last = document.querySelector("#sheet [name=pupil]")?.value ?? last;
});
document.addEventListener("htmx:afterSettle", () => {
  if (last && document.activeElement === document.body)
    document.querySelector(`#board input[name=pupil][value="${last}"]`)?.focus({ preventScroll: true });
});
