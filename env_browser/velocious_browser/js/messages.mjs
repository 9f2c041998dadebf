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
//                    status      {}                                 -> StorageStatus (asked again)
//                    trace       {origin}                           -> Phase[], of the start of this worker
//                    serve       {port: MessagePort}                -> null; see below
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
// The service worker asks pages (client.postMessage), each with a port for the answer:
//
//   service worker -> page    who      {}                           -> Identity
//                             offer    {start}                      -> refused {message?}, or starting {}, then ready {} of its worker
//
//   page -> service worker    claim    {}                           no answer; the page has the service worker from then on
//
// Then, on the port of an offer that was taken up, which the page has passed on to its worker:
//
//   service worker -> worker  request  {method, url, headers, crossSite, mode, body, last}    after `ready`, or after a whole answer
//                             piece    {body, last}                 the next of the request's body
//                             room     {}                           there is room for another chunk
//                             cancel   {}                           nobody waits any more
//   worker -> service worker  ready    {}                           the request may come
//                             more     {}                           the next piece of the body is wanted
//                             answer   {status, headers, body}      a body of null: chunks follow
//                             chunk    {body}                       then nothing until `room`
//                             end      {}                           the last chunk was it
//                             fail     {message}                    there will be no answer, or no more of it
//
// Failure codes of `boot`: boot_invalid, runtime_missing, storage_unavailable, storage_busy,
// storage_corrupt, storage_missing, storage_full, boot_failed; and whatever `code` the application's own error has.

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
 * @property {"enough" | "low" | "full"} space  full: the newest write was refused
 * @property {number | null} percent  of the quota that is used; null where the browser does not say
 */

/**
 * A part of the start, or something that was fetched for it.
 * @typedef {object} Phase
 * @property {"page" | "worker"} place
 * @property {string} name
 * @property {number} start  milliseconds since the navigation
 * @property {number} duration  milliseconds
 * @property {number} bytes  that travelled; 0 for what was in the browser already, and for work
 */

/** @typedef {Persistence & {contents: {path: string, size: number}[], advice: string[]}} StorageStatus */

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
 * @property {string} [version]  changes with anything that a page gets
 * @property {string} [prefix]  the path that the application is served below
 * @property {{url: string, scope: string} | null} [serviceWorker]
 * @property {number} [capacity]
 * @property {number} [storageWarning]  the part of the quota from which on space counts as low: 0.8 when left out
 * @property {string | null} [dataSince]  what the page knows: there was data before
 * @property {Record<string, string>} [environmentVariables]
 */

/** @typedef {{type: "boot", id: number, boot: Boot}} BootRequest */
/** @typedef {{type: "call", id: number, action: string, payload: string}} CallRequest */
/** @typedef {{type: "command", id: number, arguments: string}} CommandRequest */
/** @typedef {{type: "read", id: number, path: string}} ReadRequest */
/** @typedef {{type: "write", id: number, path: string, bytes: ArrayBuffer}} WriteRequest */
/** @typedef {{type: "persistence", id: number}} PersistenceRequest */
/** @typedef {{type: "status", id: number}} StatusRequest */
/** @typedef {{type: "trace", id: number, origin: number}} TraceRequest  origin: the timeOrigin of the page's performance */
/** @typedef {{type: "serve", id: number, port: MessagePort}} ServeRequest */
/** @typedef {{type: "close", id: number}} CloseRequest */
/** @typedef {BootRequest | CallRequest | CommandRequest | ReadRequest | WriteRequest | PersistenceRequest | StatusRequest | TraceRequest | ServeRequest | CloseRequest} Request */

/** @typedef {{type: "reply", id: number, value: unknown}} Reply */
/** @typedef {{type: "failure", id: number, error: Failure}} FailureReply */
/** @typedef {{type: "progress"} & Progress} ProgressEvent */
/** @typedef {{type: "log", level: Level, text: string}} LogEvent */
/** @typedef {{type: "state"} & State} StateEvent */
/** @typedef {{type: "persistence", persistence: Persistence}} PersistenceEvent */
/** @typedef {{type: "emit", name: string, payload: string}} EmitEvent */
/** @typedef {{type: "file", name: string, bytes: ArrayBuffer}} FileEvent */
/** @typedef {ProgressEvent | LogEvent | StateEvent | PersistenceEvent | EmitEvent | FileEvent} Notice */

/** @typedef {{velocious: "who"}} Who */
/** @typedef {{velocious: "offer", start: boolean}} Offer  start: a page that does not run Python should */
/** @typedef {Who | Offer} Question */
/** @typedef {{rendered: "browser" | "server", version: string | null}} Identity  who answered the page's document, and what runs in it */

/** @typedef {[string, string][]} Headers */
/**
 * @typedef {object} HttpRequest
 * @property {"request"} type
 * @property {string} method
 * @property {string} url
 * @property {Headers} headers
 * @property {boolean} crossSite  another site made it
 * @property {string} mode
 * @property {ArrayBuffer | null} body  the first piece
 * @property {boolean} last  it is the whole body
 */
/** @typedef {{type: "piece", body: ArrayBuffer | null, last: boolean}} BodyPiece */
/** @typedef {HttpRequest | BodyPiece | {type: "room"} | {type: "cancel"}} FromServiceWorker */
/** @typedef {{type: "answer", status: number, headers: Headers, body: ArrayBuffer | null}} HttpAnswer */
/** @typedef {{type: "chunk", body: ArrayBuffer}} Chunk */
/** @typedef {{type: "ready"} | {type: "more"} | HttpAnswer | Chunk | {type: "end"} | {type: "fail", message: string}} ToServiceWorker */
/** @typedef {{type: "starting"} | {type: "refused", message?: string}} FromPage */

export const PROTOCOL = 1;
