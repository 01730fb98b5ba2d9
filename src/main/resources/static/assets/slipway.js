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
    document.querySelectorAll('.spans').forEach(grow);
  }

  // The bar of a job that goes on, laid out as the service does it: no state is too narrow to be seen.
  function grow(bar) {
    const all = [...bar.children];
    const open = all.find(each => each.dataset.open);
    if (!open) return;
    const times = all.map(each => (each === open ? Math.max(0, Date.now() - new Date(open.dataset.open)) : Number(each.dataset.ms)));
    const whole = times.reduce((sum, each) => sum + each, 0) || 1;
    let x = 0;
    all.forEach((each, at) => {
      const width = 10 + ((1000 - 10 * all.length) * times[at]) / whole;
      each.setAttribute('x', x.toFixed(1));
      each.setAttribute('width', Math.max(2, width - 2).toFixed(1));
      x += width;
    });
  }

  async function copy(text) {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return;
    }
    // Without TLS a browser has no clipboard to write to.
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'visually-hidden';
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }

  function copyFrom(button) {
    const text = button.dataset.copyText ?? document.querySelector(button.dataset.copy).textContent;
    const label = button.textContent;
    copy(text.trim())
      .then(() => 'Copied')
      .catch(() => 'Not copied')
      .then(said => {
        button.textContent = said;
        setTimeout(() => {
          button.textContent = label;
        }, 1200);
      });
  }

  // Buttons for selected rows are of no use before there are some.
  function countSelected() {
    const line = document.getElementById('selected-count');
    if (!line) return;
    const count = document.querySelectorAll('.pick:checked').length;
    say(line, count + ' selected');
    document.querySelectorAll('[data-selected]').forEach(each => {
      const wanted = Number(each.dataset.selected);
      const of = wanted === 2 ? count === 2 : count > 0;
      if (each.localName === 'button') each.disabled = !of;
      else if (of) each.removeAttribute('aria-disabled');
      else each.setAttribute('aria-disabled', 'true');
    });
  }

  function closeConfirms(except) {
    document.querySelectorAll('details.confirm[open]').forEach(each => {
      if (each !== except) each.open = false;
    });
  }

  // "/" goes to the search of the page, as everywhere.
  function slash(event) {
    if (event.key === 'Escape') closeConfirms(null);
    const isTyping = event.target.closest?.('input, textarea, select, [contenteditable]');
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = document.querySelector('[data-slash]');
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  }

  document.addEventListener('DOMContentLoaded', () => {
    tick();
    setInterval(tick, 1000);
    document.body.addEventListener('htmx:afterSwap', () => {
      tick();
      countSelected();
    });
    countSelected();
    document.addEventListener('change', event => {
      if (event.target.classList.contains('pick')) countSelected();
    });
    window.addEventListener('pageshow', countSelected);
    document.addEventListener('keydown', slash);
    document.addEventListener('click', event => {
      closeConfirms(event.target.closest('details.confirm'));
      const summary = event.target.closest('summary[aria-disabled]');
      if (summary) event.preventDefault();
      const button = event.target.closest('button.copy');
      if (button) copyFrom(button);
    });
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
