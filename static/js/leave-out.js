// The button says how many readings are applied. Without this it says "what is not left out".

const form = document.getElementById("changes");
const button = form?.querySelector("button[type=submit]");

function applied(metric) {
  const [all, ...each] = metric.querySelectorAll("input[name=leave]");
  return all.checked ? 0 : each.filter((box) => !box.checked).length;
}

function count() {
  const metrics = [...form.querySelectorAll(".import-metric")];
  const readings = metrics.reduce((sum, metric) => sum + applied(metric), 0);
  const words = readings === 0 ? "none" : readings === 1 ? "single" : "many";
  button.textContent = button.dataset[words].replace("#", readings);
}

if (form) {
  form.addEventListener("change", count);
  window.addEventListener("pageshow", count); // the back button brings ticks of its own
  count();
}
