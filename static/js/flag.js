// The flag of a requirement changes at once and leaves the rest of the page alone.

const form = document.getElementById("answers");

form.addEventListener(
  "submit",
  async (event) => {
    const button = event.submitter;
    if (!button?.matches(".flag")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const body = new URLSearchParams({ flag: button.value, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    const reply = await fetch(form.dataset.flagUrl.replace("/0/", `/${button.closest("[data-answer]").dataset.answer}/`), { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (reply?.status !== 200) return;
    button.outerHTML = await reply.text();
    document.getElementById(button.id).focus();
  },
  { capture: true },
);
