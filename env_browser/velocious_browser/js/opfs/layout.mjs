// Where things lie in the browser's private file system, and in a slot file.

/** A disk page: a header copy has one of its own. */
export const PAGE = 4096;

/** Where a slot's content begins. */
export const CONTENT = 2 * PAGE;

/** Where Python sees the pool: its paths begin here. */
export const MOUNT_POINT = '/opfs';

/** The directory of an application, its names separated by slashes. @param {string} appId */
export function directoryOf(appId) {
  return `velocious/${appId}`;
}

/**
 * The directory of the files beside the pool: attachments and what uploads were saved as, by their own names
 * (ROOT of interop_files.py).
 * @param {string} appId
 */
export function filesOf(appId) {
  return `velocious-files${MOUNT_POINT}/${appId}`;
}

/** The directory of bytes that nobody keeps (SCRATCH of interop_files.py). @param {string} appId */
export function scratchOf(appId) {
  return `velocious-scratch${MOUNT_POINT}/${appId}`;
}
