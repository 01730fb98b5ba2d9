// The log viewer. It holds a window of lines, asks for the ones above and below as they are scrolled to, and never for the whole log.
import { LogLines, lower } from './log-lines.js';

const STEP = 500;
const STEP_BEHIND = 2000;
const EVERY = 1000;
const TABS_EVERY = 15000;
const PENDING_EVERY = 2000;

const root = document.getElementById('log');
const part = name => root.querySelector('[data-' + name + ']');
const box = part('log');
const status = part('status');
const absent = part('absent');
const note = part('note');
const followBox = part('follow');
const nav = document.getElementById('tabs');

const log = { size: Number(root.dataset.size || 0), progress: Number(root.dataset.progress || 1), coming: nav.dataset.coming === 'true' };
const lines = new LogLines(box, part('lines'), root.dataset);
const search = { text: '', next: null };

// Talking to the service

async function ask(rest, values) {
  const query = new URLSearchParams({ attempt: root.dataset.attempt, ...values });
  const answer = await fetch(root.dataset.url + encodeURIComponent(root.dataset.stream) + rest + '?' + query, {
    headers: { Accept: 'application/json' }
  });
  return answer.ok ? answer.json() : null;
}

async function look(place, at, count) {
  const answer = await ask('', { place, at: at || 0, lines: count || STEP });
  if (!answer) return null;
  log.coming = answer.coming;
  const seen = answer.window;
  say(absent, lines.isEmpty ? answer.absent : null);
  say(note, answer.note);
  if (!seen) return null;
  const isNew = part('download').hidden || (log.progress < 1 && seen.log.progress === 1);
  Object.assign(log, seen.log);
  part('download').hidden = false;
  tell();
  if (isNew) tabs();
  return seen;
}

// One thing at a time. What a person wants waits for its turn; what happens by itself is left out while there is something going on.
let turn = Promise.resolve();
let busy = 0;
function alone(work) {
  busy++;
  turn = turn
    .then(work)
    .catch(() => null)
    .finally(() => {
      busy--;
    });
  return turn;
}
const ifFree = work => (busy ? Promise.resolve() : alone(work));

// What is shown

function show(seen) {
  lines.show(seen);
  if (!lines.isEmpty) say(absent, null);
  if (lines.first === null && !lines.isEmpty) count();
}

// A long log is numbered afterwards: its lines are readable before they are counted.
async function count() {
  const start = lines.begin;
  let answer = null;
  do {
    answer = await ask('/number', { at: start }).catch(() => null);
  } while (answer && answer.line === null && lines.begin === start);
  if (!answer || answer.line === null || lines.begin !== start) return;
  lines.numberFrom(answer.line);
  toHash(false);
}

function say(place, text) {
  if (text && place.textContent !== text) place.textContent = text;
  if (place.hidden === Boolean(text)) place.hidden = !text;
}

function tell() {
  const mb = log.size / 1048576;
  const size = mb >= 1 ? mb.toFixed(1) + ' MB' : log.size < 1024 ? log.size + ' B' : Math.round(log.size / 1024) + ' KB';
  status.textContent = log.progress < 1 ? 'Unpacking ' + Math.floor(log.progress * 100) + ' % … ' + size : log.size ? size : '';
}

const stick = () => {
  if (followBox.checked) lines.toBottom();
};

async function above() {
  if (lines.begin > 0) lines.prepend(await look('BEFORE', lines.begin));
}

async function below() {
  const seen = await look('FROM', lines.next, followBox.checked ? STEP_BEHIND : STEP);
  if (seen?.lines.length && seen.end !== lines.end) lines.append(seen);
  return seen;
}

// Where the lines do not fill the box there is nothing to scroll.
async function fill() {
  if (box.scrollHeight <= box.clientHeight) await above();
  stick();
}

async function toEnd() {
  const seen = await look('END');
  if (!seen) return;
  show(seen);
  lines.toBottom();
  await fill();
}

// A program that prints faster than its lines are fetched is looked at where it is.
async function follow() {
  if (lines.isEmpty) return toEnd();
  const seen = await below();
  if (followBox.checked && seen && seen.end < seen.log.size) return toEnd();
  return stick();
}

async function toTop() {
  const seen = await look('FROM', 0);
  if (!seen) return;
  show(seen);
  lines.scroll(0);
}

