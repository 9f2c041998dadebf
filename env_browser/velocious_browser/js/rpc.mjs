// Requests with ids in one direction, replies and notices in the other (see messages.mjs).

import { RemoteError, describe } from './failure.mjs';

/** @typedef {import('./messages.mjs').Request} Request */
/** @typedef {import('./messages.mjs').Notice} Notice */
/** @typedef {import('./messages.mjs').Reply} Reply */
/** @typedef {import('./messages.mjs').FailureReply} FailureReply */
/** @typedef {Pick<MessagePort, "postMessage"> & Pick<EventTarget, "addEventListener">} Port */
/** @typedef {{resolve: (value: any) => void, reject: (error: Error) => void}} Pending */

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
   * @returns {Promise<any>}
   */
  request(request, transfer = []) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#port.postMessage({ ...request, id }, transfer);
    });
  }

  /**
   * The other side is gone: nobody will answer.
   * @param {Error} error
   */
  abandon(error) {
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }

  /** @param {number} id */
  #settle(id) {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
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
