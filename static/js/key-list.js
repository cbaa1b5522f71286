// The list of keys under "?", and the switch that turns them off on this device.

export const dialog = document.getElementById("keys");
const toggle = document.getElementById("keys-on");
const SWITCH = "copcready-keys";

// Private windows may refuse storage; then the keys are simply on.
export const stored = {
  get off() {
    try {
      return localStorage.getItem(SWITCH) === "off";
    } catch {
      return false;
    }
  },
  set off(value) {
    try {
      localStorage.setItem(SWITCH, value ? "off" : "on");
    } catch {
      // nothing to remember it in
    }
  },
};

function show() {
  document.documentElement.classList.toggle("keys-work", toggle.checked);
}

document.querySelector(".all-keys").addEventListener("click", () => dialog.showModal());
toggle.checked = !stored.off;
toggle.addEventListener("change", () => {
  stored.off = !toggle.checked;
  show();
});
show();
