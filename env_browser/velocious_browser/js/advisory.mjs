// Advisory locks that Python takes: held across the tabs of this origin by the browser's own lock manager.

export class AdvisoryLocks {
  /** @type {Map<number, () => void>}  request -> what gives it back, or gives it up */
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
      this.#requests.set(id, () => givingUp.abort());
      const options = milliseconds === 0 ? { ifAvailable: true } : { signal: givingUp.signal };
      navigator.locks.request(name, options, (lock) => {
        clearTimeout(timer);
        // given up between two tabs' turns: an ifAvailable request cannot be aborted
        if (!lock || !this.#requests.has(id)) {
          this.#requests.delete(id);
          return resolve(false);
        }
        return new Promise((release) => {
          this.#requests.set(id, () => release(undefined));
          resolve(true);
        });
      }).catch((error) => {
        clearTimeout(timer);
        this.#requests.delete(id);
        if (error.name === 'AbortError') resolve(false);
        else reject(error);
      });
    });
  }

  /** @param {number} id */
  unlock(id) {
    const release = this.#requests.get(id);
    this.#requests.delete(id);
    release?.();
  }
}
