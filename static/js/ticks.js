// The button says how many rows are ticked, and all can be ticked or none. Without this it says "the ticked rows".

const form = document.getElementById("rows");
const button = form.querySelector("button[type=submit]");
const boxes = [...form.querySelectorAll("input[type=checkbox]")];
const changes = boxes.filter((box) => box.name === "accept");

function count() {
  if (!button) return;
  // Each box sends the answers it is about, "12:3" or several such with points between: two boxes may be about the same row.
  const sent = boxes.filter((box) => box.checked).flatMap((box) => box.value.split("."));
  const ticked = new Set(sent.map((answer) => answer.split(":")[0])).size;
  const words = ticked === 0 ? "none" : ticked === 1 ? "one" : "many";
  button.textContent = button.dataset[words].replace("#", ticked);
}

for (const control of form.querySelectorAll("button[data-tick]")) {
  control.parentElement.hidden = false;
  control.addEventListener("click", () => {
    for (const box of changes) box.checked = control.dataset.tick === "all";
    count();
  });
}
form.addEventListener("change", count);
window.addEventListener("pageshow", count); // the back button brings ticks of its own
count();
