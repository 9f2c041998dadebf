// The server, if it can be reached.

import { settings } from './settings.mjs';

/** Milliseconds after which somebody who is waiting gets the browser's own answer. */
const PATIENCE = 4000;
/** What a proxy says when the application behind it is gone. */
const GATEWAY = new Set([502, 503, 504]);

/**
 * The server's answer to a question, or null where it cannot be reached (in time).
 * @param {Request} request  safe to repeat
 * @returns {Promise<Response | null>}
 */
export async function fromServer(request) {
  const response = await inTime(fetch(request));
  return response && GATEWAY.has(response.status) ? null : response;
}

/** Whether the server would take a request that must not be sent twice. */
export async function isReachable() {
  const response = await inTime(fetch(`${settings.root}/velocious/reachable`, { cache: 'no-store' }));
  return response?.status === 204;
}

/**
 * @param {Promise<Response>} coming
 * @returns {Promise<Response | null>}
 */
function inTime(coming) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE, null);
    coming.then(resolve, () => resolve(null)).finally(() => clearTimeout(timer));
  });
}
