// The application's copy in this browser: one cache per version, complete or not there at all.
//
// An install that misses one file fails as a whole, and the version before it goes on. Tabs of an earlier version find
// their files in its cache, which is deleted when nobody uses it. A file is kept only if it is the one that the version names.

import { identities } from './tabs.mjs';
import { settings } from './settings.mjs';

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

/** Fetched at a time: the page that is being looked at needs the network, too. */
const AT_ONCE = 4;

const prefix = () => `velocious:${settings.appId}:`;
const own = () => caches.open(prefix() + settings.version);

/** Fetches everything; what an earlier version has already is copied. What failed half-way is not there. */
export async function install() {
  const cache = await own();
  const web = Object.entries(settings.web).map(([path, integrity]) => [settings.root + path, integrity]);
  const waiting = [
    ...Object.entries(settings.files).map(([url, integrity]) => () => keep(cache, url, { integrity }, true)),
    ...[...Object.entries(settings.fresh), ...web].map(([url, integrity]) => () => keep(cache, url, { integrity, cache: 'no-cache' }, false)),
  ];
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await next();
    }));
  } catch (error) {
    waiting.length = 0;
    await caches.delete(prefix() + settings.version);
    throw error;
  }
}

/**
 * @param {Cache} cache
 * @param {string} url
 * @param {RequestInit} how  with what the content must be
 * @param {boolean} immutable  the same address has the same content in every version
 */
async function keep(cache, url, how, immutable) {
  const known = immutable ? await copyOf(url) : undefined;
  // what the browser itself had kept of this address may be the broken thing
  const response = known ?? (await fetch(url, how).catch(() => fetch(url, { ...how, cache: 'reload' })).catch(() => {
    throw new Error(`${url} could not be fetched, or is not the file of this version`);
  }));
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  await cache.put(url, withoutWay(response));
}

/**
 * A page may not be answered by a response that was redirected, as servers of files do ("/about.html" to "/about").
 * @param {Response} response
 */
function withoutWay(response) {
  return response.redirected ? new Response(response.body, { status: response.status, headers: response.headers }) : response;
}

/** Deletes the caches of versions that no tab is of. */
export async function tidy() {
  const { installing, waiting } = worker.registration;
  // the cache of a version to come is nobody's yet
  if (installing || waiting) return;
  const others = (await caches.keys()).filter((name) => name.startsWith(prefix()) && name !== prefix() + settings.version);
  if (others.length === 0) return;
  const used = new Set((await identities()).map((one) => one?.version ?? null));
  // a tab that does not say may be loading, or frozen, and come back
  if (used.has(null)) return;
  await Promise.all(others.filter((name) => !used.has(name.slice(prefix().length))).map((name) => caches.delete(name)));
}

/**
 * The copy of an address, of this version if it has one.
 * @param {string} url
 * @returns {Promise<Response | undefined>}
 */
export async function copyOf(url) {
  const found = await (await own()).match(url);
  if (found) return found;
  for (const name of await caches.keys()) {
    const copy = name.startsWith(prefix()) ? await (await caches.open(name)).match(url) : undefined;
    if (copy) return copy;
  }
  return undefined;
}

/**
 * A file whose content never changes: from the copy, else from the network, and kept.
 * @param {Request} request
 */
export async function kept(request) {
  const copy = (await withMachineCode(request.url)) ?? (await copyOf(request.url));
  if (copy) return copy;
  const response = await fetch(request);
  if (response.status === 200) await (await own()).put(request.url, response.clone());
  return response;
}

/**
 * WebAssembly as the browser's own cache has it. What the browser compiled of a response it keeps beside it: the first visit's
 * machine code is beside this one, and a copy of ours has none before the visit after it.
 * @param {string} url
 * @returns {Promise<Response | null>}  null where the browser has it no more
 */
async function withMachineCode(url) {
  if (!url.endsWith('.wasm')) return null;
  const response = await fetch(url, { mode: 'same-origin', cache: 'only-if-cached' }).catch(() => null);
  return response?.ok ? response : null;
}

/**
 * What changes with the version: of this one, where all are to be of one; else from the server while it can be reached.
 * @param {Request} request
 * @param {boolean} versioned
 */
export async function freshOrKept(request, versioned) {
  const copy = async () => (await own()).match(request.url, { ignoreSearch: true });
  const first = versioned ? await copy() : undefined;
  if (first) return first;
  try {
    return await fetch(request);
  } catch (error) {
    const last = await copy();
    if (!last) throw error;
    return last;
  }
}
