// Ports of workers that have answered and wait for another question: the way to them need not be found again.
//
// Only to be quick: nothing is lost when the browser stops the service worker and these with it. A port tells when its worker is gone;
// where a browser does not let it, none is kept. Orders never go this way, for nobody asked the worker whether it is still there.

const MOST = 8;
const tells = 'onclose' in MessagePort.prototype;

/** @type {Set<MessagePort>} */
const resting = new Set();

/** @param {MessagePort} port  whose worker gave its whole answer */
export function rest(port) {
  port.onmessage = null;
  if (!tells || resting.size >= MOST) return port.close();
  whenClosed(port, () => resting.delete(port));
  resting.add(port);
}

/**
 * Takes the place of what the port was told before: a port carries many requests, and must not keep them all.
 * @param {MessagePort} port
 * @param {() => void} act
 */
export function whenClosed(port, act) {
  /** @type {MessagePort & {onclose: (() => void) | null}} */ (port).onclose = act;
}

/** @returns {MessagePort | null} */
export function rested() {
  for (const port of resting) {
    resting.delete(port);
    return port;
  }
  return null;
}
