// Update an open conversation in place. Unchanged nodes stay, so that screen readers announce only new messages, open
// menus stay open and the focus stays. Idempotency keys differ in each response and do not count as a change.
const BESIDE = "input[type=hidden], #newest";
const said = (node) => {
  const copy = node.cloneNode(true);
  copy.querySelectorAll(BESIDE).forEach((each) => each.remove());
  copy.querySelectorAll("details").forEach((menu) => menu.removeAttribute("open"));
  return copy.outerHTML.replace(/\s+/g, " ");
};
// Nodes that poll are always replaced: htmx has read their address when they were inserted.
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

// A response without the target has nothing for this reader: then the target is emptied.
const nothing = document.createElement("div");
window.htmx.defineExtension("news", {
  handleSwap: (style, place, part) => style === "news" && take(place, part.querySelector(`#${place.id}`) || nothing),
});
