// "Start from this text" copies the shipped text into the field beside it. Without this an editor copies it by hand.

for (const button of document.querySelectorAll("button[data-fill]")) {
  const field = document.getElementById(button.dataset.fill);
  const show = () => { button.hidden = field.value.trim() !== ""; };
  button.addEventListener("click", () => {
    field.value = document.getElementById(button.dataset.from).textContent;
    show();
    field.focus();
  });
  field.addEventListener("input", show);
  show();
}
