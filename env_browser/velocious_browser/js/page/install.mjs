// Installing the application as a program of its own: whether the browser offers it, and asking the person.

import { Observable } from '../observable.mjs';

/** @typedef {{name: "unavailable" | "available" | "installed"}} InstallState */
/** What Chromium sends instead of asking on its own. @typedef {Event & {prompt(): Promise<{outcome: "accepted" | "dismissed"}>}} Offer */

/** @extends {Observable<InstallState>} */
class Install extends Observable {
  /** @type {Offer | null} */
  #offer = null;
  #listening = false;

  constructor() {
    super({ name: matchMedia('(display-mode: browser)').matches ? 'unavailable' : 'installed' });
  }

  /** Hears what the browser offers; once in a tab. */
  listen() {
    if (this.#listening) return;
    this.#listening = true;
    addEventListener('beforeinstallprompt', (event) => {
      this.#offer = /** @type {Offer} */ (event);
      this.set({ name: 'available' });
    });
    addEventListener('appinstalled', () => { this.#end('installed'); });
  }

  /**
   * Asks the person; a browser allows it in a click's handler only.
   * @returns {Promise<"accepted" | "dismissed">}
   */
  async prompt() {
    const offer = this.#offer;
    if (!offer) throw new Error(`there is nothing to ask: app.install is ${JSON.stringify(this.value.name)} - wait until it is "available"`);
    const { outcome } = await offer.prompt();
    // an offer can be made once
    this.#end(outcome === 'accepted' ? 'installed' : 'unavailable');
    return outcome;
  }

  /** @param {InstallState["name"]} name */
  #end(name) {
    this.#offer = null;
    this.set({ name });
  }
}

export const install = new Install();
