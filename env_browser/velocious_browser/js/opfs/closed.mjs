// The pool of a tab that does not own the files: nothing is in it, and nothing can be made there.

/** @type {Pick<import('./pool.mjs').Pool, "files" | "create" | "rename" | "unlink" | "flushHeaders" | "note" | "acquire" | "release" | "statistics" | "refused"> & {isClosed: true}} */
export const CLOSED = {
  isClosed: true,
  files: new Map(),
  statistics: { reads: 0, writes: 0, flushes: 0 },
  refused: false,
  create: () => null,
  rename() {},
  unlink() {},
  flushHeaders() {},
  note() {},
  acquire() {},
  release() {},
};
