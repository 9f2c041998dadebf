// The worker of a page: boots Python on the application's files and answers requests (see messages.mjs).

import { fetchApplication, placeApplication } from './application.mjs';
import { Archives, placesOf } from './archives.mjs';
import { Calls } from './calls.mjs';
import { Downloads } from './downloads.mjs';
import { serve } from './exchange.mjs';
import { describe, RuntimeFailure } from './failure.mjs';
import { createHost, readFile } from './host.mjs';
import { findMemory, forgetMemory, wantsMemory } from './memory/kept.mjs';
import { makeMemory } from './memory/maker.mjs';
import { leaveMemory } from './memory/making.mjs';
import { blamed, UNUSABLE } from './memory/waking.mjs';
import { during, phases, within } from './phases.mjs';
import { collectFromNow, createCaller } from './python.mjs';
import { answer } from './rpc.mjs';
import { loadRuntime } from './runtime.mjs';
import { announceChanges } from './space.mjs';
import { Storage } from './storage.mjs';
import { Seat } from './tabs/seat.mjs';
import { Watches } from './watches.mjs';

/** @typedef {import('./messages.mjs').Boot} Boot */
/** @typedef {import('./messages.mjs').Notice} Notice */
/** @typedef {import('./messages.mjs').Request} Request */
/** @typedef {import('./messages.mjs').Level} Level */
/** @typedef {import('./memory/kept.mjs').Memory} Memory */

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
 * @property {Seat} seat
 */

const port = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

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

/** @param {unknown} error */
function warn(error) {
  logTo('warning')(describe(error).message);
}

/** @param {Boot} boot */
async function start(boot) {
  progress('lock', 'Looking for other tabs');
  const storage = new Storage(boot);
  const seat = new Seat(boot, storage, post);
  const memory = wantsMemory(boot) ? during('find the memory of Python', foundMemory(boot)) : Promise.resolve(null);
  try {
    running = await Promise.race([startPython(boot, storage, seat, memory), seat.outdated]);
  } catch (error) {
    seat.leave();
    throw await explained(boot, memory, error);
  }
}

/** None where there is none that could be used. @param {Boot} boot @returns {Promise<Memory | null>} */
async function foundMemory(boot) {
  try {
    return await findMemory(boot);
  } catch (error) {
    logTo('warning')(`velocious: this start is an ordinary one: ${describe(error).message}`);
    return null;
  }
}

/**
 * Why a start failed; a memory that is to blame is not there any more.
 * @param {Boot} boot
 * @param {Promise<Memory | null>} memory
 * @param {unknown} error
 */
async function explained(boot, memory, error) {
  const why = (await memory) ? blamed(error) : error;
  if (why instanceof RuntimeFailure && why.code === UNUSABLE) await forgetMemory(boot.appId).catch(warn);
  return why;
}

/**
 * @param {Boot} boot
 * @param {Storage} storage
 * @param {Seat} seat
 * @param {Promise<Memory | null>} memory
 * @returns {Promise<Running>}
 */
