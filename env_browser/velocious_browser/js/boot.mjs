// Reads boot.json: what this application needs, with every address made absolute.

import { RuntimeFailure } from './failure.mjs';
import { PROTOCOL } from './messages.mjs';

/** @typedef {import('./messages.mjs').Boot} Boot */

const APP_ID = /^[A-Za-z0-9][\w.-]*$/;
const REQUIRED = ['appId', 'runtime', 'js', 'archives', 'databaseDirectory'];

/**
 * @param {string} url  absolute: a worker of PyScript has no address of its own to start from
 * @returns {Promise<Boot>}
 */
export async function fetchBoot(url) {
  const response = await fetch(url).catch((cause) => {
    throw new RuntimeFailure('boot_failed', `${url} could not be fetched: is the server running?`, { cause });
  });
  if (!response.ok) {
    // A server that knows why it has no boot file says so, and what to do.
    const refusal = (await response.json().catch(() => null))?.error;
    if (refusal?.message) throw new RuntimeFailure(refusal.code, refusal.message);
    throw new RuntimeFailure('boot_failed', `${url} answered ${response.status} - it must answer with the application's `
      + 'boot.json - check that the server of this application serves its browser side');
  }
  // of a copy that was kept: when that was made
  const served = Date.parse(response.headers.get('date') ?? '') || 0;
  return resolveBoot({ served, ...(await response.json()) }, url);
}

/**
 * @param {any} boot  boot.json, parsed
 * @param {string} url  the address it came from
 * @returns {Boot}
 */
export function resolveBoot(boot, url) {
  const missing = REQUIRED.filter((key) => boot[key] === undefined);
  if (boot.protocol !== PROTOCOL || missing.length > 0) {
    throw new RuntimeFailure('boot_invalid', `${url} is not a boot file of protocol ${PROTOCOL} (protocol: ${boot.protocol}, `
      + `missing: ${missing.join(', ') || 'nothing'}) - the page's JavaScript and the server must be of one version - reload the page`);
  }
  if (!APP_ID.test(boot.appId)) {
    throw new RuntimeFailure('boot_invalid', `the application's id ${JSON.stringify(boot.appId)} cannot name a directory - use letters, digits, '-', '_' `
      + "and '.'");
  }
  const absolute = (/** @type {string} */ address) => new URL(address, url).href;
  return {
    environment: 'development',
    allowVolatile: false,
    ...boot,
    js: absolute(boot.js),
    runtime: { ...boot.runtime, base: absolute(boot.runtime.base) },
    archives: boot.archives.map((/** @type {any} */ archive) => ({ ...archive, url: absolute(archive.url) })),
    serviceWorker: boot.serviceWorker ? { url: absolute(boot.serviceWorker.url), scope: absolute(boot.serviceWorker.scope) } : null,
    app: boot.app ? { directory: '/app', ...boot.app, url: absolute(boot.app.url) } : null,
  };
}
