// A parent locks in one tab, or looks together with a child: the others cover themselves at once and ask the server
// again. What is being written there is sent to be kept (lapsed.js). The cookie changes each time that one locks.
const mark = () => (/(?:^|; )covered=([^;]*)/.exec(document.cookie) || [])[1];
const before = mark();
let gone = false;
const look = () => {
  if (gone || mark() === before) return;
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
document.addEventListener("visibilitychange", look);
for (const kind of ["pageshow", "focus"]) addEventListener(kind, look);
setInterval(look, 2000);
