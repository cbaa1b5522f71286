// A button beside what is shown once. It comes up only where the browser lets a page write to the clipboard.

function offer(place) {
  const field = document.getElementById(place.dataset.copies);
  const said = place.querySelector("[data-said]");
  place.hidden = false;
  place.querySelector("button").addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = said.dataset.said;
    } catch {
      said.textContent = ""; // refused: the text is marked, and the keys copy it
    }
  });
}

if (navigator.clipboard) document.querySelectorAll("[data-copies]").forEach(offer);
