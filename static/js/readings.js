// The sheet of monthly figures: arrow keys, a block pasted from Excel, and each change saved by itself.
//
// Cells that changed are gathered for a moment and sent together; a whole pasted year is one request. What the server did
// not take stays in its cell, marked, and is sent again with the next change of it. A lost connection is tried again.

const form = document.getElementById("readings");
const state = document.getElementById("readings-state");
const problems = document.getElementById("readings-problems");
const words = document.getElementById("readings-words").dataset;
const rows = [...form.querySelectorAll(".readings-line")].map((row) => [...row.querySelectorAll("td")].map((td) => td.querySelector("input")));
const versions = new Map(form.elements.seen.value.split(" ").filter(Boolean).map((part) => part.split(":")));
const places = new Map();
rows.forEach((row, y) => row.forEach((input, x) => input && places.set(input, { x, y })));

const stored = new Map([...places.keys()].map((input) => [input, input.value]));
const waiting = new Set();
const PAUSE = 700; // milliseconds of typing pause
const LONGEST_WAIT = 30000;
let timer;
let sending = false;
let failures = 0;

document.getElementById("readings-save").hidden = true; // each change saves itself
const scroller = form.querySelector(".readings-scroll");
scroller.scrollLeft = scroller.scrollWidth; // the newest months are what people come for

function say(text, unsaved = false) {
  state.textContent = text;
  state.classList.toggle("is-unsaved", unsaved);
}

function changed(input) {
  if (input.value === stored.get(input) && !input.matches("[aria-invalid]")) waiting.delete(input);
  else waiting.add(input);
}

function soon(pause = PAUSE) {
  clearTimeout(timer);
  if (waiting.size) timer = setTimeout(send, pause);
}

const key = (name) => name.slice(0, -2); // metric and month, without the letter of the figure

async function send() {
  if (sending || !waiting.size) return;
  sending = true;
  const batch = new Map([...waiting].map((input) => [input, input.value]));
  waiting.clear();
  say(words.saving);
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const [input, value] of batch) body.set(input.name, value);
  const places = new Set([...batch.keys()].map((input) => key(input.name)));
  body.set("seen", [...places].map((place) => `${place}:${versions.get(place) ?? 0}`).join(" "));
  let reply = null;
  try {
    const response = await fetch(location.href, { method: "POST", body, headers: { Accept: "application/json" } });
    if (response.headers.get("Content-Type")?.startsWith("application/json")) reply = await response.json();
  } catch {
    reply = null; // no connection
  }
  sending = false;
  if (reply) {
    failures = 0;
    take(reply, batch);
    soon(0);
  } else {
    for (const input of batch.keys()) waiting.add(input);
    failures += 1;
    say(words.unsaved, true);
    soon(Math.min(LONGEST_WAIT, 1000 * 2 ** failures));
  }
}

function take(reply, batch) {
  for (const [place, version] of Object.entries(reply.versions)) versions.set(place, version);
  for (const [place, rate] of Object.entries(reply.rates)) {
    const output = document.getElementById(`rate-${place}`);
    if (!output) continue;
    output.textContent = rate.words;
    output.className = rate.state;
  }
  for (const [input, sent] of batch) {
    const wrong = reply.problems[input.name];
    input.toggleAttribute("aria-invalid", Boolean(wrong));
    if (wrong) input.setAttribute("aria-invalid", "true");
    else {
      stored.set(input, reply.texts[input.name] ?? sent);
      if (input.value === sent && document.activeElement !== input) input.value = stored.get(input);
    }
  }
  list(reply.problems);
  const wrong = form.querySelector("[aria-invalid]");
  say(wrong ? words.refused : `${words.saved} ${reply.at}`, Boolean(wrong));
}

// Every cell that is not saved, by name, each a way to it.
const told = new Map();
function list(found) {
  for (const [name, sentence] of Object.entries(found)) told.set(name, sentence);
  const items = [];
  for (const [name, sentence] of told) {
    const input = form.elements[name];
    if (!input?.matches("[aria-invalid]")) {
      told.delete(name);
      continue;
    }
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#${name}`;
    link.textContent = input.getAttribute("aria-label");
    item.append(link, `: ${sentence}`);
    items.push(item);
  }
  const shown = document.createElement("ul");
  shown.append(...items);
  problems.replaceChildren(shown);
  problems.hidden = !items.length;
}

// ---- moving and pasting

function go(x, y) {
  const input = rows[y]?.[x];
  if (!input) return false;
  input.focus();
  input.select();
  return true;
}

function step(x, y, dx, dy) {
  for (let [toX, toY] = [x + dx, y + dy]; toY >= 0 && toY < rows.length && toX >= 0 && toX < rows[toY].length; toX += dx, toY += dy) {
    if (go(toX, toY)) return true;
  }
  return false;
}

form.addEventListener("keydown", (event) => {
  const place = places.get(event.target);
  if (!place || event.altKey || event.ctrlKey || event.metaKey) return;
  const { x, y } = place;
  const { selectionStart, selectionEnd, value } = event.target;
  const whole = selectionStart === 0 && selectionEnd === value.length;
  const moves = {
    ArrowUp: () => step(x, y, 0, -1),
    ArrowDown: () => step(x, y, 0, 1),
    Enter: () => step(x, y, 0, event.shiftKey ? -1 : 1),
    ArrowLeft: () => (whole || selectionEnd === 0) && step(x, y, -1, 0),
    ArrowRight: () => (whole || selectionStart === value.length) && step(x, y, 1, 0),
    Escape: () => {
      event.target.value = stored.get(event.target);
      changed(event.target);
      return true;
    },
  };
  if (event.key === "Enter" || moves[event.key]) {
    const moved = moves[event.key]();
    if (moved || event.key === "Enter") event.preventDefault();
  }
});

form.addEventListener("focusin", (event) => places.has(event.target) && event.target.select());

form.addEventListener("input", (event) => {
  if (!places.has(event.target)) return;
  changed(event.target);
  soon();
});

form.addEventListener("change", () => soon(0));

form.addEventListener("paste", (event) => {
  const place = places.get(event.target);
  const text = event.clipboardData?.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "") ?? "";
  if (!place || !/[\t\n]/.test(text)) return; // one value goes where the cursor is
  event.preventDefault();
  let over = 0;
  text.split("\n").forEach((line, down) => {
    line.split("\t").forEach((value, right) => {
      const input = rows[place.y + down]?.[place.x + right];
      if (!input) {
        over += Boolean(value.trim());
        return;
      }
      input.value = value.trim();
      changed(input);
    });
  });
  clearTimeout(timer);
  send().then(() => over && say(`${state.textContent}. ${words.over} ${over}`, true));
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});

addEventListener("online", () => soon(0));
addEventListener("beforeunload", (event) => {
  if (waiting.size || sending) event.preventDefault();
});
