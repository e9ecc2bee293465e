// Shows the buttons that print the page: <button type="button" data-print hidden>.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
