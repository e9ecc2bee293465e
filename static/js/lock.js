// A page of a parent's that is locked after a while: a key or a tap says that somebody is here. Without one it locks,
// and what is being written goes along to be kept (lapsed.js). The server counts for itself.
const lock = document.querySelector("meta[name=lock]");
const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
const MINUTE = 60_000;
let [last, told, gone] = [Date.now(), Date.now(), false];

const leave = () => {
  if (gone) return;
  gone = true;
  const to = `${lock.dataset.to}?next=${encodeURIComponent(location.pathname + location.search)}`;
  document.dispatchEvent(new CustomEvent("lapsed", { detail: { to } }));
};
const look = () => Date.now() - last > lock.content * 1000 && leave();
const lively = async () => {
  look();
  last = Date.now();
  if (gone || last - told < MINUTE) return;
  told = last;
  const answer = await fetch(lock.dataset.here, { method: "POST", headers: { "X-CSRFToken": token } });
  if (answer.redirected) leave();
};
for (const kind of ["keydown", "pointerdown", "input"]) addEventListener(kind, lively, { capture: true, passive: true });
setInterval(look, 5000);
document.addEventListener("visibilitychange", look);
// A page that the Back button brings out of the browser's memory is asked for again.
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
