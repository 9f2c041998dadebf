// For the day on which the storage cannot be opened: what is in it, byte for byte, and a way to start anew.
//
// Works in the page while no tab has the application open.

import { CONTENT, directoryOf } from './opfs/layout.mjs';

/** @typedef {{name: string, size: number, content: Blob}} RescuedFile  content: without the slot's header */

/**
 * Every file of the application's storage.
 * @param {string} appId
 * @returns {Promise<RescuedFile[]>}
 */
export async function rescue(appId) {
  const files = [];
  let directory = await navigator.storage.getDirectory();
  for (const name of directoryOf(appId).split('/')) directory = await directory.getDirectoryHandle(name);
  for await (const handle of directory.values()) {
    if (handle.kind !== 'file') continue;
    const file = await /** @type {FileSystemFileHandle} */ (handle).getFile();
    files.push({ name: handle.name, size: file.size, content: file.slice(CONTENT) });
  }
  return files;
}

/**
 * Deletes the application's storage for good.
 * @param {string} appId
 */
export async function erase(appId) {
  const [root, name] = directoryOf(appId).split('/');
  const parent = await (await navigator.storage.getDirectory()).getDirectoryHandle(root);
  await parent.removeEntry(name, { recursive: true });
}
