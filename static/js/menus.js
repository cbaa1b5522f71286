// Menus are <details>: they open and close without this. Here they also close on Escape and when attention goes elsewhere.

const open = () => document.querySelectorAll("details.menu[open]");

function closeUnlessInside(event) {
  for (const menu of open()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
}

document.addEventListener("click", closeUnlessInside);
document.addEventListener("focusin", closeUnlessInside);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
});

// On a narrow screen the tabs of an assessment scroll: the current one is brought into sight.
document.querySelector(".tabs a[aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
