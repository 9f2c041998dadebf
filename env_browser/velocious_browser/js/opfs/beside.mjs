// The files beside the pool: attachments and uploads, each a file of its own that Python reads and writes in pieces
// (interop_files.py). Nothing here needs the application's lock.

import { filesOf, scratchOf } from './layout.mjs';

/** Milliseconds after which an unused scratch file belongs to a worker that is gone. */
const ABANDONED = 60_000;

/** @typedef {{path: string, file: File}} FileBeside  path: below the application's directory */

/**
 * @param {string} path  names separated by slashes
 * @returns {Promise<FileSystemDirectoryHandle | null>} null where it is not there
 */
async function directory(path) {
  let found = await navigator.storage.getDirectory();
  try {
    for (const name of path.split('/')) found = await found.getDirectoryHandle(name);
  } catch (error) {
    if (/** @type {Error} */ (error).name === 'NotFoundError') return null;
    throw error;
  }
  return found;
}

/**
 * Every file beside the pool, unfinished ones (`….writing`) too.
 * @param {string} appId
 * @returns {AsyncGenerator<FileBeside>}
 */
export async function* filesBeside(appId) {
  const top = await directory(filesOf(appId));
  if (top) yield* walk(top, '');
}

/**
 * @param {FileSystemDirectoryHandle} folder
 * @param {string} prefix
 * @returns {AsyncGenerator<FileBeside>}
 */
async function* walk(folder, prefix) {
  for await (const entry of folder.values()) {
    const path = `${prefix}/${entry.name}`;
    if (entry.kind === 'directory') {
      yield* walk(/** @type {FileSystemDirectoryHandle} */ (entry), path);
      continue;
    }
    const file = await fileOf(/** @type {FileSystemFileHandle} */ (entry));
    if (file) yield { path, file };
  }
}

/** @param {string} appId @returns {Promise<{files: number, bytes: number}>} */
export async function sizeBeside(appId) {
  let files = 0;
  let bytes = 0;
  for await (const { file } of filesBeside(appId)) {
    files += 1;
    bytes += file.size;
  }
  return { files, bytes };
}

/** Deletes the files beside the pool, for good. @param {string} appId */
export async function eraseBeside(appId) {
  for (const path of [filesOf(appId), scratchOf(appId)]) {
    const names = path.split('/');
    const name = /** @type {string} */ (names.pop());
    const parent = await directory(names.join('/'));
    if (parent && await directory(path)) await parent.removeEntry(name, { recursive: true });
  }
}

/**
 * Removes the scratch files of workers that are gone: one that is open refuses.
 * @param {string} appId
 * @param {number} [age]  milliseconds since it was written, at least: another worker may be about to open a new one
 */
export async function clearScratch(appId, age = ABANDONED) {
  const folder = await directory(scratchOf(appId));
  if (!folder) return;
  for await (const entry of folder.values()) {
    const file = await fileOf(/** @type {FileSystemFileHandle} */ (entry));
    if (!file || Date.now() - file.lastModified < age) continue;
    try {
      await folder.removeEntry(entry.name);
    } catch (error) {
      const { name } = /** @type {Error} */ (error);
      if (name !== 'NoModificationAllowedError' && name !== 'NotFoundError') throw error;
    }
  }
}

/** Null where another tab has removed it meanwhile. @param {FileSystemFileHandle} handle @returns {Promise<File | null>} */
async function fileOf(handle) {
  try {
    return await handle.getFile();
  } catch (error) {
    if (/** @type {Error} */ (error).name === 'NotFoundError') return null;
    throw error;
  }
}