function toLine(no) {
  followBox.checked = false;
  return alone(async () => {
    if (!document.getElementById('L' + no)) {
      const seen = await look('LINE', no);
      if (seen) show(seen);
    }
    lines.point(document.getElementById('L' + no));
  });
}

function toHash(load) {
  const wanted = /^#L(\d+)$/.exec(location.hash);
  if (!wanted) return false;
  if (load || document.getElementById('L' + wanted[1])) toLine(Number(wanted[1]));
  return true;
}

// Searching

function find(text) {
  const again = lower(text) === search.text && search.next !== null;
  search.text = lower(text);
  lines.highlight(text);
  if (text) {
    alone(() => findFrom(text, again ? search.next : 0, !again));
  } else {
    search.next = null;
    tell();
  }
}

async function findFrom(text, place, isWrapped) {
  let from = place;
  let wrapped = isWrapped;
  for (;;) {
    status.textContent = 'Searching … ' + (from / 1048576).toFixed(0) + ' MB';
    const found = await ask('/find', { text, from });
    if (!found) {
      status.textContent = 'The search failed.';
      return;
    }
    if (found.position !== null) {
      search.next = found.searchedTo;
      await showHit(found.position);
      return;
    }
    if (found.isOver && wrapped) {
      status.textContent = log.progress < 1 ? 'Not found in what is unpacked so far.' : 'Not found.';
      search.next = null;
      return;
    }
    if (found.isOver) {
      wrapped = true;
      from = 0;
    } else from = found.searchedTo;
  }
}

async function showHit(position) {
  followBox.checked = false;
  const seen = await look('FROM', position);
  if (!seen) return;
  show(seen);
  const before = position > 0 ? lines.prepend(await look('BEFORE', position, 40)) : 0;
  lines.point(lines.list.children[before]);
}

// Going on by itself, for as long as there may be something new and somebody looks.

const pending = () => Boolean(document.querySelector('#failure[data-pending]'));
const isOver = () => !log.coming && log.progress === 1 && !pending();
let timer = null;
let tabsAt = Date.now();

// With the failure's box, whose traceback may have come.
function tabs() {
  tabsAt = Date.now();
  htmx.trigger(nav, 'refresh');
}

function plan() {
  if (timer === null && !document.hidden && !isOver()) timer = setTimeout(go, EVERY);
}

async function go() {
  timer = null;
  if (document.hidden) return;
  await ifFree(goOn);
  const waited = Date.now() - tabsAt;
  if ((log.coming && waited >= TABS_EVERY) || (pending() && waited >= PENDING_EVERY)) tabs();
  plan();
}

async function goOn() {
  // The end of what is being unpacked is not known before all of it is: what there is of it is shown meanwhile.
  if (log.progress < 1) {
    const seen = await look('END');
    if (seen && (followBox.checked || lines.isEmpty)) show(seen);
    return fill();
  }
  return log.coming && (followBox.checked || lines.isEmpty) ? follow() : undefined;
}

document.addEventListener('visibilitychange', plan);
document.body.addEventListener('htmx:afterSwap', event => {
  if (event.detail.target === nav) log.coming = nav.dataset.coming === 'true';
  plan();
});
document.addEventListener('slipway:ended', () =>
  setTimeout(() => {
    alone(follow);
    tabs();
  }, 300)
);

// By hand

box.addEventListener('scroll', () => {
  if (lines.wasScrolledUp()) followBox.checked = false;
  if (box.scrollTop < 400 && lines.begin > 0) ifFree(above);
  else if (box.scrollHeight - box.scrollTop - box.clientHeight < 400 && !lines.isEmpty && (lines.end < log.size || log.coming))
    ifFree(below);
});
new ResizeObserver(stick).observe(box);
part('wrap').addEventListener('change', event => {
  lines.keepingPlace(() => box.classList.toggle('wrap', event.target.checked));
  stick();
});
followBox.addEventListener('change', () => {
  if (followBox.checked) alone(toEnd);
});
part('top').addEventListener('click', () => {
  followBox.checked = false;
  alone(toTop);
});
part('bottom').addEventListener('click', () => alone(toEnd));
part('search').addEventListener('submit', event => {
  event.preventDefault();
  find(root.querySelector('#log-find').value);
});
window.addEventListener('hashchange', () => toHash(true));

part('tools').hidden = false;
tell();
followBox.checked = log.coming || log.progress < 1;
if (lines.first === null && !lines.isEmpty) count();
if (!toHash(true)) {
  lines.toBottom();
  alone(fill);
}
plan();
