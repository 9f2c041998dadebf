// The worker's calls into Python, which the page may give up at any time.

/** @typedef {import('./messages.mjs').CallRequest} CallRequest */

/**
 * @typedef {object} Callable  of Python
 * @property {(action: string, payload: string, number: number) => Promise<string>} call
 * @property {(number: number) => void} cancel
 */

export class Calls {
  /** Of each call that was not answered yet: whether the page gave it up. @type {Map<number, boolean>} */
  #open = new Map();

  /**
   * @param {CallRequest} request
   * @param {Callable} python
   * @param {Promise<void>} prepared  Python may begin then
   * @returns {Promise<string | null>} null: nobody waits for it
   */
  async answer({ id, action, payload }, python, prepared) {
    this.#open.set(id, false);
    try {
      await prepared;
      return this.#open.get(id) ? null : await python.call(action, payload, id);
    } finally {
      this.#open.delete(id);
    }
  }

  /** @param {number} id @param {Callable} python */
  abort(id, python) {
    if (!this.#open.has(id)) return;
    this.#open.set(id, true);
    python.cancel(id);
  }
}
