// Passkeys: opens the browser's dialog, puts its answer into the form's hidden field and sends it.
// Without this script, or in a browser without passkeys, the buttons stay hidden.
(() => {
  'use strict';
  if (window.passkeysReady) return;                  // the page was swapped in a second time
  window.passkeysReady = true;

  const bytes = text => {
    const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    return Uint8Array.from(plain, letter => letter.charCodeAt(0));
  };
  const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const named = list => (list || []).map(one => ({ ...one, id: bytes(one.id) }));

  function wanted(options, does) {
    const key = { ...(options.publicKey || options) };
    key.challenge = bytes(key.challenge);
    if (key.allowCredentials) key.allowCredentials = named(key.allowCredentials);
    if (key.excludeCredentials) key.excludeCredentials = named(key.excludeCredentials);
    if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
    if (does === 'create') {
      // A key that can sign in alone, and only with a finger, a face or a PIN.
      key.authenticatorSelection = {
        ...key.authenticatorSelection, residentKey: 'required', requireResidentKey: true, userVerification: 'required',
      };
    }
    return { publicKey: key };
  }

  function written(credential) {
    const from = credential.response, response = { clientDataJSON: text(from.clientDataJSON) };
    for (const part of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
      if (from[part]) response[part] = text(from[part]);
    }
    if (from.getTransports) response.transports = from.getTransports();
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  }

  async function options(button) {
    if (button.dataset.options) return JSON.parse(button.dataset.options);
    const answer = await fetch(button.dataset.url, { headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error(answer.status);
    return (await answer.json()).request_options;
  }

  async function press(button) {
    const note = button.parentElement.querySelector('[data-passkey-note]'), does = button.dataset.passkey;
    note.hidden = true;
    button.setAttribute('aria-busy', 'true');
    try {
      const credential = await navigator.credentials[does](wanted(await options(button), does));
      button.form.elements[button.dataset.into].value = written(credential);
      button.form.submit();
    } catch (error) {
      button.removeAttribute('aria-busy');
      note.textContent = error.name === 'InvalidStateError'
        ? 'This device has a passkey for your account already.'
        : 'No passkey was used. Try again, or choose another way.';
      note.hidden = false;
    }
  }

  const show = () => {
    if (!window.PublicKeyCredential || !window.isSecureContext) return;
    document.querySelectorAll('[data-passkey][hidden]').forEach(button => { button.hidden = false; });
    document.querySelectorAll('[data-passkey-missing]').forEach(note => { note.hidden = true; });
  };
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-passkey]');
    if (button) press(button);
  });
  document.addEventListener('htmx:afterSettle', show);
  show();
})();
