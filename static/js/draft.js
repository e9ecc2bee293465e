// What is being typed stays on this device until the school has it: the cookie `sent` names the key of what it has.
// It is for whoever types here now; anybody else's, and what is older than a week, goes. The server's words win.
const meta = document.querySelector("meta[name=draft]");
const [WEEK, mine] = [7 * 24 * 3600 * 1000, `draft:${meta.content}:`];
const kept = (at) => JSON.parse(localStorage.getItem(at));
const place = (field) => `${mine}${location.pathname}:${field.name}`;
const save = ({ target: field }) => {
  if (!meta.content || !field.matches("main form[method=post] textarea")) return;
  const { key } = field.form.elements;
  const draft = { words: field.value, began: field.defaultValue, key: key ? key.value : "", at: Date.now() };
  if (field.value) localStorage.setItem(place(field), JSON.stringify(draft));
  else localStorage.removeItem(place(field));
};
const give = (field) => {
  const draft = kept(place(field));
  if (!draft || draft.words === field.value) return;
  if (field.value && field.value !== draft.began) return save({ target: field });
  const drop = Object.assign(document.createElement("button"), { type: "button", className: "button button--small" });
  drop.textContent = meta.dataset.drop;
  const put = (words) => (field.value = words, field.dispatchEvent(new Event("input", { bubbles: true })));
  drop.onclick = () => (put(field.defaultValue), localStorage.removeItem(place(field)), drop.parentNode.remove(), field.focus());
  const said = Object.assign(document.createElement("p"), { className: "notice tone-daffodil" });
  said.append(meta.dataset.said, drop);
  field.form.prepend(said);
  put(draft.words);
};
const sent = (/(?:^|; )sent=([0-9a-f-]{36})/.exec(document.cookie) || [])[1];
document.cookie = "sent=; Max-Age=0; path=/";
for (const at of Object.keys(localStorage).filter((each) => each.startsWith("draft:"))) {
  const { at: when, key } = kept(at);
  if (!meta.content || !at.startsWith(mine) || Date.now() - when > WEEK || key === sent) localStorage.removeItem(at);
}
if (meta.content) document.querySelectorAll("main form[method=post] textarea").forEach(give);
document.addEventListener("input", save);
