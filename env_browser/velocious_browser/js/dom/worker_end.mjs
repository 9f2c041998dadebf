// The worker's end of the channel to the page, which has the elements: PyScript's own way to them needs SharedArrayBuffer,
// that is, headers which keep a page from embedding others.
//
// The worker offers a port as soon as it can; where the page does not load pyscript.mjs, nobody takes it, and a worker that
// renders something says so after a while.

import { describe } from '../failure.mjs';

/** @typedef {import('../messages.mjs').FromScript} FromScript */
/** @typedef {import('../messages.mjs').ToScript} ToScript */
/** @typedef {import('../messages.mjs').Notice} Notice */

const worker = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

/** Milliseconds after which it is likely that nobody is there. */
const PATIENCE = 10_000;

export class WorkerEnd {
  #port;
  #isThere = false;
  #isAwaited = false;
  /** @type {((text: string) => void) | null} Python's */
  #hear = null;
  /** @type {string[]} came before Python listened */
  #early = [];

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = ({ data }) => this.#receive(data);
    worker.postMessage({ velocious: 'page' }, [port2]);
  }

  /** What the page shows of the start. @param {Notice} notice */
  tell(notice) {
    if (notice.type === 'progress' || notice.type === 'state') this.#port.postMessage(notice);
  }

  /** PyScript swallows what its script raises. @param {unknown} error */
  fail(error) {
    const { message } = describe(error);
    this.#port.postMessage({ type: 'failed', message });
  }

  /** Called by Python. @param {string} text  JSON of a FromScript */
  post(text) {
    if (!this.#isThere && !this.#isAwaited) this.#await();
    this.#port.postMessage(JSON.parse(text));
  }

  /** Called by Python, once. @param {(text: string) => void} hear  gets JSON of each ToScript */
  listen(hear) {
    this.#hear = hear;
    for (const text of this.#early.splice(0)) hear(text);
  }

  /** @param {ToScript} message */
  #receive(message) {
    if (message.type === 'there') {
      this.#isThere = true;
      return;
    }
    // answered on the way that everything took which was said before
    if (message.type === 'settle') return this.#port.postMessage({ type: 'settled' });
    const text = JSON.stringify(message);
    if (this.#hear) this.#hear(text);
    else this.#early.push(text);
  }

  #await() {
    this.#isAwaited = true;
    setTimeout(() => {
      if (!this.#isThere) console.error('velocious: the page does not answer its script - a page whose script renders or listens must load '
        + '<script type="module" src="/velocious/pyscript.mjs"></script>');
    }, PATIENCE);
  }
}
