// Counts the bytes of everything that is fetched at boot, and notices a file that cannot be had.
//
// Pyodide fetches some files itself and waits for ever when its WebAssembly is missing, so those are watched
// through the browser's own list of finished requests.

import { RuntimeFailure } from './failure.mjs';

/** @typedef {(loaded: number, total: number) => void} OnBytes */

export class Downloads {
  /** @type {Map<string, {size: number, loaded: number}>} */
  #files = new Map();
  #onBytes;
  #observer;
  /** @type {(error: Error) => void} */
  #fail = () => {};

  /** @param {OnBytes} onBytes */
  constructor(onBytes) {
    this.#onBytes = onBytes;
    /** Rejects as soon as a watched file turns out to be missing; never resolves. */
    this.failure = new Promise((_, reject) => { this.#fail = reject; });
    this.failure.catch(() => {}); // reported through race(), which may not be waiting yet
    this.#observer = new PerformanceObserver((list) => this.#finished(/** @type {PerformanceResourceTiming[]} */ (list.getEntries())));
    this.#observer.observe({ type: 'resource', buffered: true });
  }

  /**
   * A file that somebody else fetches.
   * @param {string} url
   * @param {number} size
   */
  watch(url, size) {
    this.#files.set(url, { size, loaded: 0 });
  }

  /**
   * @param {string} url
   * @param {number} size
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  async bytes(url, size) {
    const file = { size, loaded: 0 };
    this.#files.set(url, file);
    const response = await fetch(url).catch((cause) => { throw unavailable(url, 'could not be fetched', cause); });
    if (!response.ok || !response.body) throw unavailable(url, `answered ${response.status}`);
    const counted = response.body.pipeThrough(new TransformStream({
      transform: (chunk, controller) => {
        file.loaded += chunk.length;
        this.#report();
        controller.enqueue(chunk);
      },
    }));
    return new Uint8Array(await new Response(counted).arrayBuffer());
  }

  /**
   * The work's result, or the reason why it cannot come: a missing file shows in many ways.
   * @template T
   * @param {Promise<T>} work
   * @returns {Promise<T>}
   */
  async race(work) {
    try {
      return await Promise.race([work, this.failure]);
    } catch (error) {
      if (error instanceof RuntimeFailure) throw error;
      await Promise.race([this.failure, Promise.all([...this.#files.keys()].map((url) => this.#confirm(url)))]);
      throw new RuntimeFailure('boot_failed', `Python could not be started: ${error instanceof Error ? error.message : JSON.stringify(error)} - reload the page`,
        { cause: error });
    }
  }

  /** Everything arrived; the browser may not have told about the last files yet. */
  end() {
    this.#observer.disconnect();
    for (const file of this.#files.values()) file.loaded = file.size;
    this.#report();
  }

  /** @param {PerformanceResourceTiming[]} entries */
  async #finished(entries) {
    for (const { name, responseStatus } of entries) {
      const file = this.#files.get(name);
      if (!file) continue;
      file.loaded = file.size;
      if (responseStatus === 0 || responseStatus >= 400) await this.#confirm(name);
    }
    this.#report();
  }

  /**
   * Some browsers leave the status out: ask before saying that a file is missing. Not by HEAD, which a copy in this browser
   * does not answer while the server is gone.
   * @param {string} url
   */
  async #confirm(url) {
    const response = await fetch(url).catch((cause) => { this.#fail(unavailable(url, 'could not be fetched', cause)); });
    await response?.body?.cancel();
    if (response && !response.ok) this.#fail(unavailable(url, `answered ${response.status}`));
  }

  #report() {
    let loaded = 0;
    let total = 0;
    for (const file of this.#files.values()) {
      loaded += Math.min(file.loaded, file.size);
      total += file.size;
    }
    this.#onBytes(loaded, total);
  }
}

/**
 * @param {string} url
 * @param {string} what
 * @param {unknown} [cause]
 */
export function unavailable(url, what, cause) {
  return new RuntimeFailure('runtime_missing', `${url} ${what} - the server must serve the whole runtime folder - run 'make runtime' `
    + "(or reinstall velocious-runtime) and restart the server, then reload the page", { cause, details: { url } });
}
