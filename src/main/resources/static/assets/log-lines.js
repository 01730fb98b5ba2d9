// The lines of a log that a page holds: a window into it that grows at both ends and is cut at the other one when it holds too many.
import { coloured } from './log-colours.js';

const MOST = 6000;

// In any case of ASCII letters, as the service searches.
export const lower = text => text.replace(/[A-Z]+/g, letters => letters.toLowerCase());

const number = text => (text === undefined || text === '' ? null : Number(text));

export class LogLines {
  // One piece for each answer, in their order, so that the offsets where the window begins and ends are known to the byte. `open` is where
  // the last line begins while it has no end: it is asked for again, and stays one line.
  constructor(box, list, { start, end, open, first }, address) {
    this.box = box;
    this.address = address;
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
    const top = this.box.scrollTop;
    const { rows } = this.pieces.shift();
    for (let left = rows; left > 0; left--) this.list.firstElementChild.remove();
    if (this.first !== null) this.first += rows;
    this.scroll(top - (height - this.box.scrollHeight));
  }

  numberFrom(first) {
    this.first = first;
    [...this.list.children].forEach((line, at) => this.name(line, line.firstChild, first + at));
  }

  rows(texts, first) {
    return texts.map((text, at) => this.row(text, first === null ? null : first + at));
  }

  row(text, no) {
    const line = document.createElement('div');
    line.className = 'line';
    const link = document.createElement('a');
    link.className = 'no';
    this.name(line, link, no);
    const said = document.createElement('span');
    said.className = 'text';
    this.mark(said, text);
    line.append(link, said);
    return line;
  }

  // With an address that names the stream, so that it leads here from anywhere.
  name(line, link, no) {
    link.textContent = no === null ? '·' : no;
    if (no === null) return;
    line.id = 'L' + no;
    link.href = this.address(no);
  }

  // Marks the text in every line that is there, and in those that come.
  highlight(text) {
    this.wanted = lower(text);
    [...this.list.children].forEach(line => {
      line.lastChild.querySelectorAll('mark').forEach(each => each.replaceWith(...each.childNodes));
      line.lastChild.normalize();
      this.markIn(line.lastChild);
    });
  }

  mark(said, text) {
    said.replaceChildren(
      ...coloured(text).map(({ text, css }) => {
        if (!css) return document.createTextNode(text);
        const piece = document.createElement('span');
        piece.className = css;
        piece.textContent = text;
        return piece;
      })
    );
    this.markIn(said);
  }

  // A hit may begin in one colour and end in another: each of its parts is marked.
  markIn(said) {
    if (!this.wanted) return;
    const whole = lower(said.textContent);
    const hits = [];
    for (let at = whole.indexOf(this.wanted); at >= 0; at = whole.indexOf(this.wanted, at + this.wanted.length)) hits.push(at);
    if (!hits.length) return;
    const texts = [];
    const walker = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) texts.push(walker.currentNode);
    let begin = 0;
    for (const node of texts) {
      const text = node.nodeValue;
      const parts = [];
      let from = 0;
      for (const hit of hits) {
        const start = Math.max(hit - begin, from);
        const end = Math.min(hit + this.wanted.length - begin, text.length);
        if (start >= end) continue;
        const made = document.createElement('mark');
        made.textContent = text.slice(start, end);
        parts.push(text.slice(from, start), made);
        from = end;
      }
      begin += text.length;
      if (parts.length) node.replaceWith(...parts, text.slice(from));
    }
  }

  point(line, stays) {
    this.list.querySelectorAll('.marked').forEach(each => each.classList.remove('marked'));
    if (!line) return;
    line.classList.add('marked');
    if (stays) return;
    this.scroll(line.offsetTop - this.box.offsetTop - this.box.clientHeight / 3);
  }

  // Scrolling by hand is told from ours by where we left it.
  scroll(top) {
    this.box.scrollTop = top;
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
