// The browser's locks: one owner per application, and who is still there.

/** A lock that is held until `release` is called or this worker ends, even by a crash. */
export class Lock {
  /** @type {() => void} */
  #release;

  /** @param {() => void} release */
  constructor(release) {
    this.#release = release;
  }

  release() {
    this.#release();
  }
}

/**
 * @param {string} name
 * @returns {Promise<Lock>}
 */
export async function hold(name) {
  return /** @type {Lock} */ (await request(name, {}));
}

/**
 * @param {string} name
 * @param {LockOptions} options
 * @returns {Promise<Lock | null>} null where it was asked for at once and is not free
 */
export function request(name, options) {
  return new Promise((resolve, reject) => {
    navigator.locks.request(name, options, (lock) => {
      if (!lock) return resolve(null);
      return new Promise((release) => resolve(new Lock(() => release(undefined))));
    }).catch(reject);
  });
}
