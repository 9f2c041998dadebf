// What Python may ask of the worker it runs in (`host` of velocious_browser.worker.start).

import { AdvisoryLocks } from './advisory.mjs';
import { ChangeChannel } from './changes.mjs';
import { turn } from './turn.mjs';

/** @typedef {import('./messages.mjs').Notice} Notice */
/** @typedef {import('./messages.mjs').Level} Level */
/** @typedef {import('./storage.mjs').Storage} Storage */
/** @typedef {import('./tabs/seat.mjs').Seat} Seat */

/**
 * @param {any} pyodide
 * @param {Storage} storage
 * @param {Seat} seat
 * @param {(notice: Notice, transfer?: Transferable[]) => void} post
 * @param {string} appId
 */
export function createHost(pyodide, storage, seat, post, appId) {
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
    turn,
    tab: () => seat.describe(),
    /** Runs a command line where the files are. @param {string} words JSON text of a list @param {string} named JSON text: place of a word → path of the file it names */
    runInOwner: (words, named) => seat.errands.run({ type: 'command', arguments: words }, Object.entries(JSON.parse(named)).map(([place, path]) => ({
      place: Number(place), path, bytes: pyodide.FS.readFile(path),
    }))),
    schemaChanged: () => seat.announceSchema(),
    /** @param {Uint8Array} content */
    ask: (content) => seat.ask(content),
    /** @param {string} id @param {Uint8Array} content */
    answer: (id, content) => seat.answer(id, content),
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
