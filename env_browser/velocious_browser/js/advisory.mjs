// Advisory locks that Python takes: held across the tabs of this origin by the browser's own lock manager.

export class AdvisoryLocks {
  /** @type {Map<number, {stop: () => void, settled: Promise<void>}>}  what gives a request back, or up */
  #requests = new Map();

  /**
   * @param {number} id  of the request
   * @param {string} name
   * @param {number} milliseconds  0: at once or not at all; below 0: for as long as it takes
   * @returns {Promise<boolean>} whether the lock is held now
   */
  lock(id, name, milliseconds) {
    // without locks there are no files that two tabs could share (both need a secure context)
    if (!navigator.locks) return Promise.resolve(true);
    return new Promise((resolve, reject) => {
      const givingUp = new AbortController();
      const timer = milliseconds > 0 ? setTimeout(() => givingUp.abort(), milliseconds) : undefined;
      const request = { stop: () => givingUp.abort(), settled: Promise.resolve() };
      this.#requests.set(id, request);
      const options = milliseconds === 0 ? { ifAvailable: true } : { signal: givingUp.signal };
      request.settled = navigator.locks.request(name, options, (lock) => {
        clearTimeout(timer);
        // given up between two tabs' turns: an ifAvailable request cannot be aborted
        if (!lock || !this.#requests.has(id)) {
          this.#requests.delete(id);
          return resolve(false);
        }
        return new Promise((release) => {
          request.stop = () => release(undefined);
          resolve(true);
        });
      }).then(() => undefined, (error) => {
        clearTimeout(timer);
        this.#requests.delete(id);
        if (error.name === 'AbortError') resolve(false);
        else reject(error);
      });
    });
  }

  /**
   * @param {number} id
   * @returns {Promise<void>} when the lock is free for others: the browser takes a moment
   */
  async unlock(id) {
    const request = this.#requests.get(id);
    this.#requests.delete(id);
    request?.stop();
    await request?.settled;
  }
}
