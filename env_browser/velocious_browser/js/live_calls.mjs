// The page's live calls: a listener gets what an action returns, now and after each change of what it read.

import { RemoteError, RuntimeFailure } from './failure.mjs';
import { decode, encode } from './values.mjs';

/** @typedef {{onError?: (error: Error) => void, signal?: AbortSignal}} LiveOptions  the console when left out; ends it */
/** @typedef {{action: string, payload: string, listener: (value: any) => void, onError?: (error: Error) => void, isBegun: boolean}} Watch */
/** @typedef {import('./client.mjs').Arguments} Arguments */

/** The code of what was asked when the page was put to sleep. */
export const ASLEEP = 'page_asleep';

export class LiveCalls {
  /** @type {Map<number, Watch>} */
  #open = new Map();
  #lastNumber = 0;
  #request;

  /** @param {(request: {type: "watch" | "unwatch"} & Record<string, unknown>) => Promise<unknown>} request */
  constructor(request) {
    this.#request = request;
  }

  /**
   * @param {string} action
   * @param {Arguments} args
   * @param {(value: any) => void} listener
   * @param {LiveOptions} options
   * @returns {() => void} ends it
   */
  begin(action, args, listener, { onError, signal }) {
    const payload = encode(args);
    if (signal?.aborted) return () => {};
    const number = ++this.#lastNumber;
    const end = () => this.#end(number);
    const watch = { action, payload, listener, onError, isBegun: false };
    this.#open.set(number, watch);
    this.#watch(number, watch);
    signal?.addEventListener('abort', end, { once: true });
    return end;
  }

  /** @param {number} number @param {string} text */
  result(number, text) {
    const watch = this.#open.get(number);
    if (watch) tell(watch.listener, decode(text));
  }

  /** @param {number} number @param {Error | import('./messages.mjs').Failure} error */
  trouble(number, error) {
    const watch = this.#open.get(number);
    if (watch) tell(watch.onError ?? reportError, error instanceof Error ? error : new RemoteError(error));
  }

  /** Python was started anew, and watches nothing yet. */
  beginAgain() {
    for (const [number, watch] of this.#open) if (watch.isBegun) this.#watch(number, watch);
  }

  /** Python is gone. @param {Error} error */
  abandon(error) {
    const watches = [...this.#open.values()];
    this.#open.clear();
    for (const { onError } of watches) if (onError) tell(onError, error);
  }

  /** @param {number} number @param {Watch} watch */
  async #watch(number, watch) {
    watch.isBegun = false;
    try {
      await this.#request({ type: 'watch', watch: number, action: watch.action, payload: watch.payload });
      watch.isBegun = true;
    } catch (error) {
      if (/** @type {RuntimeFailure} */ (error).code !== ASLEEP) this.trouble(number, /** @type {Error} */ (error));
      else if (this.#open.has(number)) this.#watch(number, watch);
    }
  }

  /** @param {number} number */
  #end(number) {
    if (!this.#open.delete(number)) return;
    this.#request({ type: 'unwatch', watch: number }).catch((error) => {
      // a worker that is gone watches nothing
      if (!(error instanceof RuntimeFailure)) reportError(error);
    });
  }
}

/**
 * As the browser does for listeners of its own, one that fails keeps nobody else from hearing.
 * @template T
 * @param {(value: T) => void} listener
 * @param {T} value
 */
export function tell(listener, value) {
  try {
    listener(value);
  } catch (error) {
    reportError(error);
  }
}
