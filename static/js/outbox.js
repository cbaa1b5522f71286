// What is not saved yet, kept on this device, so that it survives a reload, a lost connection and an expired session.
//
// One entry for each field of each answer, under the person who entered it. The page it belongs to sends it (save.js);
// every other page of that person sends it as well, oldest first, as soon as there is a connection. Signing out clears all.

const NAME = "copcready-unsaved";
export const PATIENCE = 30_000; // milliseconds until a request counts as lost
const YOUNG = 10_000; // milliseconds in which an entry may still be under way from the page it was made on
const CARRIED = 60_000; // bytes that a browser still delivers after the page is left
export const SETTLED = new Set([200, 409, 422]);
export const { person } = document.body.dataset;

export function freshKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// From the cookie, because signing in again in another tab changes it.
export function token() {
  return document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]").value;
}

// What the server says of one entry: its status, or "signed-out" or "unreachable"; `wait` are the seconds it asks for.
export async function deliver({ url, values, version, key }) {
  const body = new URLSearchParams({ ...values, version, key, person });
  try {
    const reply = await fetch(url, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token() },
      redirect: "manual", // the only redirect is to sign-in
      keepalive: body.toString().length < CARRIED,
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (reply.type === "opaqueredirect") return { status: "signed-out" };
    const wait = Number(reply.headers.get("Retry-After")) || 0;
    return { status: reply.status, html: SETTLED.has(reply.status) ? await reply.text() : "", wait };
  } catch {
    return { status: "unreachable" };
  }
}

// ---- the entries; a private window may refuse storage, then they live as long as the page

const place = (answer, field) => `${NAME}:${person}:${answer}:${field}`;

// Keeps it; false where this device does not.
export function keep(answer, field, entry) {
  try {
    localStorage.setItem(place(answer, field), JSON.stringify({ ...entry, at: Date.now() }));
    return true;
  } catch {
    return false;
  }
}

export function drop(answer, field) {
  try {
    localStorage.removeItem(place(answer, field));
  } catch {
    // nothing was kept
  }
}

// All of this person, oldest first.
export function entries() {
  try {
    return Object.keys(localStorage)
      .filter((name) => name.startsWith(`${NAME}:${person}:`))
      .map((name) => {
        const [, , answer, field] = name.split(":");
        return { ...JSON.parse(localStorage.getItem(name)), answer, field };
      })
      .sort((one, other) => one.at - other.at);
  } catch {
    return [];
  }
}

function clear() {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(`${NAME}:`)) localStorage.removeItem(name);
  } catch {
    // nothing was kept
  }
}

// ---- entries of other pages

// Here are the answers that can be changed on this page: save.js sends them.
const isElsewhere = ({ answer }) => !document.querySelector(`#answers [name="choice-${answer}"]:enabled`);

function tell(state, where) {
  const line = document.getElementById("kept");
  line.replaceChildren(document.getElementById(`kept-${state}`).content.cloneNode(true));
  const link = line.querySelector("a");
  if (link) link.href = where;
  line.hidden = false;
}

let replaying = false;

async function replay() {
  const elsewhere = entries().filter(isElsewhere);
  const kept = elsewhere.filter(({ at }) => Date.now() - at > YOUNG);
  if (kept.length < elsewhere.length) setTimeout(replay, YOUNG);
  if (!kept.length || replaying) return;
  replaying = true;
  let stuck = null;
  for (const entry of kept) {
    const { status } = await deliver({ ...entry, key: entry.key || freshKey() });
    if (status === 200) drop(entry.answer, entry.field);
    else stuck ??= { entry, status };
    if (stuck && !SETTLED.has(status)) break;
  }
  replaying = false;
  if (stuck) tell(SETTLED.has(stuck.status) ? "conflict" : "waiting", stuck.entry.where);
  else tell("saved", "");
}

if (person) {
  replay();
  addEventListener("online", replay);
}

for (const form of document.querySelectorAll("form[data-signs-out]")) {
  form.addEventListener("submit", (event) => {
    if (entries().length && !confirm(form.dataset.signsOut)) event.preventDefault();
    else clear();
  });
}
