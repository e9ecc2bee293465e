// A tap on a child opens the reasons at once; "Choose several" gathers children first.
// From the keyboard, and without this file, children are ticked and "Give a point" goes on.
const several = () => document.querySelector("[data-several]");
const gathering = () => several()?.getAttribute("aria-pressed") === "true";
const tell = () => document.getElementById("chosen")?.dispatchEvent(new Event("chosen"));
const ready = () => {
  // What the page came with ticked is not what "Choose nobody" goes back to.
  for (const box of document.querySelectorAll("[data-board] [checked]")) [box.checked, box.defaultChecked] = [true, false];
};

document.addEventListener("click", (event) => {
  const { target, detail } = event;
  if (target.closest?.("[data-several]")) {
    several().setAttribute("aria-pressed", String(!gathering()));
  } else if (target.matches?.("[data-board] input[type=checkbox]")) {
    const byPointer = detail > 0;
    if (!byPointer || gathering() || !target.checked) tell();
    else if (target.dispatchEvent(new Event("award", { bubbles: true, cancelable: true }))) target.form.requestSubmit(); // sheet.js
  }
});
document.addEventListener("reset", ({ target }) => {
  if (target.matches("[data-board]")) setTimeout(tell);
});
// A closed sheet leaves nobody chosen, unless several are being gathered.
document.addEventListener("close", ({ target }) => {
  if (!target.matches("#sheet dialog")) return;
  target.remove();
  if (!gathering()) document.querySelector("[data-board]")?.reset();
}, true);
document.addEventListener("htmx:load", ready);
ready();
// The address that opened a sheet after the PIN opens it once.
const here = new URL(location);
for (const name of ["sheet", "pupil", "all"]) here.searchParams.delete(name);
history.replaceState(null, "", here);
