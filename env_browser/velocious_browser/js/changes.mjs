// Notices of changes between the tabs of one application: what one has committed, the others read again.
//
// A channel reaches every context but its own, so nobody hears of what they did themselves.

/** @typedef {((text: string) => void) & {copy?: () => Receive, destroy?: () => void}} Receive  a function of Python */

export class ChangeChannel {
  #name;
  /** @type {BroadcastChannel | null} */
  #channel = null;
  /** @type {Receive | null} */
  #receive = null;

  /** @param {string} appId */
  constructor(appId) {
    this.#name = `velocious:${appId}:changes`;
  }

  /** @param {Receive} receive  called with what other tabs send */
  open(receive) {
    this.close();
    // a function of Python is gone when this call is over, unless it is copied
    const kept = receive.copy?.() ?? receive;
    this.#receive = kept;
    this.#channel = new BroadcastChannel(this.#name);
    this.#channel.onmessage = ({ data }) => kept(String(data));
  }

  /** @param {string} text */
  send(text) {
    this.#channel?.postMessage(text);
  }

  close() {
    this.#channel?.close();
    this.#receive?.destroy?.();
    this.#channel = null;
    this.#receive = null;
  }
}
