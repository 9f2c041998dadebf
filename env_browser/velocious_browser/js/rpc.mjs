// Requests with ids in one direction, replies and notices in the other (see messages.mjs).

import { RemoteError, describe } from './failure.mjs';

/** @typedef {import('./messages.mjs').Request} Request */
/** @typedef {import('./messages.mjs').Notice} Notice */
/** @typedef {import('./messages.mjs').Reply} Reply */
/** @typedef {import('./messages.mjs').FailureReply} FailureReply */
/** @typedef {Pick<MessagePort, "postMessage"> & Pick<EventTarget, "addEventListener">} Port */
/** @typedef {{resolve: (value: any) => void, reject: (error: unknown) => void, end: () => void}} Pending */

/** Milliseconds without a question after which a page is taken to have what it shows at first. */
const QUIET = 300;
/** Milliseconds after which it is not waited for any longer. */
const LATEST = 5000;

/** The page's side: sends requests, hands notices on. */
export class Caller {
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  #port;
  #lastId = 0;

  /**
   * @param {Port} port
   * @param {(notice: Notice) => void} onNotice
   */
  constructor(port, onNotice) {
    this.#port = port;
    port.addEventListener('message', (event) => {
      const message = /** @type {MessageEvent<Reply | FailureReply | Notice>} */ (event).data;
      if (message.type === 'reply') this.#settle(message.id)?.resolve(message.value);
      else if (message.type === 'failure') this.#settle(message.id)?.reject(new RemoteError(message.error));
      else onNotice(message);
    });
  }

  /**
   * @param {Record<string, unknown> & {type: Request["type"]}} request
   * @param {Transferable[]} [transfer]
   * @param {AbortSignal} [signal]  rejects with its reason, and tells the other side that nobody waits any more
   * @returns {Promise<any>}
   */
  async request(request, transfer = [], signal) {
    signal?.throwIfAborted();
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#settle(id);
        reject(signal?.reason);
        // its reply finds nobody, and need not
        this.#port.postMessage({ type: 'abort', id: ++this.#lastId, request: id }, []);
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#pending.set(id, { resolve, reject, end: () => signal?.removeEventListener('abort', giveUp) });
      this.#port.postMessage({ ...request, id }, transfer);
    });
  }

  /** Resolves when nothing is asked for a moment: what is done then does not keep anybody waiting. */
  async quiet() {
    const end = performance.now() + LATEST;
    for (let before = -1; (before !== this.#lastId || this.#pending.size > 0) && performance.now() < end;) {
      before = this.#lastId;
      await new Promise((resolve) => { setTimeout(resolve, QUIET); });
    }
  }

  /**
   * The other side is gone: nobody will answer.
   * @param {Error} error
   */
  abandon(error) {
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(error);
  }

  /** @param {number} id */
  #settle(id) {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.end();
    return pending;
  }
}

/**
 * The worker's side: answers every request exactly once.
 * @param {Port} port
 * @param {(request: Request) => Promise<unknown>} handle
 */
export function answer(port, handle) {
  port.addEventListener('message', async (event) => {
    const request = /** @type {MessageEvent<Request>} */ (event).data;
    try {
      const value = (await handle(request)) ?? null;
      port.postMessage({ type: 'reply', id: request.id, value }, value instanceof ArrayBuffer ? [value] : []);
    } catch (error) {
      port.postMessage({ type: 'failure', id: request.id, error: describe(error) }, []);
    }
  });
}
