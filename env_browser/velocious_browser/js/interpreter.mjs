// PyScript's `interpreter`: the same exports as Pyodide's own module, with our runtime behind them.
//
// In a worker it takes its place among the application's tabs before the page's Python runs. On the main thread there is no durable
// storage, so /opfs does not exist there: better no such directory than one that forgets.

import { fetchApplication, placeApplication } from './application.mjs';
import { Archives } from './archives.mjs';
import { fetchBoot } from './boot.mjs';
import { WorkerEnd } from './dom/worker_end.mjs';
import { Downloads } from './downloads.mjs';
import { createHost } from './host.mjs';
import { collectFromNow } from './python.mjs';
import { loadRuntime } from './runtime.mjs';
import { announceChanges } from './space.mjs';
import { Storage } from './storage.mjs';
import { Seat } from './tabs/seat.mjs';

/** @typedef {import('./messages.mjs').Notice} Notice */

const inWorker = 'DedicatedWorkerGlobalScope' in globalThis;
// offered before anything is fetched, so that the page can say how far it is
const page = inWorker ? new WorkerEnd() : null;
const address = new URL(import.meta.url).searchParams.get('boot') ?? '../../boot.json';
const boot = await fetchBoot(new URL(address, import.meta.url).href);

export const version = boot.runtime.pyodideVersion;

/**
 * @param {Record<string, any>} [options]  of Pyodide's loadPyodide
 * @returns {Promise<any>} Pyodide
 */
export async function loadPyodide(options = {}) {
  const storage = new Storage(boot);
  const seat = inWorker ? new Seat(boot, storage, notify, { serves: false }) : null;
  const downloads = new Downloads((loaded, total) => notify({ type: 'progress', step: 'runtime', label: loading(loaded, total), loaded, total }));
  // the main thread may not fetch in the middle of an import
  const own = inWorker ? boot : { ...boot, archives: boot.archives.map((archive) => ({ ...archive, lazy: false })) };
  const [pyodide, application] = await Promise.all([loadRuntime(own, downloads, options), fetchApplication(own, downloads), seat?.take()]);
  downloads.end();
  notify({ type: 'progress', step: 'application', label: 'Starting the application', loaded: 0, total: 0 });
  placeApplication(pyodide, own, new Archives(pyodide, own.archives), application);
  if (seat) await offerStorage(pyodide, storage, seat);
  collectFromNow(pyodide);
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

/**
 * @param {any} pyodide
 * @param {Storage} storage
 * @param {Seat} seat
 */
async function offerStorage(pyodide, storage, seat) {
  seat.host = createHost(pyodide, storage, seat, notify, boot.appId);
  await seat.seat(pyodide);
  const text = JSON.stringify({ ...boot, storage: await storage.persistence() });
  announceChanges(storage, notify);
  Object.assign(globalThis, { velociousBoot: text, velociousHost: seat.host, velociousPage: page });
}

/** @param {Notice} notice */
function notify(notice) {
  page?.tell(notice);
  if (notice.type === 'log') console[notice.level === 'warning' ? 'warn' : notice.level](notice.text);
  else if (notice.type === 'progress' && notice.step !== 'runtime') console.debug(notice.label);
  else if (notice.type === 'state' && notice.name !== 'starting') console.info(`velocious: ${notice.message}`);
}

/** @param {number} loaded @param {number} total */
function loading(loaded, total) {
  return total ? `Loading Python: ${(loaded / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB` : 'Loading Python';
}
