// News of an open conversation: what stands there and is still so stays, the very node. Nobody hears it read out again,
// an open menu stays open, and what has the focus keeps it. The keys of a press differ each time and say nothing new.
const BESIDE = "input[type=hidden], #newest";
const said = (node) => {
  const copy = node.cloneNode(true);
  copy.querySelectorAll(BESIDE).forEach((each) => each.remove());
  copy.querySelectorAll("details").forEach((menu) => menu.removeAttribute("open"));
  return copy.outerHTML.replace(/\s+/g, " ");
};
// What asks the server by itself is always taken anew: its address was read when it came.
const same = (old, next) => !next.matches("[hx-get], [hx-post]") && said(old) === said(next);
const alike = (old, next) => next.id && old.id === next.id;

const take = (place, part) => {
  const [stood, fresh] = [[...place.children].filter((old) => old.id !== "newest"), []];
  for (const next of [...part.children]) {
    const still = stood.findIndex((old) => same(old, next));
    const at = still < 0 ? stood.findIndex((old) => alike(old, next)) : still;
    if (at < 0) {
      place.insertBefore(next, stood[0] || null);
      fresh.push(next);
      continue;
    }
    stood.splice(0, at).forEach((gone) => gone.remove());
    const old = stood.shift();
    if (still >= 0) continue;
    for (const { name, value } of next.attributes) old.setAttribute(name, value);
    fresh.push(...take(old, next));
  }
  stood.forEach((gone) => gone.remove());
  return fresh;
};

// An answer without the place has nothing for whoever sits here now: then nothing of it stays.
const nothing = document.createElement("div");
window.htmx.defineExtension("news", {
  handleSwap: (style, place, part) => style === "news" && take(place, part.querySelector(`#${place.id}`) || nothing),
});
