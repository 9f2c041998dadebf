// Every message between a page and its worker, in one place: payload, reply, failure.
//
// A request carries an id and is answered once, by `reply` or `failure`. Everything else is an event.
//
//   page -> worker   boot        {boot}                             once; answered by `reply` when ready
//                    call        {action, payload: JSON text}       -> JSON text
//                    command     {arguments: JSON text}             -> JSON text {output, exitCode}
//                    read        {path}                             -> ArrayBuffer
//                    write       {path, bytes: ArrayBuffer}         -> null
//                    persistence {}                                 -> Persistence (asked again)
//                    close       {}                                 -> null, the lock is free afterwards
//   worker -> page   reply       {id, value}
//                    failure     {id, error: Failure}
//                    progress    {step, label, loaded, total}
//                    log         {level, text}
//                    state       State
//                    persistence Persistence
//                    emit        {name, payload: JSON text}         what Python sent with host.emit
//                    file        {name, bytes: ArrayBuffer}         what Python sent with host.exportFile
//
// Failure codes of `boot`: boot_invalid, runtime_missing, storage_unavailable, storage_busy,
// storage_corrupt, storage_full, boot_failed; and whatever `code` the application's own error has.

/** @typedef {{name: string, code: string | null, message: string, details: unknown, traceback: string | null}} Failure */
/** @typedef {{step: string, label: string, loaded: number, total: number}} Progress */
/** @typedef {"debug" | "info" | "warning" | "error"} Level */
/** @typedef {{name: "starting" | "waiting" | "ready" | "failed" | "closed", message: string, code?: string | null}} State */

/**
 * What happens to data that was written. `durable`: a commit is on the disk and the browser promised not to
 * evict it. `best-effort`: one of the two is missing, the reason says which. `volatile`: memory only.
 * @typedef {object} Persistence
 * @property {"durable" | "best-effort" | "volatile"} state
 * @property {string} reason
 * @property {string | null} directory  the directory inside the browser's private file system
 * @property {boolean} flushes  a commit reaches the disk before it is acknowledged
 * @property {boolean} persisted  the browser promised not to evict this origin
 * @property {number} usage  bytes used by this origin
 * @property {number} quota  bytes this origin may use
 * @property {number} files
 * @property {number} free  files that can be created before the pool has to grow
 */

/** @typedef {{name: string, url: string, size: number, lazy: boolean, modules: string[]}} Archive */
/** @typedef {{path: string, size: number}} RuntimeFile */

/**
 * boot.json as the worker sees it: every URL is absolute. Keys that are not listed reach Python untouched.
 * @typedef {object} Boot
 * @property {number} protocol
 * @property {string} appId
 * @property {string} environment
 * @property {{base: string, pyodideVersion: string, pythonVersion: string, files: Record<string, RuntimeFile>}} runtime
 * @property {string} js
 * @property {Archive[]} archives
 * @property {{url: string, size: number, entry: string, directory: string} | null} app
 * @property {string} databaseDirectory
 * @property {boolean} allowVolatile
 * @property {number} [capacity]
 * @property {Record<string, string>} [environmentVariables]
 */

/** @typedef {{type: "boot", id: number, boot: Boot}} BootRequest */
/** @typedef {{type: "call", id: number, action: string, payload: string}} CallRequest */
/** @typedef {{type: "command", id: number, arguments: string}} CommandRequest */
/** @typedef {{type: "read", id: number, path: string}} ReadRequest */
/** @typedef {{type: "write", id: number, path: string, bytes: ArrayBuffer}} WriteRequest */
/** @typedef {{type: "persistence", id: number}} PersistenceRequest */
/** @typedef {{type: "close", id: number}} CloseRequest */
/** @typedef {BootRequest | CallRequest | CommandRequest | ReadRequest | WriteRequest | PersistenceRequest | CloseRequest} Request */

/** @typedef {{type: "reply", id: number, value: unknown}} Reply */
/** @typedef {{type: "failure", id: number, error: Failure}} FailureReply */
/** @typedef {{type: "progress"} & Progress} ProgressEvent */
/** @typedef {{type: "log", level: Level, text: string}} LogEvent */
/** @typedef {{type: "state"} & State} StateEvent */
/** @typedef {{type: "persistence", persistence: Persistence}} PersistenceEvent */
/** @typedef {{type: "emit", name: string, payload: string}} EmitEvent */
/** @typedef {{type: "file", name: string, bytes: ArrayBuffer}} FileEvent */
/** @typedef {ProgressEvent | LogEvent | StateEvent | PersistenceEvent | EmitEvent | FileEvent} Notice */

export const PROTOCOL = 1;
