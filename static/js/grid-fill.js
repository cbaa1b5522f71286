// Answers for many rows of the grid at once: a range, filling down, pasting a column, and the way back.
//
// Whatever is put into a control is announced by a change event, as if it had been chosen there; save.js saves each.

const form = document.getElementById("answers");
const say = document.getElementById("say");
const told = document.getElementById("told");
const wayBack = document.getElementById("undo");
const NAMED = 10; // rows named in one sentence, at most
const UNKNOWN = ["x", "?", "unknown"];
const NOT_APPLICABLE = ["n", "na", "n/a", "n.a.", "-", "–"];

export const rows = [...form.querySelectorAll(".req")];
export const control = (row, name) => form.elements[`${name}-${row.dataset.answer}`];

// ---- what is said, and shown beside the buttons

function words(name, parts = {}) {
  const said = form.querySelector(`template[data-say="${name}"]`).content.textContent;
  return said.replace(/\{(\w+)\}/g, (_, part) => parts[part]);
}

function tell(...sentences) {
  told.textContent = sentences.join(" ");
  say.textContent = told.textContent;
}

function about(name, some) {
  if (!some.length) return [];
  const codes = some.slice(0, NAMED).map(({ id }) => id).join(", ");
  const rest = some.length - NAMED;
  return [words(name, { codes: rest > 0 ? words("more", { codes, count: rest }) : codes })];
}

// ---- the choice of a row, its reason included

function read(row) {
  const [choice, reason, reason_text] = ["choice", "reason", "reason_text"].map((name) => control(row, name).value);
  return choice === "na" ? { choice, reason, reason_text } : { choice, reason: "", reason_text: "" };
}

function put(row, values) {
  for (const [name, value] of Object.entries(values)) control(row, name).value = value;
  control(row, "choice").dispatchEvent(new Event("change", { bubbles: true }));
}

const isSame = (one, other) => Object.keys(one).every((name) => one[name] === other[name]);
const isCarried = (row) => Boolean(row.querySelector(".confirm"));
const isLocked = (row) => control(row, "choice").disabled; // its level follows from metrics
const isDisputed = (row) => !document.getElementById(`conflict-choice-${row.dataset.answer}`).hidden;
const lacksReason = ({ choice, reason, reason_text }) => choice === "na" && (!reason || (reason === "other" && !reason_text.trim()));

// Choosing again what was carried over says that it is still true.
export function choose(row, choice) {
  if (control(row, "choice").value !== choice || isCarried(row)) put(row, { choice });
}

// ---- the range

let anchor = null;
let head = null;

export function range() {
  if (!anchor) return [];
  const [from, to] = [rows.indexOf(anchor), rows.indexOf(head)].sort((one, other) => one - other);
  return rows.slice(from, to + 1);
}

function paint() {
  const chosen = range();
  for (const row of rows) row.querySelector(".grid-answer").classList.toggle("is-selected", chosen.length > 1 && chosen.includes(row));
}

export const standing = () => head;

export function stand(row) {
  anchor = head = row;
  paint();
}

export function extend(row) {
  anchor ??= row;
  head = row;
  paint();
  const chosen = range();
  tell(words("range", { from: chosen[0].id, to: chosen.at(-1).id, count: chosen.length }));
}

// ---- changing many, and putting them back

let last = null; // the latest fill or paste

function change(changes, kind) {
  const locked = changes.filter(([row]) => isLocked(row)).map(([row]) => row);
  const disputed = changes.filter(([row]) => isDisputed(row)).map(([row]) => row);
  const cells = changes
    .map(([row, after]) => ({ row, before: read(row), after, carried: isCarried(row) }))
    .filter(({ row, before, after, carried }) => !locked.includes(row) && !disputed.includes(row) && (carried || !isSame(before, after)));
  for (const { row, after } of cells) put(row, after);
  if (cells.length) {
    last = cells;
    wayBack.textContent = words(`undo-${kind}`);
    wayBack.hidden = false;
  }
  return { count: cells.length, left: [...about("locked", locked), ...about("disputed", disputed)] };
}

// Only where the cell still holds what was filled in; if somebody else has saved another choice since, the row shows both.
export function undo() {
  if (!last) return;
  const changed = last.filter(({ row, after }) => isDisputed(row) || !isSame(read(row), after));
  const back = last.filter((cell) => !changed.includes(cell));
  last = null;
  wayBack.hidden = true;
  for (const { row, before } of back) put(row, before);
  const rowsOf = (cells) => cells.map(({ row }) => row);
  const confirmed = rowsOf(back.filter(({ carried }) => carried));
  tell(words("undone", { count: back.length }), ...about("changed", rowsOf(changed)), ...about("confirmed", confirmed));
}

// A range is filled from its top, a single cell from the one above it.
export function fill() {
  const chosen = range();
  if (!chosen.length) return tell(words("nowhere"));
  const single = chosen.length === 1;
  const top = single ? rows[rows.indexOf(chosen[0]) - 1] : chosen[0];
  if (!top) return tell(words("first", { from: chosen[0].id }));
  const values = read(top);
  if (!values.choice) return tell(words("open", { from: top.id }));
  if (lacksReason(values)) return tell(words("reason", { from: top.id }));
  const { count, left } = change((single ? chosen : chosen.slice(1)).map((row) => [row, values]), "fill");
  const choice = control(top, "choice").selectedOptions[0].text;
  tell(words("filled", { choice, from: top.id, to: chosen.at(-1).id, count }), ...left);
}

// What a line of a spreadsheet stands for in this row: one of its choices, nothing, or something that cannot be taken.
function meaning(line, row) {
  const cell = line.split("\t")[0].trim().toLowerCase();
  if (!cell) return "";
  const [, digit] = cell.match(/^([0-3])([.,]0+)?$/) ?? [];
  if (digit) return digit;
  if (UNKNOWN.includes(cell)) return "unknown";
  if (NOT_APPLICABLE.includes(cell)) return "na";
  const named = [...control(row, "choice").options].find(({ value, text }) => value && [text, text.replace(/^\d /, "")].some((said) => said.toLowerCase() === cell));
  return named?.value ?? "odd";
}

// A column goes downwards from the top of the range; a single value into all of it.
export function paste(text) {
  const [from, ...others] = range();
  const copied = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  const lines = copied.length > 1 ? copied : [from, ...others].map(() => copied[0]);
  const below = rows.slice(rows.indexOf(from), rows.indexOf(from) + lines.length);
  const meant = below.map((row, index) => [row, meaning(lines[index], row)]);
  const those = (wanted) => meant.filter(([, choice]) => choice === wanted).map(([row]) => row);
  const good = meant.filter(([, choice]) => choice && choice !== "na" && choice !== "odd");
  const { count, left } = change(good.map(([row, choice]) => [row, { choice, reason: "", reason_text: "" }]), "paste");
  const over = lines.length - below.length;
  tell(
    good.length ? words("pasted", { from: good[0][0].id, to: good.at(-1)[0].id, count }) : words("nothing"),
    ...left,
    ...about("na", those("na")),
    ...about("odd", those("odd")),
    ...(over ? [words("over", { count: over })] : []),
    ...(lines.some((line) => line.trimEnd().includes("\t")) ? [words("columns")] : []),
  );
}
