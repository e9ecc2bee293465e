// What is new counts as read once it stands on a page that somebody looks at: never in a tab behind others.
const look = () => {
  if (document.visibilityState !== "visible") return;
  for (const unread of document.querySelectorAll("[data-unread]")) unread.dispatchEvent(new Event("seen"));
};
document.addEventListener("visibilitychange", look);
document.addEventListener("htmx:load", look);
