// Starts Python with a memory that was kept, where it would begin with none.
//
// A part of Pyodide that is not documented as public (_makeSnapshot, _loadSnapshot): whatever goes wrong with it ends in a start without.

import { RemoteError, RuntimeFailure } from '../failure.mjs';
import { within } from '../phases.mjs';
import { contentOf, piecesOf, place } from './pieces.mjs';

/** @typedef {import('./kept.mjs').Description} Description */
/** @typedef {import('./kept.mjs').Memory} Memory */

/** The code of a start that is to be made again, without. */
export const UNUSABLE = 'memory_unusable';

/**
 * Has Pyodide go on with a memory.
 * @param {Memory} memory
 * @param {(settings: any) => Promise<any>} createModule  of loadPyodide's createPyodideModule
 * @returns {Record<string, any>} options of loadPyodide
 */
export function waking({ head, size, pieces, content }, createModule) {
  /** @type {any} */
  let api;
  return {
    // Pyodide copies what comes behind the head: nothing does, so that WebAssembly can be compiled before the rest is there
    _loadSnapshot: Uint8Array.from(head),
    _snapshotDeserializer: (/** @type {string} */ name) => api[name],
    createPyodideModule: async (/** @type {any} */ settings) => {
      api = settings.API;
      const made = await createModule(settings);
      const bytes = await content;
      if (made.HEAPU8.length < size) made.growMemory(size);
      within('place the memory of Python', () => place(made.HEAPU8, pieces, bytes));
      return made;
    },
  };
}

/**
 * What is to be kept of a Python that was started with _makeSnapshot.
 * @param {any} pyodide
 * @param {string[]} modules  that it has
 * @returns {{description: Description, content: Uint8Array<ArrayBuffer>}}
 */
export function memoryOf(pyodide, modules) {
  const snapshot = pyodide.makeMemorySnapshot({ serializer: naming(pyodide._api) });
  const size = pyodide._module.HEAPU8.length;
  const heap = snapshot.slice(snapshot.length - size);
  const pieces = piecesOf(heap);
  const head = [...snapshot.subarray(0, snapshot.length - size)];
  return { description: { modules, size, pieces, head }, content: contentOf(heap, pieces) };
}

/**
 * Names what of JavaScript Python holds, beside what Pyodide can name by itself: functions of its inner interface.
 * @param {any} api
 * @returns {(value: unknown) => string}
 */
function naming(api) {
  return (value) => {
    const name = Object.keys(api).find((key) => api[key] === value);
    if (!name) throw new Error(`Python holds a value of JavaScript that cannot be kept: ${String(value)}`);
    return name;
  };
}

/** Python is there, with the memory of an earlier visit. @param {any} pyodide */
export function renew(pyodide) {
  const memory = pyodide.pyimport('velocious_memory');
  memory.renew();
  memory.destroy();
}

/**
 * What to make of an error of a start with a memory. What Python or we have an explanation for would have happened without it.
 * @param {unknown} error
 */
export function blamed(error) {
  if (error instanceof RemoteError || error instanceof RuntimeFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new RuntimeFailure(UNUSABLE, `Python could not go on with the memory that was kept: ${message}`, { cause: error });
}
