// What this tab is: who answered its document, and the application that runs in it, if one does.
//
// Kept on the window, for a page may load these modules under two addresses.

/** @typedef {import('../client.mjs').App} App */

/** @typedef {object} Here
 * @property {App | null} app  the last one that was started in this tab
 * @property {"browser" | "server"} rendered  who answered the document that is shown
 * @property {string | null} version  of the application that this tab would run; null before it is known
 * @property {(() => Promise<App>) | null} starter  starts the application when somebody needs it
 * @property {boolean} listening  offers of the service worker are heard
 */

const KEY = Symbol.for('velocious');
const holder = /** @type {{[KEY]?: Here}} */ (globalThis);

/** @type {Here} */
export const here = (holder[KEY] ??= { app: null, rendered: renderedBy(), version: null, starter: null, listening: false });

/** The service worker signs what it answers with a Server-Timing, which a page can read. @returns {"browser" | "server"} */
function renderedBy() {
  const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
  return navigation?.serverTiming?.some(({ name }) => name === 'velocious') ? 'browser' : 'server';
}
