// Pages that follow what happens: one stream a page, none while nobody looks; and a word while the service cannot be reached.
(() => {
  'use strict';
  const GAP = 1000;
  const opened = new Set();

  // What htmx's extension takes for an EventSource. It emits `change` once for whatever comes within a gap, and is asleep while the page is hidden:
  // who comes back hears what is new from there on, and one `change` for all that was missed.
  class LiveSource {
    constructor(address) {
      this.address = address;
      this.listeners = new Map();
      this.last = 0;
      this.look = () => {
        if (document.hidden) this.sleep();
        else this.wake();
      };
      document.addEventListener('visibilitychange', this.look);
      this.look();
    }

    get readyState() {
      return this.over ? EventSource.CLOSED : this.source ? this.source.readyState : EventSource.CONNECTING;
    }

    addEventListener(type, listener) {
      this.listeners.set(type, listener);
    }

    removeEventListener(type, listener) {
      if (this.listeners.get(type) === listener) this.listeners.delete(type);
    }

    emit(type, event) {
      const listener = this.listeners.get(type);
      if (listener) listener(event || new MessageEvent(type));
    }

    wake() {
      if (this.source || this.over) return;
      // The first time from where the page was made; later from now, and asking for the page as it is.
      const again = opened.has(this.address);
      opened.add(this.address);
      const address = new URL(this.address, location.href);
      if (again) address.searchParams.delete('after');
      const source = new EventSource(address);
      this.source = source;
      source.onopen = event => {
        isFound('stream');
        if (this.onopen) this.onopen(event);
        if (again) this.changed(0);
      };
      source.onmessage = () => this.changed(GAP);
      source.addEventListener('waiting', () => this.changed(GAP));
      source.addEventListener('progress', event => this.emit('progress', event));
      source.addEventListener('end', event => {
        this.ended = true;
        this.changed(0);
        this.emit('end', event);
      });
      source.onerror = event => {
        if (source !== this.source) return;
        if (!this.ended) isLost('stream');
        // Refused: the extension comes back with another of us.
        if (source.readyState === EventSource.CLOSED) this.close();
        if (this.onerror) this.onerror(event);
      };
    }

    changed(gap) {
      if (this.planned && gap) return;
      clearTimeout(this.planned);
      this.planned = setTimeout(
        () => {
          this.planned = null;
          this.last = Date.now();
          this.emit('change');
        },
        Math.max(0, gap - (Date.now() - this.last))
      );
    }

    sleep() {
      opened.add(this.address);
      if (this.source) this.source.close();
      this.source = null;
      clearTimeout(this.planned);
      this.planned = null;
    }

    close() {
      this.over = true;
      document.removeEventListener('visibilitychange', this.look);
      if (this.source) this.source.close();
    }
  }

  htmx.createEventSource = address => new LiveSource(address);

  // What cannot be heard or asked now, by who says so. Said after a moment: a browser comes back from a short break before anybody
  // has noticed it.
  const lost = new Set();
  const SHORT = 2500;
  let telling = null;

  function isLost(who) {
    lost.add(who);
    telling ??= setTimeout(tellLost, SHORT);
  }

  function isFound(who) {
    lost.delete(who);
    if (lost.size) return;
    clearTimeout(telling);
    telling = null;
    const line = document.getElementById('connection');
    if (line) line.hidden = true;
  }

  async function tellLost() {
    const line = document.getElementById('connection');
    const says = text => {
      if (line.textContent !== text) line.textContent = text;
    };
    // Whoever is logged out is sent to the login page.
    const answer = await fetch(location.href, { method: 'HEAD', headers: { Accept: 'text/html' }, redirect: 'manual' }).catch(() => null);
    if (!lost.size) return;
    if (answer?.type === 'opaqueredirect') {
      says('You are logged out. ');
      const link = document.createElement('a');
      link.href = location.href;
      link.textContent = 'Log in again';
      line.append(link);
    } else {
      says('Connection lost. What you see may be out of date; this page tries again by itself.');
      telling = setTimeout(tellLost, SHORT);
    }
    line.hidden = false;
  }

  document.addEventListener('slipway:lost', event => isLost(event.detail));
  document.addEventListener('slipway:found', event => isFound(event.detail));

  document.addEventListener('DOMContentLoaded', () => {
    const live = document.getElementById('live');
    if (!live) return;
    const isOver = () => Boolean(live.querySelector('[data-over]'));
    let over = isOver();
    // The tab says where its job stands.
    const tellState = () => {
      const head = live.querySelector('[data-title]');
      if (!head) return;
      document.title = head.dataset.title;
      const icon = document.getElementById('icon');
      if (icon.getAttribute('href') !== head.dataset.icon) icon.setAttribute('href', head.dataset.icon);
    };
    document.body.addEventListener('htmx:afterSwap', event => {
      if (event.detail.target === live) tellState();
      if (event.detail.target !== live || over || !isOver()) return;
      over = true;
      document.dispatchEvent(new CustomEvent('slipway:ended'));
    });
    // What no event tells of: when a cluster answered last.
    const every = Number(live.dataset.every);
    if (every)
      setInterval(() => {
        if (!document.hidden) htmx.trigger(live, 'sse:change');
      }, every * 1000);
  });
})();
