// The one wrapper around Pyodide: our files, our lock file, precompiled standard library, real flushes.

import { unavailable } from './downloads.mjs';
import { withFlush } from './opfs/durability.mjs';
import { blamed, renew, waking } from './memory/waking.mjs';
import { during, since, within } from './phases.mjs';

/** @typedef {import('./messages.mjs').Boot} Boot */
/** @typedef {import('./downloads.mjs').Downloads} Downloads */

const HOME = '/home/pyodide';

/**
 * @param {Boot} boot
 * @param {Downloads} downloads
 * @param {Record<string, any>} [options]  of loadPyodide
 * @param {Promise<import('./memory/kept.mjs').Memory | null>} [kept]  what Python goes on with; it fails with UNUSABLE where it cannot
 * @returns {Promise<any>} Pyodide
 */
export async function loadRuntime(boot, downloads, options = {}, kept = Promise.resolve(null)) {
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
    const memory = await kept;
    let created = 0;
    const createModule = async (/** @type {any} */ settings) => {
      const made = await during('WebAssembly', withFlush((await module).default)(settings));
      created = performance.now();
      return made;
    };
    const loading = loadPyodide({
      ...options,
      indexURL: folder(address('loader')),
      stdLibURL: address('stdlib'),
      packageBaseUrl: folder(address('lock')),
      ...(options.lockFileContents ? {} : { lockFileURL: address('lock') }),
      env: { HOME, ...boot.environmentVariables, ...options.env },
      createPyodideModule: createModule,
      ...(memory ? waking(memory, createModule) : {}),
    });
    const pyodide = await downloads.race(memory ? loading.catch((/** @type {unknown} */ error) => { throw blamed(error); }) : loading);
    since("Pyodide's own modules", created);
    if (memory) within('renew the memory', () => renew(pyodide));
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
