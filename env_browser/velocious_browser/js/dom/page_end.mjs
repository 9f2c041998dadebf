// The page's end of the channel to a script in a worker: does with the elements what Python asks (see messages.mjs).

import { listen, unlisten } from './events.mjs';
import { morph } from './morph.mjs';
import { problem } from './problems.mjs';
import { advance, fail, tell } from './starting.mjs';

/** @typedef {import('../messages.mjs').FromScript} FromScript */
/** @typedef {import('../messages.mjs').DomProblem} DomProblem */
/** @typedef {import('../messages.mjs').Happening} Happening */

/** What was rendered into an element last; around it others may render. @type {WeakMap<Element, string>} */
const rendered = new WeakMap();

export class PageEnd {
  #port;
  #script;
  /** @type {Map<number, (wrong: DomProblem | null) => void>} */
  #calls = new Map();
  #lastCall = 0;
  /** @type {() => void} */
  #settled = () => {};

  /** @param {MessagePort} port @param {object} script  whose it is */
  constructor(port, script) {
    this.#port = port;
    this.#script = script;
    port.onmessage = ({ data }) => this.#hear(data);
    port.postMessage({ type: 'there' });
  }

  /** @param {FromScript} message */
  #hear(message) {
    switch (message.type) {
      case 'render': return this.#answer(message.id, () => render(message.selector, message.html));
      case 'template': return this.#answer(message.id, () => template(message.selector));
      case 'listen': return this.#answer(message.id, () => this.#listen(message));
      case 'handled': return this.#settle(message.call, message.problem);
      case 'problem': return problem(message.problem);
      case 'settled': return this.#settled();
      case 'failed': return fail(this.#script, message.message);
      case 'progress': return tell(this.#script, message.label);
      case 'state': return advance(this.#script, message.name === 'waiting' ? 'waiting' : 'starting', message.message);
    }
  }

  /** Resolves when everything that the worker said until now has been heard. @returns {Promise<void>} */
  settled() {
    return new Promise((resolve) => {
      this.#settled = resolve;
      this.#port.postMessage({ type: 'settle' });
    });
  }

  /** The script is gone. */
  close() {
    unlisten(this);
    this.#port.close();
    for (const call of this.#calls.keys()) this.#settle(call, null);
  }

  /** @param {number} id @param {() => unknown} work */
  #answer(id, work) {
    try {
      this.#port.postMessage({ type: 'done', id, value: work() ?? null, error: null });
    } catch (error) {
      this.#port.postMessage({ type: 'done', id, value: null, error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** @param {Extract<FromScript, {type: "listen"}>} message */
  #listen({ listener, event, selector, prevent, reset }) {
    document.querySelector(selector); // a selector that is none is refused here, not at every event
    listen({ owner: this, event, selector, prevent, reset, tell: (happening) => this.#tell(listener, happening) });
  }

  /**
   * @param {number} listener
   * @param {Happening} happening
   * @returns {Promise<DomProblem | null>}
   */
  #tell(listener, happening) {
    const call = ++this.#lastCall;
    return new Promise((resolve) => {
      this.#calls.set(call, resolve);
      this.#port.postMessage({ type: 'event', listener, call, happening });
    });
  }

  /** @param {number} call @param {DomProblem | null} wrong */
  #settle(call, wrong) {
    this.#calls.get(call)?.(wrong);
    this.#calls.delete(call);
  }
}

/** @param {string} selector @param {string} html */
function render(selector, html) {
  for (const element of found(selector)) {
    if (rendered.get(element) === html) continue;
    rendered.set(element, html);
    morph(element, html, (one) => rendered.has(one));
  }
}

/** @param {string} selector @returns {string} */
function template(selector) {
  const [element] = found(selector);
  if (element.localName === 'script') return element.textContent ?? '';
  throw new Error(`'${selector}' is a <${element.localName}>, whose text the browser has read as HTML: conditions inside of tags and signs like < in them are `
    + `lost - a template is text - write <script type="text/jinja" id="${element.id}">…</script>`);
}

/** @param {string} selector */
function found(selector) {
  const elements = [...document.querySelectorAll(selector)];
  if (elements.length) return elements;
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => `#${id}`).slice(0, 12);
  throw new Error(`no element of this page fits '${selector}' - the elements with an id are: ${ids.join(', ') || 'none'}`);
}
