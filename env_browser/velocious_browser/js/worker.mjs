// The worker of a page: boots Python on the application's files and answers requests (see messages.mjs).

import { fetchApplication, placeApplication } from './application.mjs';
import { Archives } from './archives.mjs';
import { Downloads } from './downloads.mjs';
import { describe, RuntimeFailure } from './failure.mjs';
import { createHost, readFile } from './host.mjs';
import { acquire } from './lock.mjs';
import { explainer } from './python_failure.mjs';
import { answer } from './rpc.mjs';
import { loadRuntime } from './runtime.mjs';
import { Storage } from './storage.mjs';

/** @typedef {import('./messages.mjs').Boot} Boot */
/** @typedef {import('./messages.mjs').Notice} Notice */
/** @typedef {import('./messages.mjs').Request} Request */
/** @typedef {import('./messages.mjs').Level} Level */

/** @typedef {object} Running
 * @property {any} pyodide
 * @property {any} python  the module velocious_browser.worker
 * @property {Storage} storage
 * @property {import('./lock.mjs').Lock} lock
 */

const port = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));
const WAITING = 'this application is open in another tab, which owns its database: this tab goes on when that one is closed';

/** @type {Running | null} */
let running = null;
let explain = describe;

/** @param {Notice} notice @param {Transferable[]} [transfer] */
function post(notice, transfer = []) {
  port.postMessage(notice, transfer);
}

/** @param {string} step @param {string} label @param {number} [loaded] @param {number} [total] */
function progress(step, label, loaded = 0, total = 0) {
  post({ type: 'progress', step, label, loaded, total });
}

/** @param {Level} level */
function logTo(level) {
  return (/** @type {string} */ text) => post({ type: 'log', level, text });
}

/** @param {Boot} boot */
async function start(boot) {
  checkSupport(boot);
  progress('lock', 'Waiting for the database');
  const lock = await acquire(boot.appId, () => post({ type: 'state', name: 'waiting', message: WAITING }));
  post({ type: 'state', name: 'starting', message: 'starting' });
  try {
    running = await startOwned(boot, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * @param {Boot} boot
 * @param {import('./lock.mjs').Lock} lock
 * @returns {Promise<Running>}
 */
async function startOwned(boot, lock) {
  const downloads = new Downloads((loaded, total) => progress('runtime', 'Loading Python', loaded, total));
  const opening = Storage.open(boot);
  const [pyodide, storage, application] = await Promise.all([
    loadRuntime(boot, downloads, { stdout: logTo('info'), stderr: logTo('warning') }),
    opening,
    fetchApplication(boot, downloads),
  ]).catch(async (error) => {
    // the files must be closed before the lock is let go
    await opening.then((opened) => opened.close(), () => undefined);
    throw error;
  });
  downloads.end();
  try {
    return await startPython(boot, { pyodide, storage, lock }, application);
  } catch (error) {
    const failure = explain(error);
    storage.close();
    throw Object.assign(new RuntimeFailure(failure.code ?? 'boot_failed', failure.message, { details: failure.details }), { stack: failure.traceback });
  }
}

/**
 * @param {Boot} boot
 * @param {{pyodide: any, storage: Storage, lock: import('./lock.mjs').Lock}} parts
 * @param {import('./application.mjs').Application} application
 * @returns {Promise<Running>}
 */
async function startPython(boot, { pyodide, storage, lock }, application) {
  explain = explainer(pyodide);
  const archives = new Archives(pyodide, boot.archives);
  placeApplication(pyodide, boot, archives, application);
  progress('storage', 'Opening the database files');
  storage.mount(pyodide);
  storage.prove(pyodide);
  progress('application', 'Starting the application');
  const persistence = await storage.persistence();
  const python = pyodide.pyimport('velocious_browser.worker');
  await python.start(JSON.stringify({ ...boot, storage: persistence }), createHost(pyodide, storage, post));
  post({ type: 'persistence', persistence: await storage.persistence() });
  archives.prefetch().catch((error) => post({ type: 'log', level: 'warning', text: describe(error).message }));
  return { pyodide, python, storage, lock };
}

/** @param {Request} request */
async function handle(request) {
  if (request.type === 'boot') return start(request.boot);
  if (!running) throw new RuntimeFailure('not_running', `the request ${request.type} came before boot or after close - await start() first`);
  await running.storage.reserve();
  return answerRunning(running, request);
}

/**
 * @param {Running} app
 * @param {Exclude<Request, {type: "boot"}>} request
 */
async function answerRunning(app, request) {
  switch (request.type) {
    case 'call': return app.python.call(request.action, request.payload);
    case 'command': return app.python.run_command(request.arguments);
    case 'read': return readFile(app.pyodide, request.path);
    case 'write': return app.pyodide.FS.writeFile(request.path, new Uint8Array(request.bytes));
    case 'persistence': return announce(app.storage);
    case 'close': return close(app);
  }
}

/** @param {Storage} storage */
async function announce(storage) {
  const persistence = await storage.persistence();
  post({ type: 'persistence', persistence });
  return persistence;
}

/** @param {Running} app */
async function close({ python, storage, lock }) {
  running = null;
  await python.close?.();
  storage.close();
  lock.release();
}

/** @param {Boot} boot */
function checkSupport({ appId }) {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(appId)) {
    throw new RuntimeFailure('boot_invalid', `the application's id ${JSON.stringify(appId)} cannot name a directory - use letters, digits, '-', '_' and '.'`);
  }
  if (!navigator.locks) {
    throw new RuntimeFailure('storage_unavailable', `${location.origin} offers no locks, which need a secure context - open the page over https or localhost`);
  }
}

answer(port, handle, (error) => explain(error));
