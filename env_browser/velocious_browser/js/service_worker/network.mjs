// The server, if it can be reached.
//
// A server that is gone is not asked with every question, for each would wait for that: it is left alone for a while, the longer
// the longer it took to find out, and looked for beside the answers. All times are of a clock that nobody sets.

import { settings } from './settings.mjs';

/** Milliseconds after which somebody who is waiting gets the browser's own answer. */
const PATIENCE = 4000;
/** What a proxy says when the application behind it is gone. */
const GATEWAY = new Set([502, 503, 504]);
/** Times that it took to find the server gone, for which it is left alone; not less and not more than so many milliseconds. */
const REST = { times: 20, least: 500, most: 30_000 };
/** Milliseconds between two looks for it in the meantime. */
const BETWEEN_LOOKS = 1000;

let goneUntil = 0;
let nextLook = 0;

/**
 * The server's answer to a question, or null where it cannot be reached (in time).
 * @param {Request} request  safe to repeat
 * @returns {Promise<Response | null>}
 */
export async function fromServer(request) {
  if (performance.now() < goneUntil) {
    look();
    return null;
  }
  const began = performance.now();
  const response = await inTime(fetch(request));
  if (response && !GATEWAY.has(response.status)) return response;
  const took = performance.now() - began;
  goneUntil = performance.now() + Math.min(Math.max(took * REST.times, REST.least), REST.most);
  // one page may be slow, and the server be there
  if (took >= PATIENCE) look();
  return null;
}

/** Whether the server would take a request that must not be sent twice: always asked, never remembered. */
export async function isReachable() {
  const given = new AbortController();
  const response = await inTime(fetch(`${settings.root}/velocious/reachable`, { cache: 'no-store', signal: given.signal }));
  if (response?.status === 204) goneUntil = 0;
  else given.abort();
  return response?.status === 204;
}

/** Nobody waits for this; the next question is the server's again if it is found. */
function look() {
  if (performance.now() < nextLook) return;
  nextLook = Infinity;
  isReachable().finally(() => { nextLook = performance.now() + BETWEEN_LOOKS; });
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
