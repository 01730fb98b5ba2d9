// What every page does: times in the reader's own zone, and durations that go on counting.
(() => {
  'use strict';
  const two = n => String(n).padStart(2, '0');

  function exact(ms) {
    const s = Math.max(0, Math.floor(ms / 1000));
    if (s < 60) return s + ' s';
    if (s < 3600) return Math.floor(s / 60) + ' m ' + two(s % 60) + ' s';
    if (s < 86400) return Math.floor(s / 3600) + ' h ' + two(Math.floor(s / 60) % 60) + ' m';
    return Math.floor(s / 86400) + ' d ' + (Math.floor(s / 3600) % 24) + ' h';
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
  const say = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };

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

  document.addEventListener('DOMContentLoaded', () => {
    tick();
    setInterval(tick, 1000);
    document.body.addEventListener('htmx:afterSwap', tick);
    document.querySelectorAll('.filters').forEach(form => {
      form.addEventListener('change', () => form.requestSubmit());
      // Empty fields do not belong in the address.
      form.addEventListener('submit', () =>
        form.querySelectorAll('input, select').forEach(each => {
          if (each.type !== 'checkbox' && !each.value) each.disabled = true;
        })
      );
      window.addEventListener('pageshow', () =>
        form.querySelectorAll('[disabled]').forEach(each => {
          each.disabled = false;
        })
      );
    });
  });
})();
