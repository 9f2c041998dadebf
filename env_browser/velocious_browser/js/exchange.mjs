// The worker's end of a request from the service worker: what Python may ask of it (JsExchange of http/exchange.py).
//
// The port says `ready` first and gets the request only then: an offer that nobody took up was never executed. An order that was taken
// up is carried out once, whatever becomes of the service worker that brought it.

import { describe } from './failure.mjs';

/** @typedef {import('./messages.mjs').FromServiceWorker} FromServiceWorker */
/** @typedef {import('./messages.mjs').ToServiceWorker} ToServiceWorker */
/** @typedef {{serve: (number: number, request: string, exchange: Exchange) => Promise<void>, cancel: (number: number) => void}} Server */

const NOTHING = new Uint8Array();
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Milliseconds for which the answer of an order is kept for somebody who asks again, where nobody said that the page has it. */
const KEPT = 15_000;

let lastNumber = 0;

/**
 * Orders of whose answers no page is known to have anything. When Chromium stops a service worker in the middle of a request, it starts
 * it anew and asks it the same again: that is the same order, must not be carried out a second time, and gets the answer of the first.
 * Ports do not tell of it, so a service worker says with each request which start of it this is.
 * @type {Set<Exchange>}
 */
const unanswered = new Set();

/**
 * Answers the requests that will come through the port, one after the other.
 * @param {MessagePort} port
 * @param {Server} server
 */
export function serve(port, server) {
  /** @type {Exchange | null} */
  let exchange = null;
  const giveUp = () => { if (exchange) server.cancel(exchange.number); };
  // an order goes on, for it may be asked for again
  port.addEventListener('close', () => { if (!exchange?.isOrder) giveUp(); });
  port.addEventListener('message', ({ data }) => {
    const message = /** @type {FromServiceWorker} */ (data);
    switch (message.type) {
      case 'request': {
        const next = new Exchange(port, message);
        exchange = next;
        const earlier = next.isOrder ? [...unanswered].filter((one) => one.mayBe(next)) : [];
        if (earlier.length === 0) return next.start(server);
        return repeated(next, earlier, server).then((same) => {
          if (same) exchange = same.goOnThrough(port);
          else next.start(server);
        });
      }
      case 'piece': return exchange?.take(message);
      case 'room': return exchange?.goOn();
      case 'taken': return exchange?.forget();
      case 'cancel': return giveUp();
    }
  });
  port.start();
  port.postMessage({ type: 'ready' });
}

/**
 * The order that this one repeats, if it does.
 * @param {Exchange} exchange
 * @param {Exchange[]} earlier  that look like it
 * @param {Server} server
 */
async function repeated(exchange, earlier, server) {
  await exchange.wholeBody();
  // one whose body will never be whole now has done nothing with it
  for (const one of earlier) if (!one.isWhole) server.cancel(one.number);
  return earlier.find((one) => one.isWhole && one.sum === exchange.sum) ?? null;
}

export class Exchange {
  number = ++lastNumber;
  /** The whole body came. */
  isWhole = false;
  /** Of the bytes that came; of an order alone. */
  sum = 0;
  #port;
  #request;
  #from;
  /** @type {Uint8Array[]} */
  #pieces = [];
  /** @type {(() => void) | null} */
  #arrived = null;
  /** @type {(() => void) | null} */
  #blocked = null;
  /** What was said of an order before the page was known to have it. @type {ToServiceWorker[]} */
  #said = [];

  /** @param {MessagePort} port @param {import('./messages.mjs').HttpRequest} request */
  constructor(port, { body, last, from, ...request }) {
    this.#port = port;
    this.#request = request;
    this.#from = from;
    this.take({ body, last });
  }

  get isOrder() {
    return !SAFE.has(this.#request.method);
  }

  /** Whether *other* can be this one, asked again. @param {Exchange} other */
  mayBe(other) {
    return this.#from !== other.#from && JSON.stringify(this.#request) === JSON.stringify(other.#request);
  }

  /** @param {Server} server */
  start(server) {
    if (this.isOrder) unanswered.add(this);
    server.serve(this.number, JSON.stringify(this.#request), this).catch((error) => this.fail(describe(error).message));
  }

  /** Goes on through another port, from the beginning of the answer. @param {MessagePort} port */
  goOnThrough(port) {
    this.#port = port;
    for (const message of this.#said) port.postMessage(message);
    return this;
  }

  /** The page has the answer. */
  forget() {
    unanswered.delete(this);
    this.#said = [];
  }

  /** A piece of the request's body came. @param {{body: ArrayBuffer | null, last: boolean}} piece */
  take({ body, last }) {
    this.isWhole = last;
    if (body?.byteLength) {
      const piece = new Uint8Array(body);
      this.#pieces.push(piece);
      if (this.isOrder) this.sum = sumOf(piece, this.sum);
    }
    this.#arrived?.();
    this.#arrived = null;
  }

  /** Asks for another piece. @returns {Promise<void>} */
  #more() {
    this.#port.postMessage({ type: 'more' });
    return new Promise((resolve) => { this.#arrived = resolve; });
  }

  async wholeBody() {
    while (!this.isWhole) await this.#more();
  }

  /** The reader has room for another piece of the answer. */
  goOn() {
    this.#blocked?.();
    this.#blocked = null;
  }

  // What Python calls.

  /** @returns {Promise<Uint8Array>} empty at the end */
  async receive() {
    if (this.#pieces.length === 0 && !this.isWhole) await this.#more();
    return this.#pieces.shift() ?? NOTHING;
  }

  /** @param {number} status @param {string} headers JSON text @param {Uint8Array<ArrayBuffer>} body */
  whole(status, headers, body) {
    this.#say({ type: 'answer', status, headers: JSON.parse(headers), body: body.buffer }, [body.buffer]);
    this.#keep();
  }

  /** @param {number} status @param {string} headers JSON text */
  begin(status, headers) {
    this.#say({ type: 'answer', status, headers: JSON.parse(headers), body: null });
  }

  /** @param {Uint8Array<ArrayBuffer>} body @returns {Promise<void>} when there is room for another */
  piece(body) {
    this.#say({ type: 'chunk', body: body.buffer }, [body.buffer]);
    return new Promise((resolve) => { this.#blocked = () => resolve(undefined); });
  }

  end() {
    this.#say({ type: 'end' });
    this.#keep();
  }

  /** @param {string} message */
  fail(message) {
    this.#say({ type: 'fail', message });
    this.#keep();
  }

  /** @param {ToServiceWorker} message @param {Transferable[]} [transfer] */
  #say(message, transfer = []) {
    const mayRepeat = unanswered.has(this);
    if (mayRepeat) this.#said.push(message);
    this.#port.postMessage(message, mayRepeat ? [] : transfer);
  }

  /** For a while, whether somebody asks for it again or not. */
  #keep() {
    if (unanswered.has(this)) setTimeout(() => this.forget(), KEPT);
  }
}

/** A sum of bytes that goes on from another one (FNV-1a). @param {Uint8Array} bytes @param {number} from */
function sumOf(bytes, from) {
  let result = from ^ 0x811c9dc5;
  for (let at = 0; at < bytes.length; at += 1) result = Math.imul(result ^ bytes[at], 0x01000193);
  return result;
}
