// The lines of a log that a page holds: a window into it that grows at both ends and is cut at the other one when it holds too many.
const MOST = 6000;

// In any case of ASCII letters, as the service searches.
export const lower = text => text.replace(/[A-Z]+/g, letters => letters.toLowerCase());

const number = text => (text === undefined || text === '' ? null : Number(text));

export class LogLines {
  // One piece for each answer, in their order, so that the places where the window begins and ends are known to the byte. `open` is where
  // the last line begins while it has no end: it is asked for again, and stays one line.
  constructor(box, list, { start, end, open, first }) {
    this.box = box;
    this.list = list;
    this.pieces = list.childElementCount ? [{ start: number(start), end: number(end), rows: list.childElementCount }] : [];
    this.open = number(open);
    this.first = number(first);
    this.wanted = '';
    this.top = 0;
  }

  get isEmpty() {
    return !this.pieces.length;
  }

  get begin() {
    return this.isEmpty ? 0 : this.pieces[0].start;
  }

  get end() {
    return this.isEmpty ? 0 : this.pieces[this.pieces.length - 1].end;
  }

  // Where to ask for what comes behind the lines that are whole.
  get next() {
    return this.open ?? this.end;
  }

  show(seen) {
    this.list.replaceChildren(...this.rows(seen.lines, seen.firstLine));
    this.pieces = seen.lines.length ? [piece(seen)] : [];
    this.first = seen.firstLine;
    this.open = seen.open;
  }

  // How many it were.
  prepend(seen) {
    if (!seen?.lines.length) return 0;
    const height = this.box.scrollHeight;
    this.list.prepend(...this.rows(seen.lines, seen.firstLine));
    this.scroll(this.box.scrollTop + this.box.scrollHeight - height);
    this.pieces.unshift(piece(seen));
    this.first = seen.firstLine;
    while (this.isTooLong()) {
      for (let left = this.pieces.pop().rows; left > 0; left--) this.list.lastElementChild.remove();
      this.open = null;
    }
    return seen.lines.length;
  }

  append(seen) {
    const known = this.open !== null && this.open === seen.start ? 1 : 0;
    const no = this.first === null ? seen.firstLine : this.first + this.list.childElementCount - known;
    if (known) {
      const last = this.pieces[this.pieces.length - 1];
      last.end = seen.start;
      if (!--last.rows) this.pieces.pop();
      this.mark(this.list.lastElementChild.lastChild, seen.lines[0]);
    }
    this.list.append(...this.rows(seen.lines.slice(known), no === null ? null : no + known));
    this.pieces.push(piece(seen));
    if (this.first === null && this.pieces.length === 1) this.first = no;
    this.open = seen.open;
    while (this.isTooLong()) this.dropFirst();
  }

  isTooLong() {
    return this.list.childElementCount > MOST && this.pieces.length > 1;
  }

  dropFirst() {
    const height = this.box.scrollHeight;
    const place = this.box.scrollTop;
    const { rows } = this.pieces.shift();
    for (let left = rows; left > 0; left--) this.list.firstElementChild.remove();
    if (this.first !== null) this.first += rows;
    this.scroll(place - (height - this.box.scrollHeight));
  }

  numberFrom(first) {
    this.first = first;
    [...this.list.children].forEach((line, at) => name(line, line.firstChild, first + at));
  }

  rows(texts, first) {
    return texts.map((text, at) => this.row(text, first === null ? null : first + at));
  }

  row(text, no) {
    const line = document.createElement('div');
    line.className = 'line';
    const link = document.createElement('a');
    link.className = 'no';
    name(line, link, no);
    const said = document.createElement('span');
    said.className = 'text';
    this.mark(said, text);
    line.append(link, said);
    return line;
  }

  // Lines that are there keep what is marked in them until they are shown again.
  highlight(text) {
    this.wanted = lower(text);
    if (!text) [...this.list.children].forEach(line => this.mark(line.lastChild, line.lastChild.textContent));
  }

  mark(said, text) {
    said.textContent = this.wanted ? '' : text;
    if (!this.wanted) return;
    const lowered = lower(text);
    let from = 0;
    for (let at = lowered.indexOf(this.wanted); at >= 0; at = lowered.indexOf(this.wanted, from)) {
      const hit = document.createElement('mark');
      hit.textContent = text.slice(at, at + this.wanted.length);
      said.append(text.slice(from, at), hit);
      from = at + this.wanted.length;
    }
    said.append(text.slice(from));
  }

  point(line) {
    this.list.querySelectorAll('.marked').forEach(each => each.classList.remove('marked'));
    if (!line) return;
    line.classList.add('marked');
    this.scroll(line.offsetTop - this.box.offsetTop - this.box.clientHeight / 3);
  }

  // Scrolling by hand is told from ours by where we left it.
  scroll(place) {
    this.box.scrollTop = place;
    this.top = this.box.scrollTop;
  }

  toBottom() {
    this.scroll(this.box.scrollHeight);
  }

  get isAtBottom() {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < 30;
  }

  wasScrolledUp() {
    const up = this.box.scrollTop < this.top - 2 && !this.isAtBottom;
    this.top = this.box.scrollTop;
    return up;
  }

  // Whatever is done to them, the first line that is seen stays where it is.
  keepingPlace(change) {
    const seen = [...this.list.children].find(line => line.offsetTop - this.box.offsetTop + line.offsetHeight > this.box.scrollTop);
    const off = seen ? seen.offsetTop - this.box.scrollTop : 0;
    change();
    if (seen) this.scroll(seen.offsetTop - off);
  }
}

const piece = seen => ({ start: seen.start, end: seen.end, rows: seen.lines.length });

function name(line, link, no) {
  link.textContent = no === null ? '·' : no;
  if (no === null) return;
  line.id = 'L' + no;
  link.href = '#L' + no;
}
