// One answer on the page: what was changed, what is under way, and what became of it.
//
// What was sent and not answered for good stays at the head as it was sent, key included: the server may have stored it
// although its reply was lost, and a repeat under the same key is harmless. Everything the server says arrives as parts of
// the page, each with the id of what it replaces.

import { SETTLED, deliver, drop, freshKey, keep } from "./outbox.js";

export const form = document.getElementById("answers");
const say = document.getElementById("say");
const FIELDS = { choice: ["choice", "reason", "reason_text"], note: ["note"] };

function words(state) {
  const found = form.querySelector(`template[data-state="${state}"]`) ?? form.querySelector('template[data-state="other"]');
  return found.content.cloneNode(true);
}

// Replies to saves of different answers may arrive in another order than they were stored in.
function isOvertaken(part) {
  return Number(part.dataset.asOf) < Number(document.getElementById(part.id)?.dataset.asOf);
}

export class Requirement {
  constructor(section, afterwards) {
    this.section = section;
    this.afterwards = afterwards; // called when something about it has changed
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

  pending(field) {
    return this.waiting.has(field) || this.unit?.field === field || this.refused.has(field) || this.conflicts.has(field);
  }

  get unsaved() {
    return Object.keys(FIELDS).some((field) => this.pending(field));
  }

  values(field) {
    return Object.fromEntries(FIELDS[field].map((name) => [name, this.control(name).value]));
  }

  put(values) {
    for (const [name, value] of Object.entries(values)) {
      this.control(name).value = value;
      if (!value) for (const radio of this.section.querySelectorAll(`[name="${name}-${this.pk}"]:checked`)) radio.checked = false;
    }
    if (values.note) this.control("note").closest("details")?.setAttribute("open", "");
  }

  changed(field, delay = 0) {
    // Leaving a text that is under way already is no change; drawing the line anew would pull its link from under the finger.
    if (this.unit?.field === field && JSON.stringify(this.unit.values) === JSON.stringify(this.values(field))) return;
    this.waiting.add(field);
    this.remember({ field, values: this.values(field), version: this.control(`${field}-version`).value, key: "" });
    clearTimeout(this.timer);
    if (delay) this.timer = setTimeout(() => this.send(), delay);
    else this.send();
  }

  url(field) {
    return form.dataset[`${field}Url`].replace("/0/", `/${this.pk}/`);
  }

  remember({ field, values, version, key }) {
    const where = `${location.pathname}#${this.section.id}`;
    this.kept = keep(this.pk, field, { values, version, key, url: this.url(field), where });
    this.report();
  }

  // What this device kept from an earlier visit goes back into the fields and off again.
  takeUp({ field, values, version, key }) {
    this.put(values);
    this.section.classList.remove("is-folded");
    this.control(`${field}-version`).value = version;
    if (key && !this.unit) this.unit = { field, values, version, key, url: this.url(field) };
    else this.waiting.add(field);
    this.kept = true;
    this.show("kept", true);
    this.report();
  }

  send() {
    clearTimeout(this.timer);
    this.sending ??= this.drain().finally(() => {
      this.sending = null;
      this.report();
      this.afterwards();
    });
    return this.sending;
  }

  async drain() {
    this.failure = null;
    while ((this.unit ??= this.next())) {
      this.report(); // under way counts as not saved for whoever shows what others saved
      this.show("saving");
      const reply = await deliver(this.unit);
      if (!SETTLED.has(reply.status)) return this.lose(reply);
      const { field, values } = this.unit;
      this.unit = null;
      this.refused.delete(field);
      this.stored[field] = reply.status === 200 ? JSON.stringify(values) : "";
      if (reply.status === 422) this.refused.add(field);
      if (reply.status === 409) this.conflicts.add(field);
      if (reply.status === 200 && !this.waiting.has(field)) drop(this.pk, field);
      this.replace(reply.html);
      this.mark(field);
    }
  }

  lose(reply) {
    this.failure = reply;
    this.show(reply.status, true);
    const link = this.state.querySelector('a[href*="next="]');
    if (link) link.href += encodeURIComponent(`#${this.section.id}`);
  }

  // The next unit to send, or null. A not-applicable without its reason waits for it.
  next() {
    for (const field of this.waiting) {
      if (this.conflicts.has(field)) continue;
      const values = this.values(field);
      if (values.choice === "na" && this.lacksReason(values)) continue;
      this.waiting.delete(field);
      if (JSON.stringify(values) === this.stored[field] && !this.hinted) {
        drop(this.pk, field);
        continue;
      }
      this.hinted = false;
      const unit = { field, values, version: this.control(`${field}-version`).value, key: freshKey(), url: this.url(field) };
      this.remember(unit);
      return unit;
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
      else if (part.dataset.overtaken) this.put(JSON.parse(part.dataset.overtaken));
      else if (!isOvertaken(part)) document.getElementById(part.id)?.replaceWith(part);
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

  // For whoever shows what others saved: never over what is not saved here.
  report() {
    this.section.dataset.unsaved = Object.keys(FIELDS).filter((field) => this.pending(field)).join(" ");
  }

  focus() {
    (this.section.querySelector("input[type=radio]:checked") ?? this.section.querySelector("input[type=radio], select")).focus();
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
      drop(this.pk, field);
      this.put(JSON.parse(conflict.dataset.values));
      this.show("theirs");
      this.report();
    }
    this.focus();
    this.afterwards();
  }
}
