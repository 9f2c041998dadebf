// The service worker: keeps a copy of the application, and hands requests to the tab that can answer them.
//
// The browser stops and starts it as it likes, so nothing that matters is only in its memory.

import { install, tidy } from './copies.mjs';
import { answerFor } from './policy.mjs';
import { configure } from './settings.mjs';
import { tell } from './tabs.mjs';

/** @typedef {import('../messages.mjs').ToServiceWorkerItself} Wish */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

/**
 * Called by the script that the server writes; everything here happens before its first await, as a service worker must.
 * @param {import('./settings.mjs').Settings} settings
 */
export function run(settings) {
  configure(settings);
  worker.addEventListener('install', (event) => event.waitUntil(begin(settings)));
  worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim().then(tidy)));
  worker.addEventListener('message', (event) => event.waitUntil(Promise.resolve(grant(event.data, event.ports, settings))));
  worker.addEventListener('fetch', (event) => {
    const answer = answerFor(event);
    if (answer) event.respondWith(answer);
  });
}

/** @param {import('./settings.mjs').Settings} settings */
async function begin({ asks, version }) {
  try {
    await install();
  } catch (error) {
    await tell({ velocious: 'not-installed', version, message: error instanceof Error ? error.message : String(error) });
    throw error;
  }
  // the first one is nobody's second version
  if (!asks || !worker.registration.active) await worker.skipWaiting();
}

/**
 * @param {Wish | null} wish
 * @param {readonly MessagePort[]} ports
 * @param {import('./settings.mjs').Settings} settings
 */
function grant(wish, [port], { version }) {
  switch (wish?.velocious) {
    // a page that was loaded anew past the service worker, or before it was there, can have it yet
    case 'claim': return worker.clients.claim();
    case 'version': return port.postMessage({ version });
    case 'activate': return worker.skipWaiting();
    case 'tidy': return tidy();
  }
}
