// Answering by keyboard, and the mark in the side list that follows where one is.

import { dialog, stored } from "./key-list.js";

const sections = [...document.querySelectorAll(".req")];
const places = new Map([...document.querySelectorAll(".item-places a")].map((link) => [link.hash.slice(1), link]));
const CHOICES = { 0: "0", 1: "1", 2: "2", 3: "3", x: "unknown", n: "na" };
let here = sections[0];

function stand(section) {
  here = section;
  for (const [id, link] of places) {
    if (id === section.id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function goTo(section) {
  if (!section) return;
  section.scrollIntoView({ block: "start" });
  const radio = section.querySelector("input[type=radio]:checked") ?? section.querySelector("input[type=radio]");
  (radio.matches(":disabled") ? section : radio).focus({ preventScroll: true });
  stand(section);
}

function choose(value) {
  const radio = here.querySelector(`input[type=radio][value="${value}"]`);
  if (radio.matches(":disabled")) return;
  radio.focus();
  radio.click();
  if (value === "na") here.querySelector(".why-not select").focus();
}

const isOpen = (section) => !section.querySelector("input[type=radio]:checked");

function nextOpen() {
  const index = sections.indexOf(here);
  const open = [...sections.slice(index + 1), ...sections.slice(0, index)].find(isOpen);
  if (open) goTo(open);
  else document.querySelector('.go-on[data-go="elsewhere"]').click();
}

function writeNote() {
  const note = here.querySelector("textarea");
  if (!note) return;
  note.closest("details").open = true;
  note.focus();
}

function goOn() {
  document.activeElement.blur(); // a text that is being typed saves itself when it is left
  nextOpen();
}

const COMMANDS = {
  j: () => goTo(sections[sections.indexOf(here) + 1]),
  k: () => goTo(sections[sections.indexOf(here) - 1]),
  u: nextOpen,
  e: writeNote,
  v: () => here.querySelector("a.evidence").click(),
  "?": () => dialog.showModal(),
};

function types(element) {
  return element.matches("textarea, select, input:not([type=radio], [type=checkbox])") || element.isContentEditable;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || dialog.open) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    return goOn();
  }
  if (types(event.target)) {
    if (event.key === "Escape" && event.target.closest(".req")) goTo(event.target.closest(".req"));
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || stored.off) return;
  const key = event.key.toLowerCase();
  const command = key in CHOICES ? () => choose(CHOICES[key]) : COMMANDS[key];
  if (!command) return;
  event.preventDefault();
  command();
});

document.addEventListener("focusin", ({ target }) => {
  const section = target.closest(".req");
  if (section) stand(section);
});

// A requirement is where one is while it crosses the upper middle of the window.
const watcher = new IntersectionObserver(
  (entries) => {
    const entered = entries.find((entry) => entry.isIntersecting);
    if (entered && !sections.some((section) => section.contains(document.activeElement))) stand(entered.target);
  },
  { rootMargin: "-30% 0px -65% 0px" },
);
for (const section of sections) watcher.observe(section);

for (const hint of document.querySelectorAll(".key-hints, .go-keys")) hint.hidden = false;

// The browser moves attention to the requirement in the address once the page is there; from it on to its levels.
function goToAddress() {
  goTo(sections.find((section) => `#${section.id}` === location.hash));
}

stand(here);
addEventListener("load", goToAddress);
addEventListener("hashchange", goToAddress);
