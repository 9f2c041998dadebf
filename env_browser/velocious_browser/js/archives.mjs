// Puts archives of precompiled modules where Python finds them: the eager ones before it starts, the lazy ones
// when one of their modules is first imported (a worker may fetch synchronously), or in the background before that.

import { RuntimeFailure } from './failure.mjs';

/** @typedef {import('./messages.mjs').Archive} Archive */
/** @typedef {import('./messages.mjs').Boot} Boot */

const FOLDER = '/lib/velocious';
const pathOf = (/** @type {Archive} */ { name }) => `${FOLDER}/${name}.zip`;

const FINDER = `
import sys
from importlib import invalidate_caches
from importlib.util import find_spec

class LazyArchives:
    """Fetches the archive that holds a module when the module is first imported."""

    def __init__(self, archives, load):
        self.archives = {module: name for name, modules in archives for module in modules}
        self.load = load

    def find_spec(self, name, path=None, target=None):
        archive = self.archives.pop(name, None) if path is None else None
        if archive is None:
            return None
        self.load(archive)
        return find_spec(name)

def add_archive(path):
    if path not in sys.path:
        sys.path.append(path)
        invalidate_caches()

def install(archives, load):
    sys.meta_path.append(LazyArchives(archives.to_py(), load))
`;

export class Archives {
  /** @type {Map<string, Archive>} */
  #waiting = new Map();
  #pyodide;
  /** @type {any} */
  #python;

  /**
   * @param {any} pyodide
   * @param {Archive[]} archives
   */
  constructor(pyodide, archives) {
    this.#pyodide = pyodide;
    this.#python = pyodide.toPy({});
    pyodide.runPython(FINDER, { globals: this.#python });
    pyodide.FS.mkdirTree(FOLDER);
    for (const archive of archives) if (archive.lazy) this.#waiting.set(archive.name, archive);
    const names = [...this.#waiting.values()].map(({ name, modules }) => [name, modules]);
    this.#python.get('install')(names, (/** @type {string} */ name) => this.#loadNow(name));
  }

  /**
   * @param {Archive} archive
   * @param {Uint8Array} bytes
   */
  add(archive, bytes) {
    this.#waiting.delete(archive.name);
    this.#pyodide.FS.writeFile(pathOf(archive), bytes, { canOwn: true });
    this.#python.get('add_archive')(pathOf(archive));
  }

  /** Fetches what is still waiting, one after the other, so that a later import finds it in memory. */
  async prefetch() {
    for (const archive of [...this.#waiting.values()]) {
      const response = await fetch(archive.url);
      if (!response.ok) throw unavailable(archive, response.status);
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (this.#waiting.has(archive.name)) this.add(archive, bytes);
    }
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
 * @param {Archive} archive
 * @param {number} status
 */
function unavailable({ name, url }, status) {
  return new RuntimeFailure('runtime_missing', `the archive ${name} could not be fetched: ${url} answered ${status} - reload the page, and if that `
    + "does not help run 'make runtime' and restart the server");
}
