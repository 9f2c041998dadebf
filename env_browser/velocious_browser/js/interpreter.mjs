// PyScript's `interpreter`: the same exports as Pyodide's own module, with our runtime behind them.
//
// In a worker it takes the application's lock and mounts its files before the page's Python runs. On the main thread there
// is no durable storage, so /opfs does not exist there: better no such directory than one that forgets.

import { fetchApplication, placeApplication } from './application.mjs';
import { Archives } from './archives.mjs';
import { fetchBoot } from './boot.mjs';
import { Downloads } from './downloads.mjs';
import { createHost } from './host.mjs';
import { acquire } from './lock.mjs';
import { loadRuntime } from './runtime.mjs';
import { announceChanges } from './space.mjs';
import { Storage } from './storage.mjs';

/** @typedef {import('./messages.mjs').Notice} Notice */

const address = new URL(import.meta.url).searchParams.get('boot') ?? '../../boot.json';
const boot = await fetchBoot(new URL(address, import.meta.url).href);

export const version = boot.runtime.pyodideVersion;

/**
 * @param {Record<string, any>} [options]  of Pyodide's loadPyodide
 * @returns {Promise<any>} Pyodide
 */
export async function loadPyodide(options = {}) {
  const inWorker = 'DedicatedWorkerGlobalScope' in globalThis;
  const storage = inWorker ? await openStorage() : null;
  const downloads = new Downloads(() => {});
  // the main thread may not fetch in the middle of an import
  const own = inWorker ? boot : { ...boot, archives: boot.archives.map((archive) => ({ ...archive, lazy: false })) };
  const [pyodide, application] = await Promise.all([loadRuntime(own, downloads, options), fetchApplication(own, downloads)]);
  downloads.end();
  placeApplication(pyodide, own, new Archives(pyodide, own.archives), application);
  if (storage) await offerStorage(pyodide, storage);
  return pyodide;
}

async function openStorage() {
  await acquire(boot.appId, () => console.warn(`velocious: ${boot.appId} is open in another tab or worker, which owns its database: waiting for it to close`));
  return Storage.open(boot);
}

/**
 * @param {any} pyodide
 * @param {Storage} storage
 */
async function offerStorage(pyodide, storage) {
  storage.mount(pyodide);
  storage.prove(pyodide);
  const text = JSON.stringify({ ...boot, storage: await storage.persistence() });
  announceChanges(storage, toConsole);
  Object.assign(globalThis, { velociousBoot: text, velociousHost: createHost(pyodide, storage, toConsole) });
}

/** @param {Notice} notice */
function toConsole(notice) {
  if (notice.type === 'log') console[notice.level === 'warning' ? 'warn' : notice.level](notice.text);
  else if (notice.type === 'progress') console.debug(`${notice.label}: ${notice.loaded} of ${notice.total}`);
}
