// The log viewer. It holds a window of lines, asks for the ones above and below as they are scrolled to, and never for the whole log.
(() => {
  'use strict';
  const MOST = 6000;
  const STEP = 500;

  const root = document.getElementById('log');
  if (!root) return;
  const part = name => root.querySelector('[data-' + name + ']');
  const box = part('log');
  const lines = part('lines');
  const status = part('status');
  const absent = part('absent');
  const followBox = part('follow');

  const number = text => text === undefined || text === '' ? null : Number(text);
  const state = {
    attempt: root.dataset.attempt,
    stream: root.dataset.stream,
    start: number(root.dataset.start),
    end: number(root.dataset.end),
    size: number(root.dataset.size) || 0,
    first: number(root.dataset.first),
    coming: root.dataset.coming === 'true',
    progress: number(root.dataset.progress) ?? 1,
    busy: false,
    found: null,
    text: ''
  };

  async function ask(rest, values) {
    const query = new URLSearchParams({ attempt: state.attempt, ...values });
    const answer = await fetch(root.dataset.url + encodeURIComponent(state.stream) + rest + '?' + query, { headers: { Accept: 'application/json' } });
    return answer.ok ? answer.json() : null;
  }

  const look = (place, at, count) => ask('', { place, at: at || 0, lines: count || STEP });

  function row(text, no) {
    const line = document.createElement('div');
    line.className = 'line';
    const link = document.createElement('a');
    link.className = 'no';
    name(line, link, no);
    const shown = document.createElement('span');
    shown.className = 'text';
    mark(shown, text);
    line.append(link, shown);
    return line;
  }

  function name(line, link, no) {
    link.textContent = no === null ? '·' : no;
    if (no === null) return;
    line.id = 'L' + no;
    link.href = '#L' + no;
  }

  function mark(shown, text) {
    if (!state.text) { shown.textContent = text; return; }
    const lower = text.toLowerCase();
    let from = 0;
    for (let at = lower.indexOf(state.text); at >= 0; at = lower.indexOf(state.text, from)) {
      const hit = document.createElement('mark');
      hit.textContent = text.slice(at, at + state.text.length);
      shown.append(text.slice(from, at), hit);
      from = at + state.text.length;
    }
    shown.append(text.slice(from));
  }

  const rows = seen => seen.lines.map((text, at) => row(text, seen.firstLine === null ? null : seen.firstLine + at));
  const bytes = text => new TextEncoder().encode(text).length;

  function show(seen) {
    lines.replaceChildren(...rows(seen));
    Object.assign(state, { start: seen.start, end: seen.end, size: seen.size, first: seen.firstLine });
    tell(seen.progress);
    if (seen.firstLine === null && seen.lines.length) count();
  }

  // A long log is numbered afterwards: its lines are readable before they are counted.
  async function count() {
    const start = state.start;
    let answer = await ask('/number', { at: start });
    while (answer && answer.line === null && state.start === start) answer = await ask('/number', { at: start });
    if (!answer || answer.line === null || state.start !== start) return;
    state.first = answer.line;
    [...lines.children].forEach((line, at) => name(line, line.firstChild, answer.line + at));
    toHash(false);
  }

  function tell(progress) {
    absent.hidden = lines.childElementCount > 0;
    if (!absent.hidden && (!absent.textContent.trim() || absent.dataset.of === 'progress')) {
      absent.dataset.of = 'progress';
      absent.textContent = progress < 1 ? 'The log is being unpacked …' : 'Nothing was printed here.';
    }
    const mb = state.size / 1048576;
    const size = mb >= 1 ? mb.toFixed(1) + ' MB' : state.size < 1024 ? state.size + ' B' : Math.round(state.size / 1024) + ' KB';
    state.progress = progress;
    status.textContent = progress < 1 ? 'Unpacking ' + Math.floor(progress * 100) + ' % … ' + size : state.size ? size : '';
  }

  async function above() {
    if (!state.start) return;
    const seen = await look('BEFORE', state.start);
    if (!seen || !seen.lines.length) return;
    const height = box.scrollHeight;
    const top = box.scrollTop;
    lines.prepend(...rows(seen));
    state.start = seen.start;
    state.first = seen.firstLine;
    box.scrollTop = top + box.scrollHeight - height;
    while (lines.childElementCount > MOST) drop(lines.lastElementChild, true);
  }

  async function below() {
    const last = lines.lastElementChild;
    const seen = await look('FROM', state.end);
    if (!seen) return false;
    state.size = seen.size;
    if (!seen.lines.length) { tell(seen.progress); return false; }
    let added = rows(seen);
    if (last && last.dataset.open === 'true') {
      last.lastChild.textContent += added[0].lastChild.textContent;
      added = added.slice(1);
      delete last.dataset.open;
      let no = state.first === null ? null : state.first + lines.childElementCount;
      added.forEach(line => { if (no !== null) { line.removeAttribute('id'); name(line, line.firstChild, no++); } });
    }
    lines.append(...added);
    state.end = seen.end;
    if (state.first === null) state.first = seen.firstLine;
    tell(seen.progress);
    const top = box.scrollTop;
    let gone = 0;
    while (lines.childElementCount > MOST) { gone += lines.firstElementChild.offsetHeight; drop(lines.firstElementChild, false); }
    if (gone) box.scrollTop = top - gone;
    return true;
  }

  function drop(line, atEnd) {
    // Positions are bytes: where the window now ends is asked for again rather than guessed.
    line.remove();
    state.stale = atEnd ? 'end' : 'start';
  }

  async function settle() {
    if (!state.stale) return;
    const first = lines.firstElementChild && number((lines.firstElementChild.id || '').slice(1));
    const end = state.stale;
    state.stale = null;
    if (!first) return;
    if (end === 'start') {
      const seen = await ask('', { place: 'LINE', at: first, lines: 1 });
      if (seen) { state.start = seen.start; state.first = first; }
    } else {
      const last = number(lines.lastElementChild.id.slice(1));
      const seen = await ask('', { place: 'LINE', at: last + 1, lines: 1 });
      if (seen) state.end = seen.start;
    }
  }

  async function alone(work) {
    if (state.busy) return undefined;
    state.busy = true;
    try { const result = await work(); await settle(); return result; } catch (offline) { return undefined; } finally { state.busy = false; }
  }

  const atBottom = () => box.scrollHeight - box.scrollTop - box.clientHeight < 30;
  const toBottom = () => { box.scrollTop = box.scrollHeight; };

  const end = () => alone(async () => { const seen = await look('END'); if (seen) { show(seen); toBottom(); } });

  async function toLine(no) {
    followBox.checked = false;
    if (!document.getElementById('L' + no)) {
      await alone(async () => { const seen = await look('LINE', no); if (seen) show(seen); });
    }
    point(document.getElementById('L' + no));
  }

  function point(line) {
    lines.querySelectorAll('.marked').forEach(each => each.classList.remove('marked'));
    if (!line) return;
    line.classList.add('marked');
    box.scrollTop = line.offsetTop - box.offsetTop - box.clientHeight / 3;
  }

  function toHash(load) {
    const wanted = /^#L(\d+)$/.exec(location.hash);
    if (!wanted) return false;
    const line = document.getElementById('L' + wanted[1]);
    if (load || line) toLine(Number(wanted[1]));
    return true;
  }

  async function find(text) {
    const again = text.toLowerCase() === state.text && state.found !== null;
    state.text = text.toLowerCase();
    if (!text) { state.found = null; [...lines.children].forEach(line => { const shown = line.lastChild; const plain = shown.textContent; shown.textContent = plain; }); return; }
    let from = again ? state.found : 0;
    let wrapped = !again;
    for (;;) {
      status.textContent = 'Searching … ' + (from / 1048576).toFixed(0) + ' MB';
      const found = await ask('/find', { text, from });
      if (!found) { status.textContent = 'The search failed.'; return; }
      if (found.position !== null) {
        state.found = found.searchedTo;
        followBox.checked = false;
        await alone(async () => {
          const seen = await look('FROM', found.position, STEP);
          if (!seen) return;
          show(seen);
          const before = await look('BEFORE', found.position, 40);
          const top = before ? rows(before) : [];
          lines.prepend(...top);
          if (before && before.lines.length) { state.start = before.start; state.first = before.firstLine; }
          point(lines.children[top.length]);
        });
        return;
      }
      if (found.isOver && wrapped) { status.textContent = 'Not found.'; state.found = null; return; }
      if (found.isOver) { wrapped = true; from = 0; } else from = found.searchedTo;
    }
  }

  async function poll() {
    if (document.hidden || (!state.coming && state.progress === 1)) return;
    const stick = followBox.checked;
    if (state.progress < 1) {
      // Its end is not known before all of it is unpacked: what there is of it is shown meanwhile.
      await alone(async () => {
        const seen = await look('END');
        if (!seen) return;
        if (stick) { show(seen); toBottom(); } else { state.size = seen.size; tell(seen.progress); }
      });
      return;
    }
    if (state.end === null || !lines.childElementCount) {
      const seen = await look('END').catch(() => null);
      if (seen && seen.lines.length) { show(seen); toBottom(); tabs(); }
      return;
    }
    if (stick) { const more = await alone(below); if (more) toBottom(); }
  }

  const tabs = () => { const nav = document.getElementById('tabs'); if (nav) htmx.trigger(nav, 'refresh'); };

  box.addEventListener('scroll', () => {
    if (state.busy) return;
    if (followBox.checked && !atBottom()) followBox.checked = false;
    if (box.scrollTop < 400 && state.start) alone(above);
    else if (box.scrollHeight - box.scrollTop - box.clientHeight < 400 && state.end !== null && state.end < state.size) alone(below);
  });
  part('wrap').addEventListener('change', event => box.classList.toggle('wrap', event.target.checked));
  followBox.addEventListener('change', () => { if (followBox.checked) end(); });
  part('top').addEventListener('click', () => { followBox.checked = false; alone(async () => { const seen = await look('FROM', 0); if (seen) { show(seen); box.scrollTop = 0; } }); });
  part('bottom').addEventListener('click', end);
  part('search').addEventListener('submit', event => { event.preventDefault(); find(root.querySelector('#log-find').value); });
  window.addEventListener('hashchange', () => toHash(true));
  document.addEventListener('slipway:ended', () => { setTimeout(() => { alone(below).then(() => { if (followBox.checked) toBottom(); }); tabs(); }, 300); });

  part('tools').hidden = false;
  tell(state.progress);
  if (state.first === null && lines.childElementCount) count();
  followBox.checked = state.coming || state.progress < 1;
  if (!toHash(true)) toBottom();
  setInterval(poll, 1000);
  if (state.coming) setInterval(tabs, 15000);
})();
