// For the day on which the storage cannot be opened: what is in it, byte for byte, and a way to start anew.
//
// Works in the page while no tab has the application open.

import { eraseBeside, filesBeside } from './opfs/beside.mjs';
import { parseHeader } from './opfs/header.mjs';
import { CONTENT, directoryOf } from './opfs/layout.mjs';
import { forgetData } from './page/marker.mjs';

/** @typedef {{name: string, path: string | null, size: number, content: Blob}} RescuedFile  path: null where the header cannot be read, empty where
 * nothing was kept; content: without the slot's header, a file that is read when it is used */

/**
 * Every file of the application's storage: those in the pool, where databases are, and those beside it.
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
    const reading = parseHeader(new Uint8Array(await file.slice(0, CONTENT).arrayBuffer()), file.size);
    const path = reading === 'unreadable' ? null : reading === 'blank' ? '' : reading.header.path;
    files.push({ name: handle.name, path, size: file.size, content: file.slice(CONTENT) });
  }
  for await (const { path, file } of filesBeside(appId)) {
    files.push({ name: file.name, path: `/${appId}${path}`, size: file.size, content: file });
  }
  return files;
}

/**
 * Deletes what is left of the application's storage for good: the next start begins with an empty database and no attachments.
 * @param {string} appId
 */
export async function erase(appId) {
  const [root, name] = directoryOf(appId).split('/');
  const parent = await (await navigator.storage.getDirectory()).getDirectoryHandle(root, { create: true });
  await parent.getDirectoryHandle(name, { create: true });
  await parent.removeEntry(name, { recursive: true });
  await eraseBeside(appId);
  forgetData(appId);
}
