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
// The address of a line names its stream: it leads here from anywhere, by way of the login page, too.
const address = no =>
  root.dataset.page + '?' + new URLSearchParams({ attempt: root.dataset.attempt, log: root.dataset.stream, line: no }) + '#L' + no;
const lines = new LogLines(box, part('lines'), root.dataset, address);
// Numbers of the lines with the text, in their order, as far as they are known.
const search = { text: '', hits: [], at: -1, to: 0, run: 0 };
const MOST_HITS = 10000;

// Talking to the service

async function ask(rest, values) {
  const query = new URLSearchParams({ attempt: root.dataset.attempt, ...values });
  let answer;
  try {
    answer = await fetch(root.dataset.url + encodeURIComponent(root.dataset.stream) + rest + '?' + query, {
      headers: { Accept: 'application/json' }
    });
  } catch (failure) {
    document.dispatchEvent(new CustomEvent('slipway:lost', { detail: 'log' }));
    throw failure;
  }
  document.dispatchEvent(new CustomEvent(answer.status === 401 ? 'slipway:lost' : 'slipway:found', { detail: 'log' }));
  return answer.ok ? answer.json() : null;
}

async function look(anchor, at, count) {
  const answer = await ask('', { anchor, at: at || 0, lines: count || STEP });
  if (!answer) return null;
  log.coming = answer.coming;
  const seen = answer.window;
  say(absent, lines.isEmpty ? answer.absent : null);
  say(note, answer.note);
  if (!seen) return null;
  const isNew = part('download').hidden || (log.progress < 1 && seen.log.progress === 1);
  Object.assign(log, seen.log);
  part('download').hidden = false;
  showSize();
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

function say(element, text) {
  if (text && element.textContent !== text) element.textContent = text;
  if (element.hidden === Boolean(text)) element.hidden = !text;
}

function showSize() {
  const mb = log.size / 1048576;
  const size = mb >= 1 ? mb.toFixed(1) + ' MB' : log.size < 1024 ? log.size + ' B' : Math.round(log.size / 1024) + ' KB';
  const known = log.progress < 1 ? 'Unpacking ' + Math.floor(log.progress * 100) + ' % … ' + size : log.size ? size : '';
  status.textContent = search.text ? found() : known;
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
  // A login in between loses the hash, and keeps the rest of the address.
  const no = /^#L(\d+)$/.exec(location.hash)?.[1] || root.dataset.line;
  if (!no) return false;
  if (load || document.getElementById('L' + no)) toLine(Number(no));
  return true;
}

// Searching

function found() {
  const count = search.hits.length;
  const more = search.to < log.size && count >= MOST_HITS ? '+' : '';
  if (search.isGoingOn) return (count ? search.at + 1 + ' of ' + count + ' … ' : 'Searching … ') + (search.to / 1048576).toFixed(0) + ' MB';
  if (count) return search.at + 1 + ' of ' + count + more + (count === 1 ? ' line' : ' lines');
  return log.progress < 1 ? 'Not found in what is unpacked so far.' : 'Not found.';
}

function find(text, by) {
  if (lower(text) !== search.text) {
    Object.assign(search, { text: lower(text), hits: [], at: -1, to: 0, run: search.run + 1, isGoingOn: false });
    lines.highlight(text);
    if (text) lookOn(text, search.run);
    showSize();
    return;
  }
  if (!search.hits.length) {
    if (text) lookOn(text, search.run);
    return;
  }
  const at = search.at + by;
  // What was printed since may have it, too.
  if (at >= search.hits.length && !search.isGoingOn && search.to < log.size) lookOn(text, search.run, true);
  else step((at + search.hits.length) % search.hits.length);
}

function step(at) {
  search.at = at;
  showSize();
  return alone(() => showHit(search.hits[at]));
}

// Finds all lines that have it from where the search stands, and goes to the first of them at once.
async function lookOn(text, run, goOn) {
  if (search.isGoingOn) return;
  search.isGoingOn = true;
  const before = search.hits.length;
  const isOld = () => run !== search.run;
  try {
    for (let over = false; !over && search.hits.length < MOST_HITS; ) {
      showSize();
      const answer = await ask('/find', { text, from: search.to });
      if (isOld() || !answer) break;
      const last = search.hits[search.hits.length - 1];
      search.hits.push(...answer.lines.filter(line => last === undefined || line > last));
      search.to = answer.searchedTo;
      over = answer.isOver;
      if (search.at < 0 && search.hits.length) step(0);
    }
  } catch {
    // The page says that its connection is lost.
  }
  if (isOld()) return;
  search.isGoingOn = false;
  if (goOn) step(search.hits.length > before ? before : 0);
  showSize();
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
const wanted = root.querySelector('#log-find');
part('search').addEventListener('submit', event => {
  event.preventDefault();
  find(wanted.value, 1);
});
part('previous').addEventListener('click', () => find(wanted.value, -1));
wanted.addEventListener('keydown', event => {
  if (event.key !== 'Enter' || !event.shiftKey) return;
  event.preventDefault();
  find(wanted.value, -1);
});
// A line that is there is pointed at; the address says which.
lines.list.addEventListener('click', event => {
  const link = event.target.closest('a.no[href]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.replaceState(history.state, '', link.href);
  followBox.checked = false;
  lines.point(link.parentElement, true);
});
window.addEventListener('hashchange', () => toHash(true));

showSize();
followBox.checked = log.coming || log.progress < 1;
if (lines.first === null && !lines.isEmpty) count();
if (!toHash(true)) {
  lines.toBottom();
  alone(fill);
}
plan();
