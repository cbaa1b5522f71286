// The sheet of monthly figures: each change saves itself, and the page says what became of it. Moving and pasting are in
// readings-cells.js.
//
// Cells that changed are gathered for a moment and sent together; a whole pasted year is one request. What the server did
// not take stays in its cell, marked and named, and is sent again when it or the count beside it changes. What did not
// get through is sent again, ever more patiently.

import { PATIENCE, SETTLED, person, token } from "./outbox.js";
import { cells, form, onChange } from "./readings-cells.js";

const TYPING = 700; // milliseconds after the last key until a figure saves itself
const LONGEST = 30_000; // milliseconds between two tries, at most
const PASSING = new Set(["unreachable", 429, 500, 502, 503, 504]); // what a later try may get through

const state = document.getElementById("readings-state");
const problems = document.getElementById("readings-problems");
const button = document.getElementById("readings-save");
const versions = new Map(form.elements.seen.value.split(" ").filter(Boolean).map((part) => part.split(":")));
const stored = new Map(cells.map((input) => [input, isRefused(input) ? null : input.value])); // as the server has them
const waiting = new Set(); // changed since, or not got through
const sentences = new Map(); // what is wrong with a refused cell, by its name
let aside = ""; // what the last paste left over
let timer = null;
let sending = false;
let tries = 0;

function isRefused(input) {
  return input.matches("[aria-invalid]");
}

const placeOf = (name) => name.slice(0, -2); // metric and month, without the letter of the figure

// ---- what changes

function changed(input) {
  if (input.value === stored.get(input)) {
    waiting.delete(input);
    refuse(input, "");
  } else waiting.add(input);
  // The other count may have been refused because of this one.
  for (const other of cells) if (other !== input && isRefused(other) && placeOf(other.name) === placeOf(input.name)) waiting.add(other);
}

function refuse(input, sentence) {
  if (sentence) {
    input.setAttribute("aria-invalid", "true");
    sentences.set(input.name, sentence);
  } else {
    input.removeAttribute("aria-invalid");
    sentences.delete(input.name);
  }
}

function soon(pause) {
  clearTimeout(timer);
  if (waiting.size) timer = setTimeout(send, pause);
}

// ---- sending

// What the server says: its status, or "signed-out" or "unreachable"; `reply` is what it says of each cell.
async function deliver(batch) {
  const places = new Set([...batch.keys()].map(({ name }) => placeOf(name)));
  const body = new FormData();
  for (const [input, value] of batch) body.set(input.name, value);
  body.set("seen", [...places].map((place) => `${place}:${versions.get(place) ?? 0}`).join(" "));
  body.set("person", person);
  try {
    const answer = await fetch(location.href, {
      method: "POST",
      body,
      headers: { Accept: "application/json", "X-CSRFToken": token() },
      redirect: "manual", // the only redirect is to sign-in
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.type === "opaqueredirect") return { status: "signed-out" };
    return { status: answer.status, reply: SETTLED.has(answer.status) ? await answer.json() : null };
  } catch {
    return { status: "unreachable" };
  }
}

async function send() {
  clearTimeout(timer);
  if (sending || !waiting.size) return;
  sending = true;
  const batch = new Map([...waiting].map((input) => [input, input.value]));
  waiting.clear();
  say("saving");
  const { status, reply } = await deliver(batch);
  sending = false;
  button.hidden = Boolean(reply);
  if (reply) {
    tries = 0;
    take(reply, batch);
    soon(0);
    return;
  }
  for (const input of batch.keys()) waiting.add(input);
  say(status);
  if (!PASSING.has(status)) return;
  tries += 1;
  soon(Math.min(LONGEST, 1000 * 2 ** tries) * (0.75 + Math.random() / 2)); // not all browsers at the same moment
}

function take(reply, batch) {
  for (const [place, version] of Object.entries(reply.versions)) versions.set(place, version);
  for (const [input] of batch) refuse(input, reply.problems[input.name] ?? "");
  for (const [name, text] of Object.entries(reply.texts)) {
    const input = form.elements[name];
    if (!input) continue;
    stored.set(input, text);
    if (batch.has(input) && input.value !== batch.get(input)) changed(input); // while it was on its way
    tidy(input);
  }
  for (const [place, rate] of Object.entries(reply.rates)) {
    const shown = document.getElementById(`rate-${place}`);
    if (!shown) continue;
    shown.textContent = rate.words;
    shown.className = rate.state;
  }
  showRefused();
  if (sentences.size) say("refused");
  else say("saved", reply.at);
}

// A cell that nobody is in shows what the server understood; one that is not saved shows what was typed.
function tidy(input) {
  const untouched = !waiting.has(input) && !isRefused(input) && document.activeElement !== input;
  if (untouched && stored.get(input) !== null) input.value = stored.get(input);
}

// ---- saying

function words(name) {
  const template = form.querySelector(`template[data-state="${name}"]`) ?? form.querySelector(`template[data-state="${PASSING.has(name) ? "unreachable" : "other"}"]`);
  return template.content.cloneNode(true);
}

function say(name, at = "") {
  state.replaceChildren(words(name), at, ...(aside && name !== "saving" ? [". ", words("over"), aside] : []));
  state.classList.toggle("is-saved", name === "saved");
  state.classList.toggle("is-unsaved", name !== "saved" && name !== "saving");
}

// Every cell that is refused, by name, each a way to it.
function showRefused() {
  const items = [...sentences].map(([name, sentence]) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#${name}`;
    link.textContent = form.elements[name].getAttribute("aria-label");
    item.append(link, `: ${sentence}`);
    return item;
  });
  problems.replaceChildren(...items);
  problems.hidden = !items.length;
}

// ---- what people do

onChange({
  typed(input) {
    aside = "";
    changed(input);
    soon(TYPING);
  },
  pasted(inputs, over) {
    aside = over ? String(over) : "";
    inputs.forEach(changed);
    if (inputs.length) send();
    else say("saved");
  },
  undone(input) {
    if (stored.get(input) === null || stored.get(input) === input.value) return;
    input.value = stored.get(input);
    changed(input);
    showRefused();
    if (waiting.size) soon(0);
    else if (!sentences.size) state.replaceChildren();
  },
});

form.addEventListener("change", () => soon(0));
form.addEventListener("focusout", ({ target }) => stored.has(target) && tidy(target));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
addEventListener("online", send);
document.addEventListener("visibilitychange", send); // leaving: what is still being typed; coming back: what was lost
addEventListener("beforeunload", (event) => {
  if (waiting.size || sending || cells.some(isRefused)) event.preventDefault();
});
button.hidden = true; // each change saves itself
