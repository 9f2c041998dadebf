// A note outside of the private file system that there was data: a browser that evicts a site's files leaves it behind.
//
// It lies in localStorage, which belongs to pages: a worker cannot read it. Where a browser refuses even that, no note is
// kept, and a lost database cannot be told from a first visit.

/** @typedef {import('../messages.mjs').Persistence} Persistence */

/** @param {string} appId */
const key = (appId) => `velocious:${appId}:data`;

/** @returns {Storage | null} */
function notes() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null; // reading the property itself throws where a browser blocks site data
  }
}

/** Since when this browser has data of the application; null on a first visit. @param {string} appId @returns {string | null} */
export function dataSince(appId) {
  return notes()?.getItem(key(appId)) ?? null;
}

/** @param {string} appId @param {Persistence} persistence */
export function noteData(appId, { directory, files }) {
  if (directory && files > 0 && !dataSince(appId)) notes()?.setItem(key(appId), new Date().toISOString());
}

/** @param {string} appId */
export function forgetData(appId) {
  notes()?.removeItem(key(appId));
}
