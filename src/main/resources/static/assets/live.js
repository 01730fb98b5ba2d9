// Pages that follow what happens: one stream a page, none while nobody looks, and news put in place without a jump.
(() => {
  'use strict';
  const GAP = 1000;
  const opened = new Set();

  // What htmx's extension takes for an EventSource. It tells `change` once for whatever comes within a gap, and is asleep while the page is hidden:
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

    tell(type, event) {
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
        if (this.onopen) this.onopen(event);
        if (again) this.changed(0);
      };
      source.onmessage = () => this.changed(GAP);
      source.addEventListener('end', event => {
        this.changed(0);
        this.tell('end', event);
      });
      source.onerror = event => {
        if (source !== this.source) return;
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
          this.tell('change');
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

  // Makes what is there like what is wanted and leaves alone what is the same: focus, selection, scrolled places and folds stay.
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

  htmx.defineExtension('patch', {
    isInlineSwap: style => style === 'patch',
    handleSwap: (style, target, fragment) => {
      if (style !== 'patch') return false;
      const wanted = fragment.querySelector('#' + target.id);
      if (wanted) patch(target, wanted);
      // Nothing that htmx has to look at: it would forget the request that waits for this one's end.
      return [];
    }
  });

  document.addEventListener('DOMContentLoaded', () => {
    const live = document.getElementById('live');
    if (!live) return;
    const isOver = () => Boolean(live.querySelector('[data-over]'));
    let over = isOver();
    document.body.addEventListener('htmx:afterSwap', event => {
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
