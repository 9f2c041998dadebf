// Makes a memory, in a worker that lives as long as that takes: starts Python, imports what a start imports, and keeps what is there.
//
// Nothing of the application comes near it. Its own files, clock and callbacks are gone when another visit goes on with it, so it has none.

import { fetchApplication } from '../application.mjs';
import { placeArchive } from '../archives.mjs';
import { Downloads } from '../downloads.mjs';
import { loadRuntime } from '../runtime.mjs';
import { keepMemory } from './kept.mjs';
import { memoryOf } from './waking.mjs';

/** @typedef {import('../messages.mjs').Boot} Boot */

/**
 * @param {Boot} boot
 * @param {string[]} modules
 * @returns {Promise<number>} its bytes
 */
export async function makeMemory(boot, modules) {
  const downloads = new Downloads(() => {});
  const [pyodide, { archives }] = await Promise.all([
    loadRuntime(boot, downloads, { _makeSnapshot: true }),
    fetchApplication({ ...boot, app: null }, downloads),
  ]);
  downloads.end();
  for (const { archive, bytes } of archives) placeArchive(pyodide, archive, bytes);
  const python = pyodide.pyimport('velocious_memory');
  python.prepare(JSON.stringify(modules));
  python.destroy();
  const { description, content } = memoryOf(pyodide, modules);
  await keepMemory(boot, description, content);
  return content.length;
}
