// Update an open conversation in place. idiomorph keeps unchanged nodes, so that screen readers announce only new
// messages, open menus stay open and the focus stays. Idempotency keys differ in each response: no change to speak of.
const said = (node) => {
  const copy = node.cloneNode(true);
  copy.querySelectorAll("input[type=hidden], #newest").forEach((each) => each.remove());
  copy.querySelectorAll("details").forEach((menu) => menu.removeAttribute("open"));
  return copy.outerHTML.replace(/\s+/g, " ");
};
// htmx has read a polling node's address when it was inserted: each response brings new ones.
const POLLING = ":scope > :is([hx-get], [hx-post])";
const nothing = document.createElement("div");

const take = (place, part) => {
  // A response without the target has nothing for this reader: then the target is emptied.
  const [next, added] = [part.querySelector(`#${place.id}`) || nothing, []];
  place.querySelectorAll(POLLING).forEach((each) => each.remove());
  next.querySelector("#newest")?.remove(); // where the page was opened stays where it is
  window.Idiomorph.morph(place, [...next.childNodes], {
    morphStyle: "innerHTML",
    callbacks: {
      beforeNodeMorphed: (old, fresh) => old.nodeType !== Node.ELEMENT_NODE || said(old) !== said(fresh),
      beforeAttributeUpdated: (name, node) => !(name === "open" && node.matches("details")),
      beforeNodeRemoved: (node) => node.id !== "newest" || next === nothing,
      afterNodeAdded: (node) => added.push(node),
    },
  });
  return added;
};
window.htmx.defineExtension("news", { handleSwap: (style, place, part) => style === "news" && take(place, part) });
