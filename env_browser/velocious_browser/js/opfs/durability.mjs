// SQLite calls fdatasync(), which Emscripten answers with "done" and does nothing. Here it becomes a real flush.

/** @typedef {import('./pool.mjs').Pool} Pool */

/**
 * Wraps Pyodide's module factory (loadPyodide's option createPyodideModule): fdatasync becomes fd_sync, which
 * reaches the file system's fsync.
 * @param {(settings: any) => Promise<any>} createModule
 * @returns {(settings: any) => Promise<any>}
 */
export function withFlush(createModule) {
  return (settings) => {
    const instantiate = settings.instantiateWasm;
    settings.instantiateWasm = (/** @type {any} */ imports, /** @type {any} */ done) => {
      const sync = imports.wasi_snapshot_preview1.fd_sync;
      // fd_sync answers with a positive error number (or undefined for success), a system call with a negative one
      imports.env.__syscall_fdatasync = (/** @type {number} */ descriptor) => -(sync(descriptor) ?? 0);
      return instantiate(imports, done);
    };
    return createModule(settings);
  };
}

/**
 * True when a commit of SQLite reaches the disk: proved on a scratch file, never assumed.
 * @param {any} pyodide
 * @param {Pool} pool
 * @param {string} directory
 */
export function commitFlushes(pyodide, pool, directory) {
  const before = pool.statistics.flushes;
  const check = pyodide.pyimport('velocious_flush_check');
  try {
    check.commit(`${directory}/.flush-check`);
  } finally {
    check.destroy();
  }
  return pool.statistics.flushes > before;
}
