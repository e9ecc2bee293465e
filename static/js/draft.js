// What is being typed stays on this device until the school has it: the cookie `sent` names the key of what it has.
// It is for whoever types here now; anybody else's, and what is older than a week, goes. The server's words win.
// A draft brings its key back: where the answer was lost, the second press finds what the first has sent.
const meta = document.querySelector("meta[name=draft]");
const [WEEK, mine] = [7 * 24 * 3600 * 1000, `draft:${meta.content}:`];
const FIELDS = "textarea, input:is([type=text], [type=tel], [type=date], [type=datetime-local], [type=checkbox]):not([name=stored])";
// A browser may refuse its storage, and an entry may be broken: neither takes the others along.
const attempt = (what) => {
  try {
    return what();
  } catch {
    return null;
  }
};
const kept = (at) => attempt(() => JSON.parse(localStorage.getItem(at)));
const store = (at, draft) => attempt(() => localStorage.setItem(at, JSON.stringify(draft)));
const drop = (at) => attempt(() => localStorage.removeItem(at));
const isBox = (field) => field.type === "checkbox";
const place = (field) => `${mine}${field.form.dataset.draft || location.pathname}:${field.name}${isBox(field) ? `=${field.value}` : ""}`;
const now = (field) => (isBox(field) ? field.checked : field.value);
const first = (field) => (isBox(field) ? field.defaultChecked : field.defaultValue);
const typed = (form) => (form.querySelector("textarea") ? [...form.querySelectorAll(FIELDS)] : []);
const put = (field, words) => {
  field[isBox(field) ? "checked" : "value"] = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
};
const hold = (field) => {
  const { key } = field.form.elements;
  store(place(field), { words: now(field), began: first(field), key: key ? key.value : "", at: Date.now() });
};
const save = ({ target: field }) => {
  if (!meta.content || !field.matches("main form[method=post] *") || !typed(field.form).includes(field)) return;
  if (now(field) !== first(field) || (now(field) && !isBox(field))) hold(field);
  else drop(place(field));
};
const give = (form) => {
  const drafts = typed(form).filter((field) => kept(place(field)));
  const isNew = (field) => now(field) !== kept(place(field)).words;
  const back = drafts.filter((field) => isNew(field) && (!now(field) || now(field) === kept(place(field)).began));
  drafts.filter((field) => !back.includes(field)).forEach(hold);
  if (!back.length) return;
  const { key } = kept(place(back[0]));
  if (key && form.elements.key && back.length === drafts.length) form.elements.key.value = key;
  back.forEach((field) => put(field, kept(place(field)).words));
  const said = Object.assign(document.createElement("p"), { className: "notice tone-daffodil", textContent: meta.dataset.said });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button button--small" });
  button.textContent = meta.dataset.drop;
  button.onclick = () => (back.forEach((field) => (put(field, first(field)), drop(place(field)))), said.remove(), back[0].focus());
  said.append(button);
  form.prepend(said);
};
const sent = (/(?:^|; )sent=([0-9a-f-]{36})/.exec(document.cookie) || [])[1];
document.cookie = "sent=; Max-Age=0; path=/";
for (const at of (attempt(() => Object.keys(localStorage)) || []).filter((each) => each.startsWith("draft:"))) {
  const draft = kept(at) || {};
  if (!meta.content || !at.startsWith(mine) || !(Date.now() - draft.at <= WEEK) || draft.key === sent) drop(at);
}
if (meta.content) document.querySelectorAll("main form[method=post]").forEach(give);
document.addEventListener("input", save);
