// The grid under the keyboard, as in a spreadsheet: from cell to cell, levels by one key, ranges, filling and pasting.

import { choose, control, extend, fill, paste, range, rows, stand, standing, undo } from "./grid-fill.js";
import { dialog, stored } from "./key-list.js";

const form = document.getElementById("answers");
const CHOICES = { 0: "0", 1: "1", 2: "2", 3: "3", x: "unknown", n: "na" };
const CELLS = "select:enabled, input[type=text]:enabled, textarea";

const rowOf = (element) => element.closest?.(".req");
const isChoice = (element) => Boolean(element.name?.startsWith("choice-") && element.matches("select"));
const isText = (element) => element.matches("textarea, input[type=text]");
const isOpened = (element) => CSS.supports("selector(:open)") && element.matches("select:open"); // its list has the keys

// ---- from cell to cell

let holding = false; // the range stays although another cell gets the focus

function enter(cell) {
  cell.focus({ preventScroll: true });
  if (isText(cell)) cell.setSelectionRange(cell.value.length, cell.value.length);
  rowOf(cell).scrollIntoView({ block: "nearest" });
}

function hold(cell) {
  holding = true;
  enter(cell);
  holding = false;
}

function toRow(row, cell) {
  if (!row) return;
  const same = control(row, cell.name.split("-")[0]);
  enter(same.checkVisibility() ? same : control(row, "choice"));
}

function toColumn(cell, step) {
  const cells = [...rowOf(cell).querySelectorAll(CELLS)].filter((each) => each.checkVisibility());
  enter(cells[cells.indexOf(cell) + step] ?? cell);
}

function stretch(row) {
  if (!row) return;
  hold(control(row, "choice"));
  extend(row);
}

const next = (cell, step) => rows[rows.indexOf(rowOf(cell)) + step];

function nextItem(cell, step) {
  const items = [...form.querySelectorAll("tbody")];
  const item = items[items.indexOf(cell.closest("tbody")) + step];
  return item?.querySelector(".req") ?? (step < 0 ? rows[0] : rows.at(-1));
}

// An arrow leaves a text only where it could not move the caret any further.
function isAtEdge(cell, step, sideways) {
  if (!isText(cell)) return true;
  if (cell.selectionStart !== cell.selectionEnd) return false;
  const line = parseFloat(getComputedStyle(cell).lineHeight);
  if (!sideways && (cell.matches("input") || cell.clientHeight < 2.5 * line)) return true;
  return cell.selectionStart === (step < 0 ? 0 : cell.value.length);
}

// ---- what a key does in a cell; false where it is the browser's

function vertical(step) {
  return (cell, event) => {
    const isReason = cell.name.startsWith("reason-"); // in whose list the arrows choose
    if (isReason || !isAtEdge(cell, step, false) || (event.shiftKey && !isChoice(cell))) return false;
    if (event.shiftKey) stretch(next(cell, step));
    else toRow(next(cell, step), cell);
  };
}

function horizontal(step) {
  return (cell, event) => {
    if (event.shiftKey || !isAtEdge(cell, step, true)) return false;
    toColumn(cell, step);
  };
}

function newLine(cell, event) {
  if (event.shiftKey) return false;
  return document.execCommand("insertText", false, "\n"); // unlike setRangeText, the browser's own undo knows it
}

function onwards(cell, event) {
  if (cell.matches("textarea") && (event.shiftKey || event.altKey)) return newLine(cell, event);
  toRow(next(cell, event.shiftKey ? -1 : 1), cell);
}

function leave(cell) {
  if (isChoice(cell) && range().length < 2) return false;
  enter(control(rowOf(cell), "choice"));
  stand(rowOf(cell));
}

const COMMANDS = {
  ArrowUp: vertical(-1),
  ArrowDown: vertical(1),
  ArrowLeft: horizontal(-1),
  ArrowRight: horizontal(1),
  Enter: onwards,
  Escape: leave,
  Home: (cell) => !isText(cell) && enter(control(rowOf(cell), "choice")),
  End: (cell) => !isText(cell) && enter(control(rowOf(cell), "note")),
  PageUp: (cell) => toRow(nextItem(cell, -1), cell),
  PageDown: (cell) => toRow(nextItem(cell, 1), cell),
  "Ctrl Home": (cell) => !isText(cell) && toRow(rows[0], cell),
  "Ctrl End": (cell) => !isText(cell) && toRow(rows.at(-1), cell),
  "Ctrl d": (cell) => isChoice(cell) && fill(),
  "Ctrl z": (cell) => isChoice(cell) && undo(),
};

function pick(cell, value) {
  choose(rowOf(cell), value);
  if (value === "na") enter(control(rowOf(cell), "reason"));
}

function commandOf(cell, { key, ctrlKey, metaKey, altKey }) {
  const name = key.length === 1 ? key.toLowerCase() : key;
  if (altKey) return name === "Enter" ? COMMANDS.Enter : null;
  if (ctrlKey || metaKey) return COMMANDS[`Ctrl ${name}`];
  return isChoice(cell) && name in CHOICES ? () => pick(cell, CHOICES[name]) : COMMANDS[name];
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || dialog.open || stored.off) return;
  const cell = event.target;
  if (event.key === "?" && !isText(cell)) {
    event.preventDefault();
    return dialog.showModal();
  }
  if (!rowOf(cell) || !cell.matches(CELLS) || isOpened(cell)) return;
  const command = commandOf(cell, event);
  if (command && command(cell, event) !== false) event.preventDefault();
});

// ---- pointer, clipboard and address

form.addEventListener("focusin", ({ target }) => {
  if (rowOf(target) && !holding) stand(rowOf(target));
});

form.addEventListener("mousedown", (event) => {
  if (!event.shiftKey || !isChoice(event.target)) return;
  event.preventDefault(); // a range, not the list of answers
  stretch(rowOf(event.target));
});

document.addEventListener("paste", (event) => {
  if (dialog.open || !isChoice(document.activeElement)) return;
  event.preventDefault();
  paste(event.clipboardData.getData("text"));
});

function back() {
  if (standing()) hold(control(standing(), "choice"));
}

for (const [id, command] of Object.entries({ fill, undo })) {
  document.getElementById(id).addEventListener("click", () => {
    command();
    back();
  });
}

function goToAddress() {
  const row = form.querySelector(".req:target");
  if (row) enter(control(row, "choice"));
}

// Where style sheets cannot let a note grow with its text.
function grow(note) {
  note.rows = 1;
  note.rows = Math.min(12, Math.ceil((note.scrollHeight - 16) / parseFloat(getComputedStyle(note).lineHeight)));
}

if (!CSS.supports("field-sizing", "content")) {
  for (const note of form.querySelectorAll("textarea")) grow(note);
  form.addEventListener("input", ({ target }) => target.matches("textarea") && grow(target));
}

document.querySelector(".grid-tools").hidden = false;
addEventListener("load", goToAddress);
addEventListener("hashchange", goToAddress);
