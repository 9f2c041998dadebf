// The service worker: keeps a copy of the application, and hands requests to the tab that can answer them.
//
// The browser stops and starts it as it likes, so nothing that matters is only in its memory.

import { activate, install } from './copies.mjs';
import { answerFor } from './policy.mjs';
import { configure } from './settings.mjs';

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

/**
 * Called by the script that the server writes; everything here happens before its first await, as a service worker must.
 * @param {import('./settings.mjs').Settings} settings
 */
export function run(settings) {
  configure(settings);
  worker.addEventListener('install', (event) => event.waitUntil(install().then(() => worker.skipWaiting())));
  worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim().then(activate)));
  // a page that was loaded anew past the service worker, or before it was there, can have it yet
  worker.addEventListener('message', ({ data }) => { if (data?.velocious === 'claim') worker.clients.claim(); });
  worker.addEventListener('fetch', (event) => {
    const answer = answerFor(event);
    if (answer) event.respondWith(answer);
  });
}
