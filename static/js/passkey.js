// Passkeys. A form says what is done on sending it: data-passkey="make" makes one, "use" signs with one.
// Its options came with the page (#passkey-options) or are fetched from data-options. Until this runs the form is hidden
// or its button disabled: sent without a passkey it would only be refused.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list = []) => list.map((each) => ({ ...each, id: bytes(each.id) }));

async function make({ publicKey: o }) {
  const user = { ...o.user, id: bytes(o.user.id) };
  const excludeCredentials = known(o.excludeCredentials);
  return navigator.credentials.create({ publicKey: { ...o, user, excludeCredentials, challenge: bytes(o.challenge) } });
}

async function use({ publicKey: o }) {
  const allowCredentials = known(o.allowCredentials);
  return navigator.credentials.get({ publicKey: { ...o, allowCredentials, challenge: bytes(o.challenge) } });
}

async function optionsOf(form) {
  if (!form.dataset.options) return JSON.parse(form.querySelector("#passkey-options").textContent);
  const answer = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
  return answer.json();
}

function plain(made) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (part in made.response) response[part] = text(made.response[part]) ?? null;
  return { id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: made.getClientExtensionResults() };
}

const able = Boolean(window.PublicKeyCredential);
for (const notice of document.querySelectorAll("[data-unable]")) notice.hidden = able;
for (const form of able ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false;
  form.querySelector("button[type=submit]").disabled = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const trouble = form.querySelector("[data-trouble]");
    trouble.hidden = true;
    try {
      const options = await optionsOf(form);
      const made = await (form.dataset.passkey === "make" ? make(options.creation_options) : use(options.request_options));
      form.elements.credential.value = JSON.stringify(plain(made));
      form.submit();
    } catch {
      trouble.hidden = false;
    }
  });
}
