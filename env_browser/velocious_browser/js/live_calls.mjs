// The page's live calls: a listener gets what an action returns, now and after each change of what it read.

import { RemoteError, RuntimeFailure } from './failure.mjs';
import { decode, encode } from './values.mjs';

/** @typedef {{onError?: (error: Error) => void, signal?: AbortSignal}} LiveOptions  the console when left out; ends it */
/** @typedef {{listener: (value: any) => void, onError?: (error: Error) => void}} Watch */
/** @typedef {import('./client.mjs').Arguments} Arguments */

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
    this.#open.set(number, { listener, onError });
    this.#request({ type: 'watch', watch: number, action, payload }).catch((error) => this.trouble(number, error));
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

  /** Python is gone. @param {Error} error */
  abandon(error) {
    const watches = [...this.#open.values()];
    this.#open.clear();
    for (const { onError } of watches) if (onError) tell(onError, error);
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
