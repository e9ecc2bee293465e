// A parent or a class locks in one tab, or a parent looks together with a child: the others cover themselves at once and ask the server
// again. What is being written there is sent to be kept (lapsed.js). The cookie changes each time that one locks.
// The tab whose form locked is on its way already: it waits for its own answer, however slow.
const PATIENCE = 30_000;
const mark = () => (/(?:^|; )covered=([^;]*)/.exec(document.cookie) || [])[1];
const before = mark();
let [gone, left] = [false, -Infinity];
const look = () => {
  if (gone || mark() === before || performance.now() - left < PATIENCE) return;
  gone = true;
  document.body.style.visibility = "hidden";
  const lock = document.querySelector("meta[name=lock]");
  if (!lock) return location.reload();
  const to = `${lock.dataset.to}?next=${encodeURIComponent(location.pathname + location.search)}`;
  document.dispatchEvent(new CustomEvent("lapsed", { detail: { to } }));
};
const tabs = new BroadcastChannel("covered");
tabs.onmessage = look;
tabs.postMessage("look");
addEventListener("submit", (event) => event.defaultPrevented || (left = performance.now()));
document.addEventListener("visibilitychange", look);
for (const kind of ["pageshow", "focus"]) addEventListener(kind, look);
setInterval(look, 2000);
