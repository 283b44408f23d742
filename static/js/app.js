// Every page works without this script; it opens dialogs, moves focus, answers keys and says when
// the connection is gone. No inline handlers and no eval: the policy is script-src 'self'.
(() => {
  'use strict';
  const one = (s, r = document) => r.querySelector(s);
  const all = (s, r = document) => [...r.querySelectorAll(s)];
  const root = document.documentElement;

  // ---- dialogs, menus, the narrow sidebar
  function openDialog(selector) {
    const dialog = one(selector);
    if (!dialog || dialog.open) return false;
    dialog.showModal();
    dialog.querySelector('[autofocus]')?.focus();
    dialog.dispatchEvent(new Event('opened'));      // lazy content loads with hx-trigger="opened"
    return true;
  }
  document.addEventListener('click', event => {
    const opener = event.target.closest('[data-open]');
    if (opener && openDialog(opener.dataset.open)) event.preventDefault();
    const closer = event.target.closest('[data-close]');
    if (closer) closer.closest('dialog')?.close();
    if (event.target.matches?.('dialog')) event.target.close();      // the backdrop
    const dismiss = event.target.closest('[data-dismiss]');
    if (dismiss) dismiss.closest('.toast, .banner')?.remove();
    all('details.menu[open]').forEach(menu => { if (!menu.contains(event.target)) menu.open = false; });
    const nav = event.target.closest('.nav-btn');
    if (nav) {
      const app = one('.app'), open = app.dataset.nav !== 'open';
      app.dataset.nav = open ? 'open' : '';
      nav.setAttribute('aria-expanded', open);
    }
    const print = event.target.closest('[data-print]');
    if (print) window.print();
  });

  // ---- keys: Ctrl/Cmd K finds; / searches the list; j k move; g and n lead a second key; ? helps
  const typing = el => el.closest?.('input, textarea, select, [contenteditable], dialog[open]');
  const lead = { key: '', at: 0 };
  function sequence(key) {
    const fresh = lead.key && Date.now() - lead.at < 900;
    const target = fresh && one(lead.key === 'g' ? `[data-go="${CSS.escape(key)}"]` : `[data-new="${CSS.escape(key)}"]`);
    lead.key = !fresh && (key === 'g' || key === 'n') ? key : '';
    lead.at = Date.now();
    if (target) target.click();
    return Boolean(target) || Boolean(lead.key);
  }
  function moveRow(step) {
    const rows = all('[data-row]'), index = rows.indexOf(document.activeElement);
    rows[Math.max(0, Math.min(rows.length - 1, index + step))]?.focus();
  }
  document.addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      if (openDialog('#palette')) event.preventDefault();
      return;
    }
    if (event.key === 'Escape') {
      const menu = one('details.menu[open]');
      if (menu) { menu.open = false; one('summary', menu).focus(); }
      return;
    }
    if (root.dataset.keys !== 'on' || typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (sequence(event.key)) return;
    if (event.key === '/') { const box = one('[data-search]'); if (box) { event.preventDefault(); box.focus(); } }
    if (event.key === '?') openDialog('#keys');
    one(`[data-press="${CSS.escape(event.key)}"] :is(a, button)`)?.click();
    if (event.key === 'j' || event.key === 'k') moveRow(event.key === 'j' ? 1 : -1);
  });

  // ---- palette: focus stays in the box, arrows move the selection (ARIA combobox)
  const box = one('#palette-q');
  const options = () => all('#palette [role=option][href]');
  function choose(option) {
    options().forEach(item => item.setAttribute('aria-selected', item === option ? 'true' : 'false'));
    if (!option) { box.removeAttribute('aria-activedescendant'); return; }
    box.setAttribute('aria-activedescendant', option.id);
    option.scrollIntoView({ block: 'nearest' });
  }
  box?.addEventListener('keydown', event => {
    const list = options(), index = list.findIndex(item => item.getAttribute('aria-selected') === 'true');
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (list.length) choose(list[(index + (event.key === 'ArrowDown' ? 1 : list.length - 1)) % list.length]);
    }
    if (event.key === 'Enter' && list[index]) {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) window.open(list[index].href, '_blank', 'noopener');
      else list[index].click();
    }
  });

  // ---- filter a list that is already on the page (client switcher)
  document.addEventListener('input', event => {
    const list = event.target.dataset?.narrows && one(event.target.dataset.narrows);
    if (!list) return;
    const wanted = event.target.value.trim().toLowerCase();
    all('[data-name]', list).forEach(item => { item.hidden = !item.dataset.name.toLowerCase().includes(wanted); });
  });

  // ---- one box for all lines of a list, and for none
  function tally(head, pressed) {
    const boxes = all(`[name="${CSS.escape(head.dataset.all)}"]`, head.form);
    if (pressed === head) boxes.forEach(box => { box.checked = head.checked; });
    const chosen = boxes.filter(box => box.checked).length;
    head.checked = chosen === boxes.length;
    head.indeterminate = chosen > 0 && !head.checked;
  }
  document.addEventListener('change', event => {
    const form = event.target.form, head = form && one('[data-all]', form);
    if (head) tally(head, event.target);
  });
  all('[data-all]').forEach(head => tally(head));

  // ---- forms: a warning before typed text is left behind, and a field that shows another
  const dirty = new Set();
  document.addEventListener('input', event => { const form = event.target.closest('form[data-guard]'); if (form) dirty.add(form); });
  document.addEventListener('submit', event => {
    if (event.defaultPrevented) return;
    dirty.delete(event.target);
    const button = event.submitter;
    if (button?.matches('.btn') && !event.target.hasAttribute('data-download')) {
      setTimeout(() => { if (!event.defaultPrevented) button.setAttribute('aria-busy', 'true'); }, 150);
    }
  });
  window.addEventListener('pageshow', event => { if (event.persisted) all('.btn[aria-busy=true]').forEach(b => b.removeAttribute('aria-busy')); });
  window.addEventListener('beforeunload', event => {
    if ([...dirty].some(form => form.isConnected)) event.preventDefault();
  });

  // ---- toasts leave after six seconds unless looked at; errors and warnings stay
  function ageToast(toast) {
    if (toast.dataset.aged || toast.matches('.toast-bad, .toast-stays, [id]')) return;      // those with a name are the page's own
    toast.dataset.aged = '1';
    let timer;
    const start = () => { timer = setTimeout(() => toast.remove(), 6000); };
    const stop = () => clearTimeout(timer);
    for (const name of ['mouseenter', 'focusin']) toast.addEventListener(name, stop);
    for (const name of ['mouseleave', 'focusout']) toast.addEventListener(name, start);
    start();
  }
  all('#toasts .toast').forEach(ageToast);

  // ---- htmx: lost connection, a sign-in page where a fragment was due, focus after a swap
  let again = null;                                  // what “Try again” does
  const offline = shown => { const banner = one('#offline'); if (banner) banner.hidden = !shown; };
  window.addEventListener('offline', () => offline(true));
  window.addEventListener('online', () => offline(false));
  document.addEventListener('htmx:sendError', event => {
    const { elt, target, requestConfig } = event.detail;
    again = () => htmx.ajax(requestConfig.verb, requestConfig.path, { source: elt, target });
    offline(true);
  });
  document.addEventListener('submit', event => {      // heard first: the browser's own page would take what was typed
    if (navigator.onLine) return;
    event.preventDefault();
    again = () => event.target.requestSubmit(event.submitter);
    offline(true);
  }, true);
  document.addEventListener('click', event => {
    if (event.target.closest('[data-again]') && again) again();
  });
  document.addEventListener('htmx:afterRequest', event => { if (event.detail.xhr?.status) offline(false); });
  document.addEventListener('htmx:responseError', event => {
    const note = one('#failed');
    if (note && event.detail.xhr.status !== 404) note.hidden = false;
  });
  // Work that is done loads its page anew; while a dialog is open it waits, so that nothing typed there is lost.
  // What asked is taken out of htmx's hands: asked again meanwhile, a slow page would begin anew each second.
  document.addEventListener('htmx:beforeOnLoad', event => {
    const { xhr, elt } = event.detail;
    if (!xhr.getResponseHeader('HX-Refresh')) return;
    if (one('dialog[open]')) event.preventDefault();
    else elt?.replaceWith(elt.cloneNode(true));
  });
  document.addEventListener('htmx:beforeSwap', event => {
    const body = event.detail.serverResponse || '';
    if (/^\s*<!doctype html/i.test(body)) {
      event.detail.shouldSwap = false;
      location.href = event.detail.xhr.responseURL || location.href;
    }
  });
  document.addEventListener('htmx:afterSettle', event => {
    all('#toasts .toast').forEach(ageToast);
    if (event.target.id === 'pal-list') { choose(options()[0]); return; }
    const heading = one('[data-focus]', event.target) || (event.target.matches?.('[data-focus]') ? event.target : null);
    if (heading) { heading.tabIndex = -1; heading.focus(); }
  });
  one('[data-focus-first]')?.focus();
})();