async function startPython(boot, storage, seat, memory) {
  const downloads = new Downloads((loaded, total) => progress('runtime', 'Loading Python', loaded, total));
  const taking = during('open the files', seat.take());
  const [pyodide, application] = await Promise.all([
    loadRuntime(boot, downloads, { stdout: logTo('info'), stderr: logTo('warning') }, memory),
    during('fetch the application', fetchApplication(boot, downloads)),
    taking,
  ]).catch(async (error) => {
    // the files must be open before they can be closed
    await taking.catch(() => undefined);
    throw error;
  });
  downloads.end();
  const archives = new Archives(pyodide, boot.archives);
  within('place the application', () => placeApplication(pyodide, boot, archives, application));
  progress('storage', 'Opening the database files');
  seat.host = createHost(pyodide, storage, seat, post, boot.appId);
  await during('prove that commits are flushed', seat.seat(pyodide));
  progress('application', 'Starting the application');
  const python = within('import velocious', () => pyodide.pyimport('velocious_browser.worker'));
  collectFromNow(pyodide);
  const callable = createCaller(pyodide, python.describe_error);
  await during('open the application', callable(python.start)(JSON.stringify({ ...boot, storage: storage.latest() }), seat.host));
  post({ type: 'persistence', persistence: await storage.persistence() });
  announceChanges(storage, post, () => queueMicrotask(() => python.storage_changed?.()));
  seat.onMove = () => post({ type: 'persistence', persistence: storage.latest() });
  const runCommand = callable(python.run_command);
  seat.perform = async (request, files, postBack) => {
    await growPool(storage);
    if (request.type !== 'command') return answerFiles({ pyodide, storage }, request);
    const words = JSON.parse(request.arguments);
    const placed = files.map(({ place, path, bytes }) => { words[place] = placeFile(pyodide, path, bytes); return words[place]; });
    try {
      return await runCommand(JSON.stringify(words), createHost(pyodide, storage, seat, postBack, boot.appId));
    } finally {
      for (const path of placed) pyodide.FS.unlink(path);
    }
  };
  setTimeout(() => storage.tidy().catch(warn), QUIET);
  setTimeout(() => remember(boot, pyodide, storage, memory).catch(warn), QUIET);
  return {
    pyodide,
    storage,
    seat,
    python: { call: callable(python.call), cancel: (number) => python.cancel_call?.(number) },
    watching: { watch: callable(python.watch), unwatch: callable(python.unwatch) },
    runCommand,
    devtools: callable(python.devtools),
    refresh: () => python.refresh?.(),
    closePython: python.close ? callable(python.close) : null,
    server: { serve: reserving(storage, python.serve), cancel: python.cancel },
  };
}

/**
 * @param {Boot} boot
 * @param {any} pyodide
 * @param {Storage} storage
 * @param {Promise<Memory | null>} memory
 */
async function remember(boot, pyodide, storage, memory) {
  // the room belongs to the data
  if (storage.latest().space !== 'enough') return;
  const python = pyodide.pyimport('velocious_memory');
  const imported = JSON.parse(python.imported(JSON.stringify(placesOf(boot.archives))));
  python.destroy();
  const done = await leaveMemory(boot, await memory, imported);
  if (done) logTo('debug')(`velocious: ${done}`);
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
  if (request.type === 'remember') return makeMemory(request.boot, request.modules);
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
 * @param {Exclude<Request, {type: "boot" | "trace" | "remember" | "serve" | "abort" | "call" | "watch" | "unwatch"}>} request
 */
async function answerRunning(app, request) {
  switch (request.type) {
    case 'command': return app.runCommand(request.arguments);
    case 'devtools': return app.devtools(request.question, request.parameters);
    case 'refresh': return app.refresh();
    case 'close': return close(app);
    default: return isElsewhere(app, request) ? app.seat.errands.run(request) : answerFiles(app, request);
  }
}

/**
 * Whether another tab has what the request is about.
 * @param {Running} app
 * @param {import('./tabs/errands.mjs').FilesRequest} request
 */
function isElsewhere({ seat }, request) {
  return !seat.hasFiles && (!('path' in request) || request.path.startsWith('/opfs/'));
}

/**
 * @param {{pyodide: any, storage: Storage}} app
 * @param {Exclude<import('./tabs/errands.mjs').FilesRequest, {type: "command"}> | {type: "command"}} request
 */
async function answerFiles({ pyodide, storage }, request) {
  switch (request.type) {
    case 'read': return readFile(pyodide, request.path);
    case 'write': return pyodide.FS.writeFile(request.path, new Uint8Array(request.bytes));
    case 'persistence': return announce(storage);
    case 'status': return storage.status();
  }
}

/**
 * A file that another tab's command names, under its own name if that is free here.
 * @param {any} pyodide
 * @param {string} path
 * @param {Uint8Array} bytes
 * @returns {string} where it is
 */
function placeFile(pyodide, path, bytes) {
  const folder = path.slice(0, path.lastIndexOf('/')) || '/';
  const isTaken = pyodide.FS.analyzePath(path).exists;
  const place = isTaken ? `${path}-${crypto.randomUUID()}` : path;
  pyodide.FS.mkdirTree(folder);
  pyodide.FS.writeFile(place, bytes);
  return place;
}

/** @param {Storage} storage */
async function announce(storage) {
  const persistence = await storage.persistence();
  post({ type: 'persistence', persistence });
  return persistence;
}

/** @param {Running} app */
async function close({ closePython, seat }) {
  running = null;
  try {
    await closePython?.();
  } finally {
    seat.leave();
  }
}

answer(port, handle);
