// Each change saves itself, in order, and the page says what became of it. What does not get through is kept on this device
// and sent again, ever more patiently, until it does.

import { entries } from "./outbox.js";
import { Requirement, form } from "./requirement.js";

const TYPING = 800; // milliseconds after the last key until a text saves itself
const LONGEST = 60_000; // milliseconds between two tries, at most
const PASSING = new Set(["unreachable", 429, 500, 502, 503, 504]); // what a later try may get through

const requirements = new Map([...form.querySelectorAll(".req")].map((section) => [section, new Requirement(section, showWhole)]));
const all = () => [...requirements.values()];
const of = (element) => requirements.get(element.closest(".req"));
const fieldOf = (control) => (control.name.startsWith("note-") ? "note" : "choice");

// ---- trying again

let tries = 0;
let timer = null;

// One after the other, as they stand; the first that cannot be reached holds up the rest.
async function sendAll() {
  for (const requirement of all()) {
    await requirement.send();
    if (requirement.failure && PASSING.has(requirement.failure.status)) return;
  }
}

function tryAgainLater() {
  const failures = all().flatMap(({ lost, failure }) => (lost && failure && PASSING.has(failure.status) ? [failure] : []));
  if (!failures.length) {
    tries = 0;
    return;
  }
  if (timer) return;
  const asked = Math.max(...failures.map(({ wait }) => (wait ?? 0) * 1000));
  const patience = Math.min(LONGEST, 1000 * 2 ** tries) * (0.75 + Math.random() / 2); // not all browsers at the same moment
  tries += 1;
  timer = setTimeout(tryNow, Math.max(asked, patience));
}

function tryNow() {
  clearTimeout(timer);
  timer = null;
  return sendAll();
}

// ---- what follows the requirements: the line beside the title and the way on

function showWhole() {
  const stuck = all().some(({ lost, refused, conflicts }) => lost || refused.size || conflicts.size);
  document.getElementById("item-unsaved").hidden = !stuck;
  document.getElementById("item-saved").hidden = stuck;
  document.querySelector("#item-unsaved .retry").hidden = !all().some(({ lost }) => lost);
  const confirmAll = form.querySelector(".confirm-all");
  if (confirmAll) confirmAll.hidden = !form.querySelector(".confirm");
  showWayOn();
  tryAgainLater();
}

function showWayOn() {
  const [here, elsewhere] = ["here", "elsewhere"].map((place) => form.querySelector(`.go-on[data-go="${place}"]`));
  if (!here) return;
  const open = all().find(({ pk }) => document.querySelector(`#chip-${pk} .level`).dataset.choice === "open");
  here.hidden = !open;
  elsewhere.hidden = Boolean(open);
  if (open) {
    here.href = `#${open.section.id}`;
    here.querySelector(".go-letter").textContent = open.section.id;
  }
}

// ---- what people do

form.addEventListener("change", ({ target }) => {
  if (target.name && of(target) && target.matches('[name^="choice-"], [name^="reason"], [name^="note-"]')) of(target).changed(fieldOf(target));
});

// Choosing again what was carried over is no change, but it says that it is still true.
form.addEventListener("click", ({ target }) => {
  if (target.matches("input[type=radio]") && of(target)?.section.querySelector(".confirm")) of(target).changed("choice");
});

form.addEventListener("input", ({ target }) => {
  if (target.name && of(target) && target.matches('[name^="reason_text-"], [name^="note-"]')) of(target).changed(fieldOf(target), TYPING);
});

form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button?.formAction && button.hasAttribute("formaction")) return; // goes somewhere else
  event.preventDefault();
  if (button?.closest(".conflict")) of(button).settle(button);
  else if (button?.matches(".confirm")) of(button).changed("choice");
  else if (button?.matches(".confirm-all")) for (const each of form.querySelectorAll(".confirm")) of(each).changed("choice");
  else tryNow();
});

document.addEventListener("click", async (event) => {
  const retry = event.target.closest(".retry");
  if (retry) return void (of(retry)?.send() ?? tryNow());
  const change = event.target.closest(".change");
  if (change) {
    change.closest(".req").classList.remove("is-folded");
    change.hidden = true;
    return of(change).focus();
  }
  // A link waits for what is on its way; what cannot be saved is kept on this device.
  const link = event.target.closest("a[href]");
  const elsewhere = link && !link.target && !link.getAttribute("href").startsWith("#");
  if (!elsewhere || event.ctrlKey || event.metaKey || event.shiftKey || event.button || !all().some(({ unsaved }) => unsaved)) return;
  event.preventDefault();
  await sendAll();
  location.assign(link.href);
});

// Only where this device keeps nothing would leaving lose anything.
addEventListener("beforeunload", (event) => {
  if (all().some(({ unsaved, kept }) => unsaved && !kept)) event.preventDefault();
});
addEventListener("online", tryNow);
document.addEventListener("visibilitychange", tryNow); // leaving: what is still being typed; coming back: what was lost

for (const entry of entries()) {
  const found = all().find(({ pk }) => pk === entry.answer);
  if (found?.section.querySelector(`[name="choice-${entry.answer}"]:enabled`)) found.takeUp(entry);
}
for (const button of form.querySelectorAll(".is-folded .change")) button.hidden = false;
for (const link of form.querySelectorAll(".go-on")) link.classList.add("btn-primary");
document.documentElement.classList.add("saves-itself");
showWhole();
sendAll();
