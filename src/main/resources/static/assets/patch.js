// Puts news in place without a jump: what is the same is left alone, so that focus, selection, scroll positions and folds stay.
(() => {
  'use strict';

  function patch(known, wanted) {
    if (known.nodeType !== Node.ELEMENT_NODE) {
      if (known.nodeValue !== wanted.nodeValue) known.nodeValue = wanted.nodeValue;
      return;
    }
    for (const { name, value } of wanted.attributes) if (known.getAttribute(name) !== value) known.setAttribute(name, value);
    for (const { name } of [...known.attributes]) {
      if (!wanted.hasAttribute(name) && !(name === 'open' && known.localName === 'details')) known.removeAttribute(name);
    }
    children(known, wanted);
  }

  function children(known, wanted) {
    const kept = new Set([...wanted.children].map(each => each.id).filter(Boolean));
    let at = known.firstChild;
    const skipGone = () => {
      while (at?.id && !kept.has(at.id)) {
        const gone = at;
        at = at.nextSibling;
        gone.remove();
      }
    };
    for (const next of [...wanted.childNodes]) {
      skipGone();
      let same = at;
      if (next.id) same = [...known.children].find(each => each.id === next.id);
      else if (!at || at.id || at.nodeName !== next.nodeName) same = null;
      if (!same) {
        known.insertBefore(next, at);
        continue;
      }
      if (same === at) at = at.nextSibling;
      else known.insertBefore(same, at);
      patch(same, next);
    }
    while (at) {
      const gone = at;
      at = at.nextSibling;
      gone.remove();
    }
  }

  // A list that somebody points at, or has chosen rows of, does not move: its rows change where they are, and a line says how many are new.
  const rowsOf = part => [...part.querySelectorAll('tr[id]')];
  const isHeld = list =>
    Boolean(list?.matches(':hover')) || list?.contains(document.activeElement) || Boolean(list?.querySelector('.pick:checked'));
  let held = null;

  function put(target, wanted) {
    const list = target.querySelector('table.jobs');
    if (!list || !isHeld(list)) {
      held = null;
      tellNews(0);
      patch(target, wanted);
      return;
    }
    const next = new Map(rowsOf(wanted).map(row => [row.id, row]));
    const there = new Set(rowsOf(list).map(row => row.id));
    held = { target, wanted: wanted.cloneNode(true) };
    for (const row of rowsOf(list)) {
      const same = next.get(row.id);
      row.classList.toggle('gone', !same);
      if (same) patch(row, same);
    }
    tellNews([...next.keys()].filter(id => !there.has(id)).length);
  }

  function tellNews(count) {
    const line = document.getElementById('news');
    if (!line) return;
    line.textContent = held && !count ? 'The list has changed' : count + ' new';
    line.hidden = !count && !held?.target.querySelector('tr.gone');
  }

  function letGo() {
    if (!held) return;
    const { target, wanted } = held;
    held = null;
    tellNews(0);
    patch(target, wanted);
    document.body.dispatchEvent(new CustomEvent('htmx:afterSwap', { detail: { target } }));
  }

  htmx.defineExtension('patch', {
    isInlineSwap: style => style === 'patch',
    handleSwap: (style, target, fragment) => {
      if (style !== 'patch') return false;
      const wanted = fragment.id === target.id ? fragment : fragment.querySelector('#' + target.id);
      if (wanted) put(target, wanted);
      // Nothing that htmx has to look at: it would forget the request that waits for this one's end.
      return [];
    }
  });

  document.addEventListener('DOMContentLoaded', () => {
    document.getElementById('news')?.addEventListener('click', letGo);
    document.addEventListener('mouseout', event => {
      const list = event.target.closest?.('table.jobs');
      if (list && !list.contains(event.relatedTarget)) setTimeout(() => isHeld(document.querySelector('table.jobs')) || letGo(), 400);
    });
  });
})();
