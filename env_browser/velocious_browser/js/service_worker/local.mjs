// Has a request answered by the Python of a tab. What a port has taken is never sent anywhere else: it may have been done.

import { rest, rested, whenClosed } from './resting.mjs';
import { referer, sender } from './sender.mjs';
import { settings } from './settings.mjs';
import { findWorker } from './tabs.mjs';

/** @typedef {import('../messages.mjs').ToServiceWorker} ToServiceWorker */
/** @typedef {import('../messages.mjs').FromServiceWorker} FromServiceWorker */
/** @typedef {import('../messages.mjs').HttpAnswer} HttpAnswer */

const WITHOUT_BODY = new Set([101, 204, 205, 304]);
/** Tells this start of the service worker from others. */
const START = crypto.randomUUID();
/** Bytes of an answer that are handed to the browser at once. */
const PIECE = 65_536;
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The tab took the request and did not answer. */
export class LostAnswer extends Error {}

/**
 * @param {FetchEvent} event
 * @returns {Promise<Response | null>} null: there is nobody to answer, and nothing was done
 */
export async function answerLocally(event) {
  const { request, clientId } = event;
  const version = request.mode === 'navigate' && SAFE.has(request.method) && settings.asks ? settings.version : null;
  const port = (SAFE.has(request.method) && !version && rested()) || (await findWorker(clientId, version));
  if (!port) return null;
  try {
    return await new Asked(port, request).answer();
  } catch (error) {
    if (!(error instanceof LostAnswer) || !SAFE.has(request.method)) throw error;
    // nothing is changed by a second look, and another tab may be there
    const another = await findWorker(clientId, version);
    return another ? new Asked(another, request).answer() : null;
  }
}

/** One request, at the worker that said it is ready. */
class Asked {
  #port;
  #request;
  /** @type {ReadableStreamDefaultReader<Uint8Array> | null} */
  #reader;
  /** @type {ReadableStreamDefaultController<Uint8Array> | null} */
  #controller = null;
  /** @type {(answer: HttpAnswer) => void} */
  #resolve = () => {};
  /** @type {(error: Error) => void} */
  #reject = () => {};

  /** @param {MessagePort} port @param {Request} request */
  constructor(port, request) {
    this.#port = port;
    this.#request = request;
    this.#reader = request.body?.getReader() ?? null;
  }

  /** @returns {Promise<Response>} */
  async answer() {
    const answered = new Promise((resolve, reject) => { this.#resolve = resolve; this.#reject = reject; });
    this.#port.onmessage = ({ data }) => this.#hear(data);
    whenClosed(this.#port, () => this.#fail('the tab that was answering went away'));
    const { method, url, headers, mode } = this.#request;
    const body = await this.#piece();
    this.#post({ type: 'request', method, url, headers: [...headers, ...referer(this.#request)], mode, crossSite: sender(this.#request) === 'cross-site', from: START, ...body }, body.body);
    return this.#response(await answered);
  }

  /** @param {FromServiceWorker} message @param {ArrayBuffer | null} [bytes] */
  #post(message, bytes = null) {
    this.#port.postMessage(message, bytes ? [bytes] : []);
  }

  /** @param {ToServiceWorker} message */
  async #hear(message) {
    switch (message.type) {
      case 'more': {
        const piece = await this.#piece();
        return this.#post({ type: 'piece', ...piece }, piece.body);
      }
      case 'answer': return this.#resolve(message);
      case 'chunk': return this.#controller?.enqueue(new Uint8Array(message.body));
      case 'end': {
        this.#controller?.close();
        return this.#port.close();
      }
      case 'fail': return this.#fail(message.message);
    }
  }

  /** The next piece of the request's body. @returns {Promise<{body: ArrayBuffer | null, last: boolean}>} */
  async #piece() {
    if (!this.#reader) return { body: null, last: true };
    const { value, done } = await this.#reader.read();
    if (done) return { body: null, last: true };
    return { body: /** @type {ArrayBuffer} */ (value.slice().buffer), last: false };
  }

  /** @param {HttpAnswer} answer */
  async #response({ status, headers, body }) {
    const init = { status, headers: signed(headers) };
    if (!SAFE.has(this.#request.method)) this.#post({ type: 'taken' });
    if (body) {
      rest(this.#port);
      return new Response(WITHOUT_BODY.has(status) || this.#request.method === 'HEAD' ? null : flowing(body), init);
    }
    const stream = this.#stream();
    // the page that asks to leave holds the worker: the whole answer must be here before it goes
    return new Response(this.#request.mode === 'navigate' ? await new Response(stream).arrayBuffer() : stream, init);
  }

  /** @returns {ReadableStream<Uint8Array>} */
  #stream() {
    return new ReadableStream({
      start: (controller) => { this.#controller = controller; },
      pull: () => this.#post({ type: 'room' }),
      cancel: () => { this.#post({ type: 'cancel' }); this.#port.close(); },
    }, { highWaterMark: 1 });
  }

  /** @param {string} message */
  #fail(message) {
    const error = new LostAnswer(message);
    this.#port.close();
    this.#reject(error);
    try {
      this.#controller?.error(error);
    } catch {
      // the stream had ended
    }
  }
}

/**
 * A body that is all there, as a stream: Chromium hands one on at once, and carries a buffer through its store of blobs first, which
 * takes a millisecond.
 * @param {ArrayBuffer} body
 * @returns {ReadableStream<Uint8Array> | null}
 */
function flowing(body) {
  if (body.byteLength === 0) return null;
  let at = 0;
  return new ReadableStream({
    pull: (controller) => {
      controller.enqueue(new Uint8Array(body, at, Math.min(PIECE, body.byteLength - at)));
      at += PIECE;
      if (at >= body.byteLength) controller.close();
    },
  });
}

/** A page can tell by these who answered. @param {[string, string][]} headers */
function signed(headers) {
  const all = new Headers(headers);
  all.append('Server-Timing', 'velocious;desc="browser"');
  all.set('Velocious-Answered-By', 'browser');
  // a page with rules of its own must not be shown under those of another
  if (all.get('content-security-policy') !== settings.policy) all.set('Velocious-Policy', 'own');
  return all;
}
