// Puts archives of precompiled modules where Python finds them: the eager ones before it starts, the lazy ones
// when one of their modules is first imported (a worker may fetch synchronously).
//
// How Python reads them is in the module velocious_archives of the standard library's archive.

import { RuntimeFailure } from './failure.mjs';

/** @typedef {import('./messages.mjs').Archive} Archive */
/** @typedef {import('./messages.mjs').Boot} Boot */

const FOLDER = '/lib/velocious';
const pathOf = (/** @type {Archive} */ { name }) => `${FOLDER}/${name}.zip`;

/** Parts of the standard library and of Velocious: nothing along Python's path comes before them. */
const FIRST = /^(stdlib|velocious)/;

export class Archives {
  /** @type {Map<string, Archive>} */
  #waiting = new Map();
  #pyodide;

  /**
   * @param {any} pyodide
   * @param {Archive[]} archives
   */
  constructor(pyodide, archives) {
    this.#pyodide = pyodide;
    for (const archive of archives) if (archive.lazy) this.#waiting.set(archive.name, archive);
    const waiting = JSON.stringify([...this.#waiting.values()].map(({ name, modules }) => [name, modules]));
    const python = pyodide.pyimport('velocious_archives');
    python.wait_for(waiting, (/** @type {string} */ name) => this.#loadNow(name));
    python.destroy();
  }

  /**
   * @param {Archive} archive
   * @param {Uint8Array} bytes
   */
  add(archive, bytes) {
    this.#waiting.delete(archive.name);
    placeArchive(this.#pyodide, archive, bytes);
  }

  /** @param {string} name */
  #loadNow(name) {
    const archive = this.#waiting.get(name);
    if (!archive) return;
    const request = new XMLHttpRequest();
    request.open('GET', archive.url, false);
    request.responseType = 'arraybuffer';
    request.send();
    if (request.status !== 200) throw unavailable(archive, request.status);
    this.add(archive, new Uint8Array(request.response));
  }
}

/**
 * @param {any} pyodide
 * @param {Archive} archive
 * @param {Uint8Array} bytes
 */
export function placeArchive(pyodide, archive, bytes) {
  const python = pyodide.pyimport('velocious_archives');
  pyodide.FS.mkdirTree(FOLDER);
  pyodide.FS.writeFile(pathOf(archive), bytes, { canOwn: true });
  python.add(pathOf(archive), FIRST.test(archive.name));
  python.destroy();
}

/** Where the archives lie that every start has. @param {Archive[]} archives */
export function placesOf(archives) {
  return archives.filter(({ lazy }) => !lazy).map(pathOf);
}

/**
 * @param {Archive} archive
 * @param {number} status
 */
function unavailable({ name, url }, status) {
  return new RuntimeFailure('runtime_missing', `the archive ${name} could not be fetched: ${url} answered ${status} - reload the page, and if that `
    + "does not help run 'make runtime' and restart the server");
}
