// The application's copy in this browser: one cache per version, complete or not there at all.
//
// An install that misses one file fails as a whole, and the version before it goes on. Tabs of an earlier version find
// their files in its cache, which is deleted when nobody uses it.

import { identities } from './tabs.mjs';
import { settings } from './settings.mjs';

/** Fetched at a time: the page that is being looked at needs the network, too. */
const AT_ONCE = 4;

const prefix = () => `velocious:${settings.appId}:`;
const own = () => caches.open(prefix() + settings.version);

/** Fetches everything; what an earlier version has already is copied. */
export async function install() {
  const cache = await own();
  const waiting = [
    ...settings.files.map((url) => () => keep(cache, url, 'default', true)),
    ...[...settings.fresh, ...settings.web.map((path) => settings.root + path)].map((url) => () => keep(cache, url, 'no-cache', false)),
  ];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next();
  }));
}

/**
 * @param {Cache} cache
 * @param {string} url
 * @param {RequestCache} mode
 * @param {boolean} immutable  the same address has the same content in every version
 */
async function keep(cache, url, mode, immutable) {
  const known = immutable ? await copyOf(url) : undefined;
  const response = known ?? (await fetch(url, { cache: mode }));
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

/** Deletes the caches that nobody needs: neither a tab, nor a tab that has just loaded its first modules. */
export async function activate() {
  const others = (await caches.keys()).filter((name) => name.startsWith(prefix()) && name !== prefix() + settings.version);
  const { used, silent } = await identities();
  // a tab that does not answer may be frozen, and come back
  if (silent) return;
  const latest = others.at(-1);
  await Promise.all(others.filter((name) => name !== latest && !used.has(name.slice(prefix().length))).map((name) => caches.delete(name)));
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
  const copy = await copyOf(request.url);
  if (copy) return copy;
  const response = await fetch(request);
  if (response.status === 200) await (await own()).put(request.url, response.clone());
  return response;
}

/**
 * What changes: from the server while it can be reached, else the copy.
 * @param {Request} request
 */
export async function freshOrKept(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const copy = await (await own()).match(request.url, { ignoreSearch: true });
    if (!copy) throw error;
    return copy;
  }
}
