// One owner per application: whoever holds the lock may open the files, nobody else.

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
 * @param {string} appId
 * @param {() => void} onWait  called when somebody else holds the lock; the request then stands in the queue
 * @returns {Promise<Lock>}
 */
export async function acquire(appId, onWait) {
  // without locks there are no shared files either (both need a secure context): Storage.open decides
  if (!navigator.locks) return new Lock(() => {});
  const name = `velocious:${appId}`;
  const free = await request(name, { ifAvailable: true });
  if (free) return free;
  onWait();
  return /** @type {Lock} */ (await request(name, {}));
}

/**
 * The lock is held until `release` is called or this worker ends, even by a crash.
 * @param {string} name
 * @param {LockOptions} options
 * @returns {Promise<Lock | null>}
 */
function request(name, options) {
  return new Promise((resolve, reject) => {
    navigator.locks.request(name, options, (lock) => {
      if (!lock) return resolve(null);
      return new Promise((release) => resolve(new Lock(() => release(undefined))));
    }).catch(reject);
  });
}
