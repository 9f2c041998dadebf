// The worker's live calls: Python runs an action again when what it read has changed.

import { decode } from './values.mjs';

/** @typedef {import('./messages.mjs').WatchRequest} WatchRequest */
/** @typedef {{result: (text: string) => void, trouble: (text: string) => void}} Watcher  what Python calls, with wire text */

/**
 * @typedef {object} Watching  functions of Python
 * @property {(number: number, action: string, payload: string, watcher: Watcher) => Promise<void>} watch
 * @property {(number: number) => Promise<void>} unwatch
 */

export class Watches {
  /** Settled when Python has begun. @type {Map<number, Promise<void>>} */
  #begun = new Map();
  #post;

  /** @param {(notice: import('./messages.mjs').Notice) => void} post */
  constructor(post) {
    this.#post = post;
  }

  /**
   * @param {WatchRequest} request
   * @param {Watching} python
   * @param {Promise<void>} prepared  Python may begin then
   */
  begin({ watch, action, payload }, python, prepared) {
    const watcher = {
      result: (/** @type {string} */ text) => this.#post({ type: 'result', watch, value: text }),
      trouble: (/** @type {string} */ text) => this.#post({ type: 'trouble', watch, error: decode(text) }),
    };
    const begun = prepared.then(() => python.watch(watch, action, payload, watcher));
    this.#begun.set(watch, begun);
    return begun;
  }

  /** @param {number} watch @param {Watching} python */
  async end(watch, python) {
    const begun = this.#begun.get(watch);
    this.#begun.delete(watch);
    // one that could not begin has been told so
    if (await begun?.then(() => true, () => false)) await python.unwatch(watch);
  }
}
