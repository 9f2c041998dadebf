// Another version of the application than the one of this tab: that it is there, and going over to it.
//
// A version that was fetched whole waits until somebody wants it, or until no tab of the one before is left. Where another tab
// went over already, this one goes on with the files of its own version until it is loaded anew.

import { Observable } from '../observable.mjs';

/** @typedef {{name: "none" | "available" | "activating", version: string | null}} UpdateState */

/** Milliseconds between two times that the browser is told to look, in a tab that stays open. */
const BETWEEN_LOOKS = 600_000;

/** @extends {Observable<UpdateState>} */
class Update extends Observable {
  /** @type {ServiceWorkerRegistration | null} */
  #registration = null;
  /** Of this tab. @type {string | null} */
  #version = null;
  #lastLook = 0;

  constructor() {
    super({ name: 'none', version: null });
  }

  /**
   * Follows a registration; the first one counts.
   * @param {ServiceWorkerRegistration} registration
   * @param {string | null} version  of this tab
   */
  watch(registration, version) {
    this.#version = version;
    if (this.#registration) return;
    this.#registration = registration;
    this.#lastLook = performance.now();
    registration.addEventListener('updatefound', () => this.#follow(registration.installing));
    this.#follow(registration.installing);
    this.#compare(registration.waiting ?? navigator.serviceWorker.controller);
    navigator.serviceWorker.addEventListener('controllerchange', () => this.#compare(navigator.serviceWorker.controller));
    document.addEventListener('visibilitychange', () => this.#look());
  }

  /** Asks the server whether there is a new version; `available` follows when it was fetched whole. */
  async check() {
    this.#lastLook = performance.now();
    await this.#registration?.update();
  }

  /** Goes over to the new version and loads this tab anew. What other tabs show goes on with the version that they have. */
  async apply() {
    if (this.value.name !== 'available') return;
    this.set({ ...this.value, name: 'activating' });
    const waiting = this.#registration?.waiting;
    if (waiting) {
      const activated = new Promise((resolve) => {
        waiting.addEventListener('statechange', () => { if (waiting.state === 'activated' || waiting.state === 'redundant') resolve(undefined); });
      });
      waiting.postMessage({ velocious: 'activate' });
      await activated;
    }
    location.reload();
  }

  /** @param {ServiceWorker | null} worker */
  #follow(worker) {
    worker?.addEventListener('statechange', () => { if (worker.state === 'installed') this.#compare(worker); });
  }

  /** @param {ServiceWorker | null} worker */
  async #compare(worker) {
    const version = worker && (await versionOf(worker));
    if (version && this.#version && version !== this.#version && this.value.name !== 'activating') this.set({ name: 'available', version });
  }

  #look() {
    if (document.visibilityState !== 'visible' || performance.now() - this.#lastLook < BETWEEN_LOOKS) return;
    this.check().catch(() => undefined); // without a network there is nothing new
  }
}

export const update = new Update();

/** @param {ServiceWorker} worker @returns {Promise<string>} */
function versionOf(worker) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => { port1.close(); resolve(data.version); };
    worker.postMessage({ velocious: 'version' }, [port2]);
  });
}
