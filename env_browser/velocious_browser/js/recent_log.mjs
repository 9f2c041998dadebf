// The newest lines of the log, for whoever opens it later.

/** @typedef {import('./messages.mjs').Level} Level */
/** @typedef {{number: number, time: number, level: Level, text: string}} LogLine  time: milliseconds since 1970 */

const LINES = 1000;

export class RecentLog {
  /** @type {LogLine[]} */
  #lines = [];
  #watchers = /** @type {Set<(line: LogLine) => void>} */ (new Set());
  #number = 0;

  /** The newest 1,000, the oldest first. */
  get lines() {
    return this.#lines.slice(-LINES);
  }

  /** @param {Level} level @param {string} text */
  add(level, text) {
    const line = { number: ++this.#number, time: Date.now(), level, text };
    this.#lines.push(line);
    // not line by line: moving a thousand each time would cost more than the log itself
    if (this.#lines.length > LINES * 2) this.#lines = this.#lines.slice(-LINES);
    for (const watcher of [...this.#watchers]) watcher(line);
  }

  /** @param {(line: LogLine) => void} watcher @returns {() => void} ends it */
  subscribe(watcher) {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}
