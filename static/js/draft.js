// What is being typed stays on this device until the school has it: the cookie `sent` names the key of what it has.
// It is for whoever types here now; anybody else's, and what is older than a week, goes. The server's words win.
const meta = document.querySelector("meta[name=draft]");
const [WEEK, mine] = [7 * 24 * 3600 * 1000, `draft:${meta.content}:`];
const kept = (at) => JSON.parse(localStorage.getItem(at));
const place = (field) => `${mine}${location.pathname}:${field.name}`;
const typed = (form) => (form.querySelector("textarea") ? [...form.querySelectorAll("textarea, input[type=text]")] : []);
const forget = (field) => localStorage.removeItem(place(field));
const put = (field, words) => {
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
};
const save = ({ target: field }) => {
  if (!meta.content || !field.matches("main form[method=post] *") || !typed(field.form).includes(field)) return;
  const { key } = field.form.elements;
  const draft = { words: field.value, began: field.defaultValue, key: key ? key.value : "", at: Date.now() };
  if (field.value) localStorage.setItem(place(field), JSON.stringify(draft));
  else forget(field);
};
const give = (form) => {
  const drafts = typed(form).filter((field) => kept(place(field)) && kept(place(field)).words !== field.value);
  const back = drafts.filter((field) => !field.value || field.value === kept(place(field)).began);
  drafts.forEach((field) => (back.includes(field) ? put(field, kept(place(field)).words) : save({ target: field })));
  if (!back.length) return;
  const said = Object.assign(document.createElement("p"), { className: "notice tone-daffodil", textContent: meta.dataset.said });
  const drop = Object.assign(document.createElement("button"), { type: "button", className: "button button--small" });
  drop.textContent = meta.dataset.drop;
  drop.onclick = () => (back.forEach((field) => (put(field, field.defaultValue), forget(field))), said.remove(), back[0].focus());
  said.append(drop);
  form.prepend(said);
};
const sent = (/(?:^|; )sent=([0-9a-f-]{36})/.exec(document.cookie) || [])[1];
document.cookie = "sent=; Max-Age=0; path=/";
for (const at of Object.keys(localStorage).filter((each) => each.startsWith("draft:"))) {
  const { at: when, key } = kept(at);
  if (!meta.content || !at.startsWith(mine) || Date.now() - when > WEEK || key === sent) localStorage.removeItem(at);
}
if (meta.content) document.querySelectorAll("main form[method=post]").forEach(give);
document.addEventListener("input", save);
