// The worker's end of a request from the service worker: what Python may ask of it (JsExchange of http/exchange.py).
//
// The port says `ready` first and gets the request only then: an offer that nobody took up was never executed.

import { describe } from './failure.mjs';

/** @typedef {import('./messages.mjs').FromServiceWorker} FromServiceWorker */
/** @typedef {import('./messages.mjs').ToServiceWorker} ToServiceWorker */
/** @typedef {{serve: (number: number, request: string, exchange: Exchange) => Promise<void>, cancel: (number: number) => void}} Server */

const NOTHING = new Uint8Array();
let lastNumber = 0;

/**
 * Answers the requests that will come through the port, one after the other.
 * @param {MessagePort} port
 * @param {Server} server
 */
export function serve(port, server) {
  let number = 0;
  let exchange = new Exchange(port);
  const giveUp = () => server.cancel(number);
  port.addEventListener('close', giveUp);
  port.addEventListener('message', ({ data }) => {
    const message = /** @type {FromServiceWorker} */ (data);
    switch (message.type) {
      case 'request': {
        number = ++lastNumber;
        exchange = new Exchange(port);
        return start(exchange, number, message, server);
      }
      case 'piece': return exchange.take(message);
      case 'room': return exchange.goOn();
      case 'cancel': return giveUp();
    }
  });
  port.start();
  exchange.post({ type: 'ready' });
}

/**
 * @param {Exchange} exchange
 * @param {number} number
 * @param {import('./messages.mjs').HttpRequest} request
 * @param {Server} server
 */
function start(exchange, number, { body, last, ...request }, server) {
  exchange.take({ body, last });
  server.serve(number, JSON.stringify(request), exchange).catch((error) => exchange.fail(describe(error).message));
}

class Exchange {
  #port;
  /** @type {Uint8Array[]} */
  #pieces = [];
  #isWhole = false;
  /** @type {((piece: Uint8Array) => void) | null} */
  #waiting = null;
  /** @type {(() => void) | null} */
  #blocked = null;

  /** @param {MessagePort} port */
  constructor(port) {
    this.#port = port;
  }

  /** @param {ToServiceWorker} message @param {Transferable[]} [transfer] */
  post(message, transfer = []) {
    this.#port.postMessage(message, transfer);
  }

  /** A piece of the request's body came. @param {{body: ArrayBuffer | null, last: boolean}} piece */
  take({ body, last }) {
    this.#isWhole = last;
    if (body?.byteLength) this.#pieces.push(new Uint8Array(body));
    const next = this.#waiting && (this.#pieces.shift() ?? (last ? NOTHING : null));
    if (!next) return;
    this.#waiting?.(next);
    this.#waiting = null;
  }

  /** The reader has room for another piece of the answer. */
  goOn() {
    this.#blocked?.();
    this.#blocked = null;
  }

  // What Python calls.

  /** @returns {Promise<Uint8Array>} empty at the end */
  receive() {
    const next = this.#pieces.shift() ?? (this.#isWhole ? NOTHING : null);
    if (next) return Promise.resolve(next);
    this.post({ type: 'more' });
    return new Promise((resolve) => { this.#waiting = resolve; });
  }

  /** @param {number} status @param {string} headers JSON text @param {Uint8Array<ArrayBuffer>} body */
  whole(status, headers, body) {
    this.post({ type: 'answer', status, headers: JSON.parse(headers), body: body.buffer }, [body.buffer]);
  }

  /** @param {number} status @param {string} headers JSON text */
  begin(status, headers) {
    this.post({ type: 'answer', status, headers: JSON.parse(headers), body: null });
  }

  /** @param {Uint8Array<ArrayBuffer>} body @returns {Promise<void>} when there is room for another */
  piece(body) {
    this.post({ type: 'chunk', body: body.buffer }, [body.buffer]);
    return new Promise((resolve) => { this.#blocked = () => resolve(undefined); });
  }

  end() {
    this.post({ type: 'end' });
  }

  /** @param {string} message */
  fail(message) {
    this.post({ type: 'fail', message });
  }
}
