// Says before a session ends, while there is time to stay, and says so when it has ended.
// data-idle: seconds without use that end it; data-ends: seconds until it ends whatever is done.
(() => {
  'use strict';
  const root = document.documentElement, note = document.getElementById('ending');
  if (!note || !root.dataset.ends) return;
  const WARNING = 120, LOOK = 5, idle = Number(root.dataset.idle || Infinity);
  const now = () => Date.now() / 1000, ends = now() + Number(root.dataset.ends);
  let used = now();
  const show = state => {
    note.hidden = !state;
    note.querySelectorAll('[data-when]').forEach(part => { part.hidden = part.dataset.when !== state; });
  };
  function look() {
    const rest = used + idle - now(), last = ends - now();
    if (Math.min(rest, last) <= 0) { show('over'); return; }
    if (last <= WARNING) show('last');
    else show(rest <= WARNING ? 'idle' : '');
  }
  setInterval(look, LOOK * 1000);
  document.addEventListener('visibilitychange', look);
  document.addEventListener('htmx:afterRequest', event => {
    if (event.detail.xhr?.status && !event.detail.requestConfig.headers['X-Background']) { used = now(); look(); }
  });
  note.querySelector('[data-stay]').addEventListener('click', async () => {
    const answer = await fetch(location.href).catch(() => null);
    if (!answer) return;                              // without a connection nothing is known
    if (answer.redirected) show('over');
    else { used = now(); look(); }
  });
})();
