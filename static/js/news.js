// What others save shows within seconds, never over what is not saved here or is being typed.

const form = document.getElementById("answers");
const say = document.getElementById("say");
const SOON = 4_000; // milliseconds between two looks while somebody is at the page
const LATER = 30_000; // and once nobody has touched it for a while
const AWAY = 5 * 60_000;
const FIELDS = { choice: ["choice", "reason", "reason_text"], note: ["note"] };

const sections = new Map([...form.querySelectorAll("[data-answer]")].map((section) => [section.dataset.answer, section]));
const known = new Map(); // answer -> the version the server last told of
const overlooked = new Set(); // answers of which a field could not be shown yet
let touched = Date.now();
let timer = null;

const control = (name, pk) => form.elements[`${name}-${pk}`];
const version = (pk) => Math.max(known.get(pk) ?? 0, ...Object.keys(FIELDS).map((field) => Number(control(`${field}-version`, pk)?.value ?? 0)));

function isBusy(section, field) {
  if (section.dataset.unsaved?.split(" ").includes(field)) return true;
  const { activeElement } = document;
  return section.contains(activeElement) && activeElement.name === `${field}-${section.dataset.answer}` && activeElement.matches("textarea");
}

function put(section, field, values, stored) {
  const pk = section.dataset.answer;
  for (const name of FIELDS[field]) {
    const found = control(name, pk);
    if (!found) continue;
    found.value = values[name];
    if (!values[name]) for (const radio of section.querySelectorAll(`[name="${name}-${pk}"]:checked`)) radio.checked = false;
  }
  const seen = control(`${field}-version`, pk);
  if (seen) seen.value = stored;
}

// Shows one answer as it is stored; false where a field of it has to wait.
function show({ dataset }) {
  const section = sections.get(dataset.news);
  const waiting = Object.keys(FIELDS).filter((field) => isBusy(section, field));
  for (const field of Object.keys(FIELDS)) if (!waiting.includes(field)) put(section, field, JSON.parse(dataset.values), dataset.version);
  known.set(dataset.news, Number(dataset.version));
  if (waiting.length) overlooked.add(dataset.news);
  else overlooked.delete(dataset.news);
  section.classList.remove("is-news");
  void section.offsetWidth; // so that the mark starts anew
  section.classList.add("is-news");
}

function take(html) {
  const parts = [...new DOMParser().parseFromString(html, "text/html").body.children];
  for (const part of parts) if (part.dataset.news) show(part);
  for (const part of parts) {
    const [kind, pk] = part.id.split("-");
    if (part.id === say.id) say.textContent = part.textContent;
    else if (kind !== "state" || !sections.get(pk).dataset.unsaved) document.getElementById(part.id)?.replaceWith(part);
  }
}

// The version up to which an answer is shown: none where something was left out that could be shown now.
function seenOf(pk) {
  const free = !Object.keys(FIELDS).some((field) => isBusy(sections.get(pk), field));
  return overlooked.has(pk) && free ? 0 : version(pk);
}

async function look() {
  const seen = [...sections.keys()].map((pk) => `${pk}:${seenOf(pk)}`).join(".");
  const reply = await fetch(`${form.dataset.newsUrl}?seen=${seen}`, { redirect: "manual" });
  if (reply.status === 200) take(await reply.text());
  return reply.ok;
}

async function again() {
  clearTimeout(timer);
  if (document.hidden) return;
  const fine = await look().catch(() => false);
  timer = setTimeout(again, fine && Date.now() - touched < AWAY ? SOON : LATER);
}

for (const event of ["pointerdown", "keydown", "scroll"]) addEventListener(event, () => (touched = Date.now()), { passive: true });
document.addEventListener("visibilitychange", again);
timer = setTimeout(again, SOON);
