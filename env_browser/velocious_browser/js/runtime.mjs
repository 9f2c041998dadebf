// The one wrapper around Pyodide: our files, our lock file, precompiled standard library, real flushes.

import { unavailable } from './downloads.mjs';
import { withFlush } from './opfs/durability.mjs';
import { during, since } from './phases.mjs';

/** @typedef {import('./messages.mjs').Boot} Boot */
/** @typedef {import('./downloads.mjs').Downloads} Downloads */

const HOME = '/home/pyodide';

/**
 * @param {Boot} boot
 * @param {Downloads} downloads
 * @param {Record<string, any>} [options]  of loadPyodide
 * @returns {Promise<any>} Pyodide
 */
export async function loadRuntime(boot, downloads, options = {}) {
  const { base, files } = boot.runtime;
  const address = (/** @type {string} */ name) => base + files[name].path;
  for (const name of ['loader', 'module', 'wasm', 'stdlib']) downloads.watch(address(name), files[name].size);
  // the largest first: a browser asks a server for so many files at a time
  const end = ahead(['wasm', 'stdlib', ...(options.lockFileContents ? [] : ['lock'])].map(address));
  try {
    // the large module is fetched beside the small loader
    const module = during('module', load(address('module')));
    const failing = module.then(() => new Promise(() => {}));
    const { loadPyodide } = await downloads.race(during('loader', Promise.race([load(address('loader')), failing])));
    let created = 0;
    const pyodide = await downloads.race(loadPyodide({
      ...options,
      indexURL: folder(address('loader')),
      stdLibURL: address('stdlib'),
      packageBaseUrl: folder(address('lock')),
      ...(options.lockFileContents ? {} : { lockFileURL: address('lock') }),
      env: { HOME, ...boot.environmentVariables, ...options.env },
      createPyodideModule: async (/** @type {any} */ settings) => {
        const made = await during('WebAssembly', withFlush((await module).default)(settings));
        created = performance.now();
        return made;
      },
    }));
    since("Pyodide's own modules", created);
    return pyodide;
  } finally {
    end();
  }
}

/**
 * Begins to fetch what Pyodide asks for only when its loader is there; it then gets what is under way.
 * @param {string[]} urls
 * @returns {() => void} ends it
 */
function ahead(urls) {
  const fetchNow = globalThis.fetch;
  const begun = new Map(urls.map((url) => [url, fetchNow(url)]));
  for (const response of begun.values()) response.catch(() => undefined); // whoever asks is told
  globalThis.fetch = (input, init) => {
    const url = String(input instanceof Request ? input.url : input);
    const response = begun.get(url);
    begun.delete(url);
    return response ?? fetchNow(input, init);
  };
  return () => { globalThis.fetch = fetchNow; };
}

/** @param {string} url @returns {Promise<any>} the module */
function load(url) {
  return import(url).catch((cause) => { throw unavailable(url, 'could not be loaded', cause); });
}

/** @param {string} url */
function folder(url) {
  return url.slice(0, url.lastIndexOf('/') + 1);
}
