// A page that asked by itself and heard that the PIN is wanted: what is being written is sent to be kept, and only that.
// A button has a value and no default one: only what can be typed or ticked counts.
const touched = (field) =>
  field.matches("textarea, input:not([type=hidden], [type=file])") &&
  (field.value !== field.defaultValue || field.checked !== field.defaultChecked);
document.addEventListener("lapsed", ({ detail }) => {
  const form = [...document.forms].find((each) => each.method === "post" && [...each.elements].some(touched));
  if (!form) return location.assign(detail.to);
  const only = Object.assign(document.createElement("input"), { type: "hidden", name: "keep_only", value: "1" });
  form.append(only);
  form.submit();
});
