// A value that can be watched.

/** @template T */
export class Observable {
  /** @type {Set<(value: T) => void>} */
  #watchers = new Set();
  #value;

  /** @param {T} value */
  constructor(value) {
    this.#value = value;
  }

  get value() {
    return this.#value;
  }

  /** @param {T} value */
  set(value) {
    this.#value = value;
    for (const watcher of [...this.#watchers]) watcher(value);
  }

  /**
   * Calls `watcher` now and after every change.
   * @param {(value: T) => void} watcher
   * @returns {() => void} ends it
   */
  subscribe(watcher) {
    this.#watchers.add(watcher);
    watcher(this.#value);
    return () => this.#watchers.delete(watcher);
  }
}
