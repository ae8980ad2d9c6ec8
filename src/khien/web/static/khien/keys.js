// Security keys: hands our challenge to the browser and its answer back to the form. Nothing else runs here.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (items) => (items || []).map((item) => ({ ...item, id: bytes(item.id) }));

  const options = (given) => {
    const asked = { ...given, challenge: bytes(given.challenge) };
    if (given.user) asked.user = { ...given.user, id: bytes(given.user.id) };
    if (given.excludeCredentials) asked.excludeCredentials = listed(given.excludeCredentials);
    if (given.allowCredentials) asked.allowCredentials = listed(given.allowCredentials);
    return asked;
  };

  const said = (credential) => {
    const answer = credential.response;
    const response = { clientDataJSON: text(answer.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (answer[name]) response[name] = text(answer[name]);
    }
    return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} };
  };

  for (const form of document.querySelectorAll("form[data-key]")) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      const field = form.elements.tra_loi_khoa;
      if (field.value) return;
      event.preventDefault();
      const trouble = form.querySelector("[data-key-error]");
      trouble.hidden = true;
      try {
        const publicKey = options(JSON.parse(form.dataset.options).publicKey);
        const credential = form.dataset.key === "create"
          ? await navigator.credentials.create({ publicKey })
          : await navigator.credentials.get({ publicKey });
        field.value = JSON.stringify(said(credential));
        form.submit();
      } catch {
        trouble.hidden = false;
      }
    });
  }
})();
