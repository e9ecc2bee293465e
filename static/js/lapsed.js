// A page that asked by itself and heard that the PIN is wanted: what is being written is sent to be kept, and only that.
const touched = (field) => field.type !== "hidden" && field.value !== field.defaultValue && field.type !== "file";
document.addEventListener("lapsed", ({ detail }) => {
  const form = [...document.forms].find((each) => each.method === "post" && [...each.elements].some(touched));
  if (!form) return location.assign(detail.to);
  const only = Object.assign(document.createElement("input"), { type: "hidden", name: "keep_only", value: "1" });
  form.append(only);
  form.submit();
});
