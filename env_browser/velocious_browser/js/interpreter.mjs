// PyScript's `interpreter`: the same exports as Pyodide's own module, with our runtime behind them.
//
// In a worker it takes the application's lock and mounts its files before the page's Python runs. On the main thread there
// is no durable storage, so /opfs does not exist there: better no such directory than one that forgets.

import { fetchApplication, placeApplication } from './application.mjs';
import { Archives } from './archives.mjs';
import { fetchBoot } from './boot.mjs';
import { WorkerEnd } from './dom/worker_end.mjs';
import { Downloads } from './downloads.mjs';
import { createHost } from './host.mjs';
import { acquire } from './lock.mjs';
import { loadRuntime } from './runtime.mjs';
import { announceChanges } from './space.mjs';
import { Storage } from './storage.mjs';

/** @typedef {import('./messages.mjs').Notice} Notice */

const inWorker = 'DedicatedWorkerGlobalScope' in globalThis;
// offered before anything is fetched, so that the page can say how far it is
const page = inWorker ? new WorkerEnd() : null;
const address = new URL(import.meta.url).searchParams.get('boot') ?? '../../boot.json';
const boot = await fetchBoot(new URL(address, import.meta.url).href);

const WAITING = 'this application is open in another tab or worker, which owns its database: this page goes on when that one is closed';

export const version = boot.runtime.pyodideVersion;

/**
 * @param {Record<string, any>} [options]  of Pyodide's loadPyodide
 * @returns {Promise<any>} Pyodide
 */
export async function loadPyodide(options = {}) {
  const storage = inWorker ? await openStorage() : null;
  const downloads = new Downloads((loaded, total) => notify({ type: 'progress', step: 'runtime', label: loading(loaded, total), loaded, total }));
  // the main thread may not fetch in the middle of an import
  const own = inWorker ? boot : { ...boot, archives: boot.archives.map((archive) => ({ ...archive, lazy: false })) };
  const [pyodide, application] = await Promise.all([loadRuntime(own, downloads, options), fetchApplication(own, downloads)]);
  downloads.end();
  notify({ type: 'progress', step: 'application', label: 'Starting the application', loaded: 0, total: 0 });
  placeApplication(pyodide, own, new Archives(pyodide, own.archives), application);
  if (storage) await offerStorage(pyodide, storage);
  return page ? watched(pyodide, page) : pyodide;
}

/**
 * The page hears what the script raises, which PyScript writes to the console only.
 * @param {any} pyodide
 * @param {WorkerEnd} end
 */
function watched(pyodide, end) {
  const [run, runAsync] = [pyodide.runPython.bind(pyodide), pyodide.runPythonAsync.bind(pyodide)];
  const told = (/** @type {unknown} */ error) => { end.fail(error); throw error; };
  pyodide.runPython = (/** @type {any[]} */ ...args) => { try { return run(...args); } catch (error) { return told(error); } };
  pyodide.runPythonAsync = (/** @type {any[]} */ ...args) => runAsync(...args).catch(told);
  return pyodide;
}

async function openStorage() {
  await acquire(boot.appId, () => notify({ type: 'state', name: 'waiting', message: WAITING }));
  notify({ type: 'state', name: 'starting', message: 'Loading Python' });
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
  announceChanges(storage, notify);
  Object.assign(globalThis, { velociousBoot: text, velociousHost: createHost(pyodide, storage, notify, boot.appId), velociousPage: page });
}

/** @param {Notice} notice */
function notify(notice) {
  page?.tell(notice);
  if (notice.type === 'log') console[notice.level === 'warning' ? 'warn' : notice.level](notice.text);
  else if (notice.type === 'progress' && notice.step !== 'runtime') console.debug(notice.label);
  else if (notice.type === 'state' && notice.name === 'waiting') console.info(`velocious: ${notice.message}`);
}

/** @param {number} loaded @param {number} total */
function loading(loaded, total) {
  return total ? `Loading Python: ${(loaded / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB` : 'Loading Python';
}
