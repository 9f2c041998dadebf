// Python's memory as it is after its first imports, which an earlier visit has left in this browser.
//
// Law: one that is not whole, or of anything else than what runs now, is not used. It holds nothing of the application and nothing of its
// data. Where a browser keeps no caches (insecure addresses, some private windows) there is none, and a start is an ordinary one.

/** @typedef {import('../messages.mjs').Boot} Boot */
/** @typedef {import('./pieces.mjs').Pieces} Pieces */
/**
 * @typedef {object} Description
 * @property {string[]} modules  that it was to have
 * @property {number} size  of Python's memory, in bytes
 * @property {Pieces} pieces  that are kept of it
 * @property {number[]} head  what Pyodide notes before it: what of JavaScript Python holds
 */
/** @typedef {Description & {content: Promise<Uint8Array>}} Memory  content: of the pieces; fails where it is damaged */

/** Counts up when what is kept means something else. */
const FORMAT = 1;
const DESCRIPTION = 'velocious-memory';

/** Not one of the names that the service worker tidies up. @param {string} appId */
const cacheOf = (appId) => `velocious-memory:${appId}`;

/**
 * Changes with all that the memory depends on: every archive that Python starts with, our scripts, and the browser, whose abilities,
 * language and time zone Python has asked for.
 * @param {Boot} boot
 */
function addressOf({ runtime, js, archives }) {
  const eager = archives.filter(({ lazy }) => !lazy).map(({ url }) => url);
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const parts = JSON.stringify([FORMAT, js, eager, navigator.userAgent, navigator.language, timeZone]);
  return new URL(`memory?of=${encodeURIComponent(parts)}`, runtime.base).href;
}

/** Whether a start of `boot` may begin with a memory, and leave one. @param {Boot} boot */
export function wantsMemory({ memorySnapshot, environmentVariables }) {
  // Python reads its variables before anything else: a memory has those of its own start
  return memorySnapshot === true && 'caches' in globalThis && Object.keys(environmentVariables ?? {}).length === 0;
}

/**
 * @param {Boot} boot
 * @returns {Promise<Memory | null>}
 */
export async function findMemory(boot) {
  const response = await caches.match(addressOf(boot), { cacheName: cacheOf(boot.appId) });
  const header = response?.headers.get(DESCRIPTION);
  if (!response || !header) return null;
  const { digest, ...description } = JSON.parse(header);
  const content = read(response, digest);
  content.catch(() => undefined); // whoever asks for it is told
  return { ...description, content };
}

/**
 * @param {Response} response
 * @param {string} digest
 */
async function read(response, digest) {
  const content = new Uint8Array(await response.arrayBuffer());
  if ((await digestOf(content)) !== digest) throw new Error('it is damaged');
  return content;
}

/**
 * In the place of all others.
 * @param {Boot} boot
 * @param {Description} description
 * @param {Uint8Array<ArrayBuffer>} content
 */
export async function keepMemory(boot, description, content) {
  const address = addressOf(boot);
  const cache = await caches.open(cacheOf(boot.appId));
  const header = JSON.stringify({ ...description, digest: await digestOf(content) });
  await cache.put(address, new Response(content, { headers: { [DESCRIPTION]: header } }));
  const others = (await cache.keys()).filter(({ url }) => url !== address);
  await Promise.all(others.map((request) => cache.delete(request)));
}

/** @param {string} appId */
export async function forgetMemory(appId) {
  await globalThis.caches?.delete(cacheOf(appId));
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function digestOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
