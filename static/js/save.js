// Each change saves itself, in order, and the page says what became of it.
//
// One Requirement holds the changes of one answer. What was sent and not answered for good stays at the head as it was
// sent, key included: the server may have stored it although its reply was lost, and a repeat under the same key is
// harmless. Everything the server says arrives as parts of the page, each with the id of what it replaces.

const form = document.getElementById("answers");
const say = document.getElementById("say");
const TYPING = 800; // milliseconds after the last key until a text saves itself
const PATIENCE = 30_000; // milliseconds until a request counts as lost
const CARRIED = 60_000; // bytes that a browser still delivers after the page is left
const SETTLED = new Set([200, 409, 422]);

function words(state) {
  const found = form.querySelector(`template[data-state="${state}"]`) ?? form.querySelector('template[data-state="other"]');
  return found.content.cloneNode(true);
}

function freshKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// From the cookie, because signing in again in another tab changes it.
function token() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value;
}

async function deliver(unit) {
  try {
    const reply = await fetch(unit.url, {
      method: "POST",
      body: unit.body,
      headers: { "X-CSRFToken": token() },
      redirect: "manual", // the only redirect is to sign-in
      keepalive: unit.body.toString().length < CARRIED,
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (reply.type === "opaqueredirect") return { status: "signed-out" };
    return { status: reply.status, html: SETTLED.has(reply.status) ? await reply.text() : "" };
  } catch {
    return { status: "unreachable" };
  }
}

class Requirement {
  constructor(section) {
    this.section = section;
    this.pk = section.dataset.answer;
    this.waiting = new Set(); // fields changed since they were last sent
    this.unit = null; // what was sent and not yet answered for good
    this.sending = null; // the promise of the sending under way
    this.refused = new Set();
    this.conflicts = new Set();
    this.stored = {}; // field -> its values as the server last took them, so that leaving a saved text saves nothing
    for (const conflict of section.querySelectorAll(".conflict")) this.conflicts.add(conflict.parentElement.id.split("-")[1]);
  }

  control(name) {
    return form.elements[`${name}-${this.pk}`];
  }

  get state() {
    return document.getElementById(`state-${this.pk}`);
  }

  get lost() {
    return Boolean(this.unit) && !this.sending;
  }

  get unsaved() {
    return Boolean(this.unit || this.waiting.size || this.refused.size || this.conflicts.size);
  }

  values(field) {
    const names = field === "note" ? ["note"] : ["choice", "reason", "reason_text"];
    return Object.fromEntries(names.map((name) => [name, this.control(name).value]));
  }

  changed(field, delay = 0) {
    this.waiting.add(field);
    clearTimeout(this.timer);
    if (delay) this.timer = setTimeout(() => this.send(), delay);
    else this.send();
  }

  send() {
    clearTimeout(this.timer);
    this.sending ??= this.drain().finally(() => {
      this.sending = null;
      showWhole();
    });
    return this.sending;
  }

  async drain() {
    while ((this.unit ??= this.next())) {
      this.show("saving");
      const reply = await deliver(this.unit);
      if (!SETTLED.has(reply.status)) return this.show(reply.status, true);
      const { field, sent } = this.unit;
      this.unit = null;
      this.refused.delete(field);
      this.stored[field] = reply.status === 200 ? sent : "";
      if (reply.status === 422) this.refused.add(field);
      if (reply.status === 409) this.conflicts.add(field);
      this.replace(reply.html);
      this.mark(field);
    }
  }

  // The next unit to send, or null. A not-applicable without its reason waits for it.
  next() {
    for (const field of this.waiting) {
      if (this.conflicts.has(field)) continue;
      const values = this.values(field);
      if (values.choice === "na" && this.lacksReason(values)) continue;
      this.waiting.delete(field);
      const sent = JSON.stringify(values);
      if (sent === this.stored[field] && !this.hinted) continue;
      this.hinted = false;
      const body = new URLSearchParams({ ...values, version: this.control(`${field}-version`).value, key: freshKey() });
      return { field, sent, body, url: form.dataset[`${field}Url`].replace("/0/", `/${this.pk}/`) };
    }
    return null;
  }

  lacksReason({ reason, reason_text }) {
    const lacking = !reason ? "reason" : reason === "other" && !reason_text.trim() ? "reason-text" : "";
    if (lacking) this.show(lacking);
    this.hinted ||= Boolean(lacking);
    return lacking;
  }

  show(state, failed = false) {
    const focused = this.state.contains(document.activeElement);
    this.state.replaceChildren(words(state));
    this.state.classList.toggle("is-unsaved", failed);
    if (failed) say.textContent = this.state.textContent;
    if (focused) this.focus();
  }

  replace(html) {
    const focused = this.section.contains(document.activeElement) && document.activeElement.tagName === "BUTTON";
    for (const part of [...new DOMParser().parseFromString(html, "text/html").body.children]) {
      if (part.id === say.id) say.textContent = part.textContent;
      else document.getElementById(part.id)?.replaceWith(part);
    }
    if (!html.includes(`id="${say.id}"`)) say.textContent = this.state.textContent;
    if (focused && !this.section.contains(document.activeElement)) this.focus();
  }

  mark(field) {
    const bad = this.refused.has(field);
    const control = field === "note" ? this.control("note") : this.control("reason");
    if (bad) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }

  focus() {
    (this.section.querySelector("input[type=radio]:checked") ?? this.section.querySelector("input[type=radio]")).focus();
  }

  // One side of a conflict was chosen: a button named mine-note-7 or theirs-choice-7.
  settle(button) {
    const [side, field] = button.name.split("-");
    const conflict = button.closest(".conflict");
    const holder = conflict.parentElement;
    this.control(`${field}-version`).value = conflict.dataset.version;
    this.conflicts.delete(field);
    holder.hidden = true;
    holder.replaceChildren();
    if (side === "mine") {
      this.changed(field);
    } else {
      this.waiting.delete(field);
      for (const [name, value] of Object.entries(JSON.parse(conflict.dataset.values))) this.control(name).value = value;
      this.show("theirs");
    }
    this.focus();
    showWhole();
  }
}

const requirements = new Map([...form.querySelectorAll(".req")].map((section) => [section, new Requirement(section)]));
const all = () => [...requirements.values()];
const of = (element) => requirements.get(element.closest(".req"));
const unsaved = () => all().some((requirement) => requirement.unsaved);
const sendAll = () => Promise.all(all().map((requirement) => requirement.send()));

// The line beside the title and the way on follow what the requirements say.
function showWhole() {
  const stuck = all().some(({ lost, refused, conflicts }) => lost || refused.size || conflicts.size);
  document.getElementById("item-unsaved").hidden = !stuck;
  document.getElementById("item-saved").hidden = stuck;
  document.querySelector("#item-unsaved .retry").hidden = !all().some(({ lost }) => lost);
  const confirmAll = form.querySelector(".confirm-all");
  if (confirmAll) confirmAll.hidden = !form.querySelector(".confirm");
  const open = all().find(({ pk }) => document.querySelector(`#chip-${pk} .level`).dataset.choice === "open");
  const [here, elsewhere] = ["here", "elsewhere"].map((place) => form.querySelector(`.go-on[data-go="${place}"]`));
  here.hidden = !open;
  elsewhere.hidden = Boolean(open);
  if (open) {
    here.href = `#${open.section.id}`;
    here.querySelector(".go-letter").textContent = open.section.id;
  }
}

form.addEventListener("change", ({ target }) => {
  if (!target.name || !of(target)) return;
  of(target).changed(target.name.startsWith("note-") ? "note" : "choice");
});

// Choosing again what was carried over is no change, but it says that it is still true.
form.addEventListener("click", ({ target }) => {
  if (target.matches("input[type=radio]") && of(target)?.section.querySelector(".confirm")) of(target).changed("choice");
});

form.addEventListener("input", ({ target }) => {
  if (target.name?.startsWith("note-")) of(target).changed("note", TYPING);
  if (target.name?.startsWith("reason_text-")) of(target).changed("choice", TYPING);
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.submitter?.closest(".conflict")) of(event.submitter).settle(event.submitter);
  else if (event.submitter?.matches(".confirm")) of(event.submitter).changed("choice");
  else if (event.submitter?.matches(".confirm-all")) for (const button of form.querySelectorAll(".confirm")) of(button).changed("choice");
  else sendAll();
});

document.addEventListener("click", async (event) => {
  if (event.target.closest(".retry")) return void (of(event.target)?.send() ?? sendAll());
  const change = event.target.closest(".change");
  if (change) {
    change.closest(".req").classList.remove("is-folded");
    change.hidden = true;
    return of(change).focus();
  }
  // A link waits for what is on its way; if something cannot be saved, the browser asks before it leaves.
  const link = event.target.closest("a[href]");
  const elsewhere = link && !link.target && !link.getAttribute("href").startsWith("#");
  if (!elsewhere || event.ctrlKey || event.metaKey || event.shiftKey || event.button || !unsaved()) return;
  event.preventDefault();
  await sendAll();
  location.assign(link.href);
});

addEventListener("beforeunload", (event) => {
  if (unsaved()) event.preventDefault();
});
addEventListener("online", sendAll);
document.addEventListener("visibilitychange", sendAll); // leaving: what is still being typed; coming back: what was lost

for (const button of form.querySelectorAll(".is-folded .change")) button.hidden = false;
for (const link of form.querySelectorAll(".go-on")) link.classList.add("btn-primary");
document.documentElement.classList.add("saves-itself");
showWhole();
