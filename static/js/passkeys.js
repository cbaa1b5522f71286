// Passkeys and security keys. The browser has the key; the page only carries what it is asked and what it answers.
//
// A form with data-passkey is shown once this runs. Sending it first asks the browser: to "create" a passkey or to "use" one,
// with the options of the page, or to "sign-in", with options fetched at that moment.

const { webauthnJSON } = globalThis;

async function optionsOf(form) {
  if (form.dataset.passkey !== "sign-in") return JSON.parse(document.getElementById("passkey-options").textContent);
  const reply = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!reply.ok) throw new Error(`${form.action}: ${reply.status}`);
  return reply.json();
}

async function credentialFor(form) {
  const options = await optionsOf(form);
  if (form.dataset.passkey !== "create") return webauthnJSON.get(options.request_options);
  const wanted = options.creation_options;
  const alone = form.elements.passwordless?.checked ?? false;
  const choice = wanted.publicKey.authenticatorSelection;
  Object.assign(choice, { residentKey: alone ? "required" : "discouraged", requireResidentKey: alone });
  if (alone) choice.userVerification = "required";
  return webauthnJSON.create(wanted);
}

function say(form, name) {
  const words = form.querySelector(`template[data-says="${name}"]`) ?? form.querySelector('template[data-says="other"]');
  const line = form.querySelector("[role=alert]");
  line.replaceChildren(words.content.cloneNode(true));
  line.hidden = false;
}

async function send(form, button) {
  button.disabled = true;
  try {
    form.elements.credential.value = JSON.stringify(await credentialFor(form));
    form.submit();
  } catch (error) {
    say(form, error.name);
    button.disabled = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, event.submitter ?? form.querySelector("button"));
  });
}
