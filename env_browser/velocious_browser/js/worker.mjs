// The worker of a page: boots Python on the application's files and answers requests (see messages.mjs).

import { fetchApplication, placeApplication } from './application.mjs';
import { Archives } from './archives.mjs';
import { Calls } from './calls.mjs';
import { Downloads } from './downloads.mjs';
import { serve } from './exchange.mjs';
import { describe, RuntimeFailure } from './failure.mjs';
import { createHost, readFile } from './host.mjs';
import { acquire } from './lock.mjs';
import { during, phases, within } from './phases.mjs';
import { createCaller } from './python.mjs';
import { answer } from './rpc.mjs';
import { loadRuntime } from './runtime.mjs';
import { announceChanges } from './space.mjs';
import { Storage } from './storage.mjs';
import { Watches } from './watches.mjs';

/** @typedef {import('./messages.mjs').Boot} Boot */
/** @typedef {import('./messages.mjs').Notice} Notice */
/** @typedef {import('./messages.mjs').Request} Request */
/** @typedef {import('./messages.mjs').Level} Level */

/** @typedef {object} Running
 * @property {any} pyodide
 * @property {import('./calls.mjs').Callable} python
 * @property {import('./watches.mjs').Watching} watching
 * @property {(args: string) => Promise<string>} runCommand
 * @property {(question: string, parameters: string) => Promise<string>} devtools
 * @property {(() => Promise<void>) | null} closePython
 * @property {() => void} refresh
 * @property {import('./exchange.mjs').Server} server
 * @property {Storage} storage
 * @property {import('./lock.mjs').Lock} lock
 */

const port = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));
const WAITING = 'this application is open in another tab, which owns its database: this tab goes on when that one is closed';

/** Milliseconds after the start in which the first rows are not disturbed by what may be done later. */
const QUIET = 2000;

const calls = new Calls();
const watches = new Watches(post);

/** @type {Running | null} */
let running = null;

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
  progress('lock', 'Looking for other tabs');
  const lock = await during('lock', acquire(boot.appId, () => post({ type: 'state', name: 'waiting', message: WAITING })));
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
  const opening = during('open the files', Storage.open(boot));
  const [pyodide, storage, application] = await Promise.all([
    loadRuntime(boot, downloads, { stdout: logTo('info'), stderr: logTo('warning') }),
    opening,
    during('fetch the application', fetchApplication(boot, downloads)),
  ]).catch(async (error) => {
    // the files must be closed before the lock is let go
    await opening.then((opened) => opened.close(), () => undefined);
    throw error;
  });
  downloads.end();
  try {
    return await startPython(boot, { pyodide, storage, lock }, application);
  } catch (error) {
    storage.close();
    throw error;
  }
}

/**
 * @param {Boot} boot
 * @param {{pyodide: any, storage: Storage, lock: import('./lock.mjs').Lock}} parts
 * @param {import('./application.mjs').Application} application
 * @returns {Promise<Running>}
 */
async function startPython(boot, { pyodide, storage, lock }, application) {
  const archives = new Archives(pyodide, boot.archives);
  within('place the application', () => placeApplication(pyodide, boot, archives, application));
  progress('storage', 'Opening the database files');
  storage.mount(pyodide);
  within('prove that commits are flushed', () => storage.prove(pyodide));
  progress('application', 'Starting the application');
  const persistence = await storage.persistence();
  const python = within('import velocious', () => pyodide.pyimport('velocious_browser.worker'));
  const callable = createCaller(pyodide, python.describe_error);
  const host = createHost(pyodide, storage, post, boot.appId);
  await during('open the application', callable(python.start)(JSON.stringify({ ...boot, storage: persistence }), host));
  post({ type: 'persistence', persistence: await storage.persistence() });
  announceChanges(storage, post, () => queueMicrotask(() => python.storage_changed?.()));
  setTimeout(() => storage.tidy().catch((error) => logTo('warning')(describe(error).message)), QUIET);
  return {
    pyodide,
    storage,
    lock,
    python: { call: callable(python.call), cancel: (number) => python.cancel_call?.(number) },
    watching: { watch: callable(python.watch), unwatch: callable(python.unwatch) },
    runCommand: callable(python.run_command),
    devtools: callable(python.devtools),
    refresh: () => python.refresh?.(),
    closePython: python.close ? callable(python.close) : null,
    server: { serve: reserving(storage, python.serve), cancel: python.cancel },
  };
}

/**
 * @template {any[]} Arguments
 * @param {Storage} storage
 * @param {(...args: Arguments) => void} work  may create files
 * @returns {(...args: Arguments) => Promise<void>}
 */
function reserving(storage, work) {
  return async (...args) => {
    await growPool(storage);
    work(...args);
  };
}

/** @param {Request} request */
async function handle(request) {
  if (request.type === 'boot') return start(request.boot);
  if (request.type === 'trace') return phases('worker', request.origin);
  if (!running) throw new RuntimeFailure('not_running', `the request ${request.type} came before boot or after close - await start() first`);
  if (request.type === 'serve') return serve(request.port, running.server);
  if (request.type === 'abort') return calls.abort(request.request, running.python);
  if (request.type === 'unwatch') return watches.end(request.watch, running.watching);
  if (request.type === 'call') return during(`call ${request.action}`, calls.answer(request, running.python, growPool(running.storage)));
  if (request.type === 'watch') return watches.begin(request, running.watching, growPool(running.storage));
  await growPool(running.storage);
  return answerRunning(running, request);
}

/** A full disk must not keep anybody from reading; a write will say so itself. @param {Storage} storage */
async function growPool(storage) {
  try {
    await storage.reserve();
  } catch (error) {
    const { name, message } = describe(error);
    if (name !== 'QuotaExceededError') throw error;
    post({ type: 'log', level: 'warning', text: `no new files can be created: ${message}` });
  }
}

/**
 * @param {Running} app
 * @param {Exclude<Request, {type: "boot" | "trace" | "serve" | "abort" | "call" | "watch" | "unwatch"}>} request
 */
async function answerRunning(app, request) {
  switch (request.type) {
    case 'command': return app.runCommand(request.arguments);
    case 'devtools': return app.devtools(request.question, request.parameters);
    case 'read': return readFile(app.pyodide, request.path);
    case 'write': return app.pyodide.FS.writeFile(request.path, new Uint8Array(request.bytes));
    case 'persistence': return announce(app.storage);
    case 'status': return app.storage.status();
    case 'refresh': return app.refresh();
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
async function close({ closePython, storage, lock }) {
  running = null;
  try {
    await closePython?.();
  } finally {
    storage.close();
    lock.release();
  }
}

answer(port, handle);
