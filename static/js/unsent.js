// Text that is typed and not sent yet waits in this browser, for the person who typed it alone.
// It is offered again on the form it was typed into, and is gone once it was sent or one signs out.
(() => {
  'use strict';
  const MARK = 'unsent:', who = document.documentElement.dataset.who;
  const kept = () => Object.keys(localStorage).filter(key => key.startsWith(MARK));
  const drop = keys => keys.forEach(key => localStorage.removeItem(key));
  const own = `${MARK}${who}:`;
  const key = form => own + (form.getAttribute('action') || location.pathname);
  const texts = form => [...form.querySelectorAll('textarea[name], input[type=text][name]')];
  const read = name => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } };

  document.addEventListener('submit', event => {
    if (event.target.matches('[action$="/logout/"]')) drop(kept());
  });
  if (!who) return;                                   // the sign-in page keeps what waits for its owner
  drop(kept().filter(name => !name.startsWith(own)));

  function keep(form) {
    const values = {};
    texts(form).filter(field => field.value !== field.defaultValue).forEach(field => { values[field.name] = field.value; });
    if (Object.keys(values).length) localStorage.setItem(key(form), JSON.stringify({ values }));
    else localStorage.removeItem(key(form));
  }
  let pause;
  document.addEventListener('input', event => {
    const form = event.target.closest('form[data-guard]');
    if (!form) return;
    clearTimeout(pause);
    pause = setTimeout(keep, 250, form);
  });
  document.addEventListener('submit', event => {
    const form = event.target.closest('form[data-guard]');
    if (!form || event.defaultPrevented) return;
    clearTimeout(pause);
    keep(form);
    const draft = read(key(form));
    if (draft) localStorage.setItem(key(form), JSON.stringify({ ...draft, sent: true }));
  });

  // What was sent is gone, unless its form stands here again and nothing says that it was saved.
  const forms = [...document.querySelectorAll('form[data-guard]')];
  // The page that tells what somebody else saved first leads back to the form, so the text waits for it.
  const saved = document.querySelector('#toasts > .toast[role=status]'), stays = document.querySelector('[data-unsent-stays]');
  drop(kept().filter(name => read(name)?.sent && (saved || !(stays || forms.some(form => key(form) === name)))));

  function offer(form) {
    const draft = read(key(form)), model = document.getElementById('unsent');
    const differs = draft && texts(form).some(field => field.name in draft.values && draft.values[field.name] !== field.value);
    if (!differs || !model) return;
    form.prepend(model.content.cloneNode(true));
    const note = form.firstElementChild;
    note.querySelector('[data-put-back]').addEventListener('click', () => {
      texts(form).filter(field => field.name in draft.values).forEach(field => { field.value = draft.values[field.name]; });
      note.remove();
      texts(form)[0]?.focus();
    });
    note.querySelector('[data-forget]').addEventListener('click', () => { drop([key(form)]); note.remove(); });
  }
  forms.forEach(offer);
})();
