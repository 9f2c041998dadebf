// Where things lie in the browser's private file system, and in a slot file.

/** A disk page: a header copy has one of its own. */
export const PAGE = 4096;

/** Where a slot's content begins. */
export const CONTENT = 2 * PAGE;

/** The directory of an application, its names separated by slashes. @param {string} appId */
export function directoryOf(appId) {
  return `velocious/${appId}`;
}
