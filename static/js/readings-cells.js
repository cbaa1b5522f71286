// The cells of the sheet of monthly figures: moving between them with the keys of a spreadsheet, and pasting a block into
// them. What becomes of a change is in readings.js.

export const form = document.getElementById("readings");
const rows = [...form.querySelectorAll(".readings-line")].map((row) => [...row.querySelectorAll("td")].map((cell) => cell.querySelector("input")));
const places = new Map(rows.flatMap((row, y) => row.flatMap((input, x) => (input ? [[input, { x, y }]] : []))));
export const cells = [...places.keys()];
const region = form.querySelector(".readings-scroll");
let react = null;

// `typed(input)`, `undone(input)` with Escape, and `pasted(inputs, over)` with the number of cells for which there was no room.
export function onChange(reactions) {
  react = reactions;
}

// ---- moving

// To the next cell that can be changed; false where there is none.
function step({ x, y }, dx, dy) {
  for (let [toX, toY] = [x + dx, y + dy]; rows[toY] && toX in rows[toY]; toX += dx, toY += dy) {
    const input = rows[toY][toX];
    if (!input) continue;
    input.focus();
    return true;
  }
  return false;
}

// Left and right leave a cell only where all of it is selected or the caret can go no further.
function move(input, key, shift) {
  const place = places.get(input);
  const { selectionStart, selectionEnd, value } = input;
  const whole = selectionStart === 0 && selectionEnd === value.length;
  if (key === "Enter") return step(place, 0, shift ? -1 : 1) || true; // and never sends the form
  if (shift) return false;
  if (key === "ArrowUp") return step(place, 0, -1);
  if (key === "ArrowDown") return step(place, 0, 1);
  if (key === "ArrowLeft") return (whole || selectionEnd === 0) && step(place, -1, 0);
  if (key === "ArrowRight") return (whole || selectionStart === value.length) && step(place, 1, 0);
  return false;
}

form.addEventListener("keydown", (event) => {
  if (!places.has(event.target) || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  if (event.key === "Escape") react.undone(event.target);
  else if (move(event.target, event.key, event.shiftKey)) event.preventDefault();
});

form.addEventListener("focusin", ({ target }) => {
  if (!places.has(target)) return;
  target.select();
  // The browser scrolls the page as well as the table; the months above the cell must not leave the window by that.
  if (region.scrollHeight > region.clientHeight && region.getBoundingClientRect().top < 0) region.scrollIntoView({ block: "start" });
});

form.addEventListener("input", ({ target }) => places.has(target) && react.typed(target));

// ---- pasting

// A block goes right and down from the cell it is pasted into; where it is empty, what is there stays.
form.addEventListener("paste", (event) => {
  const place = places.get(event.target);
  const text = event.clipboardData?.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "") ?? "";
  if (!place || !/[\t\n]/.test(text)) return; // one value goes where the caret is
  event.preventDefault();
  const filled = text.split("\n").flatMap((line, down) =>
    line.split("\t").map((value, right) => ({ input: rows[place.y + down]?.[place.x + right], value: value.trim() })).filter(({ value }) => value),
  );
  for (const { input, value } of filled) if (input) input.value = value;
  const inputs = filled.flatMap(({ input }) => input ?? []);
  react.pasted(inputs, filled.length - inputs.length);
});

region.scrollLeft = region.scrollWidth; // the newest months are what people come for
