// Says how many characters are left, once few are: <textarea data-limit="5000" data-left="Letters left:">.
const NEAR = 500;

const count = (field) => {
  const left = Number(field.dataset.limit) - [...field.value].length;
  let said = field.nextElementSibling;
  if (!said?.matches("output")) {
    said = document.createElement("output");
    said.className = "soft small";
    field.after(said);
  }
  said.textContent = left < NEAR ? `${field.dataset.left} ${left}` : "";
};
document.addEventListener("input", ({ target }) => {
  if (target.matches?.("textarea[data-limit]")) count(target);
});
document.querySelectorAll("textarea[data-limit]").forEach(count);
