// Leaves a memory for the visits to come, when this one has what it needs.

import { request } from '../lock.mjs';
import { during } from '../phases.mjs';
import { Caller } from '../rpc.mjs';
import { forgetMemory, wantsMemory } from './kept.mjs';

/** @typedef {import('../messages.mjs').Boot} Boot */
/** @typedef {import('./kept.mjs').Memory} Memory */

/**
 * @param {Boot} boot
 * @param {Memory | null} memory  that this visit began with
 * @param {string[]} imported  what it has imported of the archives that every start has
 * @returns {Promise<string | null>}  what was done
 */
export async function leaveMemory(boot, memory, imported) {
  // a browser that has no caches for us has kept nothing
  if (!boot.memorySnapshot) return forgetMemory(boot.appId).then(() => null, () => null);
  const known = new Set(memory?.modules);
  const missing = imported.filter((name) => !known.has(name));
  if (!wantsMemory(boot) || missing.length === 0) return null;
  // several tabs may have come to this at once
  const lock = await request(`velocious:${boot.appId}:memory`, { ifAvailable: true });
  if (!lock) return null;
  try {
    const bytes = await during('keep the memory of Python', make(boot, [...known, ...missing]));
    return `the next start goes on with the memory of Python: ${(bytes / 1e6).toFixed(1)} MB were kept`;
  } finally {
    lock.release();
  }
}

/**
 * @param {Boot} boot
 * @param {string[]} modules
 * @returns {Promise<number>}
 */
function make(boot, modules) {
  const worker = new Worker(new URL('worker.mjs', boot.js), { type: 'module', name: 'velocious: memory' });
  const { promise, reject } = Promise.withResolvers();
  worker.addEventListener('error', (event) => reject(new Error(event.message || 'its script could not be loaded')));
  const kept = new Caller(worker, () => {}).request({ type: 'remember', boot, modules });
  return Promise.race([kept, promise]).finally(() => worker.terminate());
}
