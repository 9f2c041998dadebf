// What Python may ask of the worker it runs in (`host` of velocious_browser.worker.start).

import { AdvisoryLocks } from './advisory.mjs';
import { ChangeChannel } from './changes.mjs';

/** @typedef {import('./messages.mjs').Notice} Notice */
/** @typedef {import('./messages.mjs').Level} Level */
/** @typedef {import('./storage.mjs').Storage} Storage */

/**
 * @param {any} pyodide
 * @param {Storage} storage
 * @param {(notice: Notice, transfer?: Transferable[]) => void} post
 * @param {string} appId
 */
export function createHost(pyodide, storage, post, appId) {
  const locks = new AdvisoryLocks();
  const changes = new ChangeChannel(appId);
  return {
    /** @param {Level} level @param {string} text */
    log: (level, text) => post({ type: 'log', level, text }),
    /** @param {string} step @param {string} label @param {number} loaded @param {number} total */
    progress: (step, label, loaded, total) => post({ type: 'progress', step, label, loaded, total }),
    /** @param {string} name @param {string} payload JSON text */
    emit: (name, payload) => post({ type: 'emit', name, payload }),
    /** @param {number} count */
    reserve: (count) => storage.reserve(count),
    storage: () => JSON.stringify(storage.latest()),
    storageStatus: async () => JSON.stringify(await storage.status()),
    /** @param {string} path @param {string} name */
    exportFile: (path, name) => {
      const bytes = readFile(pyodide, path);
      post({ type: 'file', name, bytes }, [bytes]);
    },
    /** @param {number} id @param {string} name @param {number} milliseconds */
    lock: (id, name, milliseconds) => locks.lock(id, name, milliseconds),
    /** @param {number} id */
    unlock: (id) => locks.unlock(id),
    /** @param {import('./changes.mjs').Receive} receive */
    openChanges: (receive) => changes.open(receive),
    /** @param {string} text */
    sendChanges: (text) => changes.send(text),
    closeChanges: () => changes.close(),
  };
}

/**
 * @param {any} pyodide
 * @param {string} path
 * @returns {ArrayBuffer}
 */
export function readFile(pyodide, path) {
  return pyodide.FS.readFile(path).buffer;
}
