// What every page does: times in the reader's own zone, durations that go on counting, and news from the service.
(() => {
  'use strict';
  const two = n => String(n).padStart(2, '0');

  function exact(ms) {
    const s = Math.max(0, Math.floor(ms / 1000));
    if (s < 60) return s + ' s';
    if (s < 3600) return Math.floor(s / 60) + ' m ' + two(s % 60) + ' s';
    if (s < 86400) return Math.floor(s / 3600) + ' h ' + two(Math.floor(s / 60) % 60) + ' m';
    return Math.floor(s / 86400) + ' d ' + Math.floor(s / 3600) % 24 + ' h';
  }

  function ago(ms) {
    const s = Math.floor(ms / 1000);
    if (s < 5) return 'just now';
    if (s < 60) return s + ' s ago';
    if (s < 3600) return Math.floor(s / 60) + ' min ago';
    if (s < 172800) return Math.floor(s / 3600) + ' h ago';
    return Math.floor(s / 86400) + ' days ago';
  }

  const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  const say = (element, text) => { if (element.textContent !== text) element.textContent = text; };

  function tick() {
    const now = Date.now();
    document.querySelectorAll('time[data-ago]').forEach(each => {
      const at = new Date(each.dateTime);
      say(each, ago(now - at));
      each.title = full.format(at);
    });
    document.querySelectorAll('time[data-full]').forEach(each => say(each, full.format(new Date(each.dateTime))));
    document.querySelectorAll('[data-since]').forEach(each => say(each, exact(now - new Date(each.dataset.since))));
  }

  // What was unfolded stays so when a part of the page is put in place anew.
  function keepUnfolded() {
    let open = [];
    document.body.addEventListener('htmx:beforeSwap', event => {
      open = [...event.detail.target.querySelectorAll('details')].map(each => each.open);
    });
    document.body.addEventListener('htmx:afterSwap', () => {
      const live = document.getElementById('live');
      if (live) live.querySelectorAll('details').forEach((each, at) => { if (at in open) each.open = open[at]; });
      tick();
    });
  }

  // Asks for the live part again, but not more often than every `gap`, and not while nobody looks.
  function refresher(gap) {
    let last = 0;
    let planned = null;
    return () => {
      if (planned || document.hidden) return;
      planned = setTimeout(() => {
        planned = null;
        last = Date.now();
        const live = document.getElementById('live');
        if (live && !document.hidden) htmx.trigger(live, 'refresh');
      }, Math.max(50, gap - (Date.now() - last)));
    };
  }

  function follow() {
    const live = document.getElementById('live');
    if (!live || !live.dataset.live || live.dataset.live === 'ended' || live.dataset.live === 'page') return;
    const refresh = refresher(1000);
    const timer = setInterval(refresh, 2000);
    document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });
    document.body.addEventListener('htmx:afterSwap', () => {
      const now = document.getElementById('live');
      if (now && now.dataset.live === 'ended') {
        clearInterval(timer);
        document.dispatchEvent(new CustomEvent('slipway:ended'));
      }
    });
  }

  document.addEventListener('DOMContentLoaded', () => {
    tick();
    setInterval(tick, 1000);
    keepUnfolded();
    follow();
    document.querySelectorAll('.filters').forEach(form => {
      form.addEventListener('change', () => form.requestSubmit());
      // Empty fields do not belong in the address.
      form.addEventListener('submit', () => form.querySelectorAll('input, select').forEach(each => {
        if (each.type !== 'checkbox' && !each.value) each.disabled = true;
      }));
      window.addEventListener('pageshow', () => form.querySelectorAll('[disabled]').forEach(each => { each.disabled = false; }));
    });
  });
})();
