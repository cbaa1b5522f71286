// Ticks are worked out at once by htmx; this says which gaps an action counts, and what to do where no answer comes.

const form = document.getElementById("what-if");

function mark() {
  const counted = new Set(document.getElementById("what-if-result").dataset.counted.split(" "));
  for (const note of form.querySelectorAll(".what-if-through")) {
    const box = document.getElementById(`gap-${note.dataset.code}`);
    note.hidden = box.checked || !counted.has(note.dataset.code);
  }
}

function say(failed) {
  const state = document.getElementById("what-if-failed");
  state.textContent = failed ? state.dataset.words : "";
}

if (form) {
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.responseText.includes('id="what-if-result"')) return;
    event.detail.shouldSwap = false; // signed out meanwhile, or no gap is left: the whole page says so
    if (event.detail.xhr.status < 400) form.submit();
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "what-if-result") return; // the line for phones comes along in a swap of its own
    say(false);
    mark();
    document.getElementById("what-if-said").textContent = document.getElementById("what-if-summary").textContent;
  });
  for (const name of ["htmx:sendError", "htmx:responseError"]) document.body.addEventListener(name, () => say(true));
}
