// Every message between a page and its worker, in one place: payload, reply, failure.
//
// A request carries an id and is answered once, by `reply` or `failure`. Everything else is an event.
//
// Wire text is that of values.mjs: JSON, with marks for what JSON has no form for.
//
//   page -> worker   boot        {boot}                             once; answered by `reply` when ready
//                    call        {action, payload: wire text}       -> wire text
//                    abort       {request}                          -> null; the page no longer waits for the call of that id
//                    watch       {watch, action, payload: wire text} -> null when it has begun: `result` and `trouble` follow
//                    unwatch     {watch}                            -> null; nothing follows any more
//                    command     {arguments: JSON text}             -> JSON text {output, exitCode}
//                    devtools    {question, parameters: JSON text}  -> JSON text; see questions.mjs
//                    read        {path}                             -> ArrayBuffer
//                    write       {path, bytes: ArrayBuffer}         -> null
//                    persistence {}                                 -> Persistence (asked again)
//                    status      {}                                 -> StorageStatus (asked again)
//                    trace       {origin}                           -> Phase[], of the start of this worker
//                    serve       {port: MessagePort}                -> null; see below
//                    refresh     {}                                 -> null; the page was away: anything may have changed
//                    remember    {boot, modules}                    -> how many bytes; of a worker to another one, which never boots: it
//                                                                      makes and keeps a memory of Python
//                    close       {}                                 -> null, the lock is free afterwards
//   worker -> page   reply       {id, value}
//                    failure     {id, error: Failure}
//                    progress    {step, label, loaded, total}
//                    log         {level, text}
//                    state       State
//                    role        Role
//                    persistence Persistence
//                    emit        {name, payload: wire text}         what Python sent with host.emit
//                    result      {watch, value: wire text}          what the action of a watch returns now
//                    trouble     {watch, error: Failure}            it failed; a later `result` may come
//                    file        {name, bytes: ArrayBuffer}         what Python sent with host.exportFile
//
// Between the tabs of an application, on the channel `velocious:<appId>:changes`:
//
//   worker -> other workers   JSON text [[database, place, [table, …] | null], …]    was committed; null: any table
//
// The service worker asks pages (client.postMessage), each with a port for the answer:
//
//   service worker -> page    who      {}                           -> Identity
//                             offer    {start, version}             -> refused {message?}, or starting {}, then ready {} of its worker
//
//                             not-installed {version, message}    no port: a new version could not be kept, and why
//
//   page -> service worker    claim    {}                           no answer; the page has the service worker from then on
//                             version  {}                           -> {version}, on the port that comes with it
//                             activate {}                           no answer; a version that waits is the one from then on
//                             tidy     {}                           no answer; caches that nobody uses are deleted
//
// Then, on the port of an offer that was taken up, which the page has passed on to its worker:
//
//   service worker -> worker  request  {method, url, headers, crossSite, mode, from, body, last}    after `ready`, or after a whole answer
//                             piece    {body, last}                 the next of the request's body
//                             room     {}                           there is room for another chunk
//                             cancel   {}                           nobody waits any more
//                             taken    {}                           the answer of an order is on its way to the page
//   worker -> service worker  ready    {}                           the request may come
//                             more     {}                           the next piece of the body is wanted
//                             answer   {status, headers, body}      a body of null: chunks follow
//                             chunk    {body}                       then nothing until `room`
//                             end      {}                           the last chunk was it
//                             fail     {message}                    there will be no answer, or no more of it
//
// The workers of an application's tabs talk over BroadcastChannels (tabs/names.mjs): one that all of them hear, and one for each. Each message
// carries the name of its sender (from) and what it runs (version: TabVersion).
//
//   to all          hello   {serves}         I follow. Who owns the database? serves: I can answer requests of pages
//                   owner   {tabs, told}     I do, and I answer. told: Persistence
//                   tabs    {tabs}           how many there are
//   to the owner    ask     {content}        a request of Python (tabs/service.py), as bytes
//   to a follower   answer  {content}        its answer
//                   owner   {tabs, told}     as above, for one that said hello
//   to an older tab newer   {}               give the database up, and tell the person to reload
//   to any          tell    {message}        see tabs/errands.mjs
//
// A script of PyScript's and its page. The worker offers a port, in a message of its own to the page:
//
//   worker -> page   {velocious: "page"}, with a port               taken by pyscript.mjs, which answers `there`; then, on it:
//
//   worker -> page   render     {id, selector, html}                -> done
//                    template   {id, selector}                      -> done, its value is the text
//                    listen     {id, listener, event, selector, prevent, reset}    -> done, and `event` from then on
//                    handled    {call, problem}                     the answer to an `event`
//                    problem    {problem, selector}                 nobody has asked, and the person should know
//                    failed     {message}                           the script raised, and has come to its end
//                    progress, state                                as above
//                    settled    {}                                  the answer to `settle`
//   page -> worker   there      {}                                  once
//                    settle     {}                                  -> settled, after all that was said before
//                    done       {id, value, error}
//                    event      {listener, call, happening}         answered by `handled`
//
// Failure codes of `boot`: boot_invalid, runtime_missing, storage_unavailable, storage_busy,
// storage_corrupt, storage_missing, storage_full, boot_failed, memory_unusable (the page boots another worker); and whatever `code` the application's own error has.

/** @typedef {{name: string, code: string | null, message: string, details: unknown, traceback: string | null, cause?: Failure | null}} Failure */
/** @typedef {{step: string, label: string, loaded: number, total: number}} Progress */
/** @typedef {"debug" | "info" | "warning" | "error"} Level */
/** @typedef {{name: "starting" | "waiting" | "ready" | "failed" | "outdated" | "closed", message: string, code?: string | null}} State */
/** @typedef {{name: "starting" | "owner" | "follower" | "standby" | "resting" | "outdated" | "closed", tabs: number}} Role  tabs: how many run the application */
/** @typedef {{protocol: number, schema: string, served: number, version: string}} TabVersion  of the application that runs in a tab */
/** @typedef {{type: "hello", serves: boolean} | {type: "owner", tabs: number, told: unknown} | {type: "tabs", tabs: number} | {type: "ask", content: Uint8Array} | {type: "answer", content: Uint8Array} | {type: "newer"} | {type: "tell", message: any}} TabMessage */

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

/**
 * `contents` are the files in the pool, where databases are; `beside` counts those beside it: attachments and uploads.
 * @typedef {Persistence & {contents: {path: string, size: number}[], beside: {files: number, bytes: number}, advice: string[]}} StorageStatus
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
 * @property {string} [version]  changes with anything that a page gets
 * @property {string} [schema]  its newest migration
 * @property {number} [served]  when the server gave it out, in milliseconds since 1970
 * @property {string} [prefix]  the path that the application is served below
 * @property {{url: string, scope: string} | null} [serviceWorker]
 * @property {number} [capacity]
 * @property {number} [storageWarning]  the part of the quota from which on space counts as low: 0.8 when left out
 * @property {boolean} [migrate]  the page wants its database up to date before it hears of the application
 * @property {string | null} [dataSince]  what the page knows: there was data before
 * @property {boolean} [devtools]  false: no velociousCLI in the browser's console
 * @property {boolean} [memorySnapshot]  true: a start goes on with the memory that Python had in an earlier one
 * @property {Record<string, string>} [environmentVariables]
 */

/** @typedef {{type: "boot", id: number, boot: Boot}} BootRequest */
/** @typedef {{type: "call", id: number, action: string, payload: string}} CallRequest */
/** @typedef {{type: "abort", id: number, request: number}} AbortRequest */
/** @typedef {{type: "watch", id: number, watch: number, action: string, payload: string}} WatchRequest */
/** @typedef {{type: "unwatch", id: number, watch: number}} UnwatchRequest */
/** @typedef {{type: "command", id: number, arguments: string}} CommandRequest */
/** @typedef {{type: "devtools", id: number, question: string, parameters: string}} DevtoolsRequest */
/** @typedef {{type: "read", id: number, path: string}} ReadRequest */
/** @typedef {{type: "write", id: number, path: string, bytes: ArrayBuffer}} WriteRequest */
/** @typedef {{type: "persistence", id: number}} PersistenceRequest */
/** @typedef {{type: "status", id: number}} StatusRequest */
/** @typedef {{type: "trace", id: number, origin: number}} TraceRequest  origin: the timeOrigin of the page's performance */
/** @typedef {{type: "serve", id: number, port: MessagePort}} ServeRequest */
/** @typedef {{type: "refresh", id: number}} RefreshRequest */
/** @typedef {{type: "remember", id: number, boot: Boot, modules: string[]}} RememberRequest */
/** @typedef {{type: "close", id: number}} CloseRequest */
/** @typedef {BootRequest | CallRequest | AbortRequest | WatchRequest | UnwatchRequest | CommandRequest | DevtoolsRequest | ReadRequest | WriteRequest | PersistenceRequest | StatusRequest | TraceRequest | RefreshRequest | RememberRequest | ServeRequest | CloseRequest} Request */

/** @typedef {{type: "reply", id: number, value: unknown}} Reply */
/** @typedef {{type: "failure", id: number, error: Failure}} FailureReply */
/** @typedef {{type: "progress"} & Progress} ProgressEvent */
/** @typedef {{type: "log", level: Level, text: string}} LogEvent */
/** @typedef {{type: "state"} & State} StateEvent */
/** @typedef {{type: "role"} & Role} RoleEvent */
/** @typedef {{type: "persistence", persistence: Persistence}} PersistenceEvent */
/** @typedef {{type: "emit", name: string, payload: string}} EmitEvent */
/** @typedef {{type: "result", watch: number, value: string}} ResultEvent */
/** @typedef {{type: "trouble", watch: number, error: Failure}} TroubleEvent */
/** @typedef {{type: "file", name: string, bytes: ArrayBuffer}} FileEvent */
/** @typedef {ProgressEvent | LogEvent | StateEvent | RoleEvent | PersistenceEvent | EmitEvent | ResultEvent | TroubleEvent | FileEvent} Notice */

/** @typedef {{velocious: "who"}} Who */
/** @typedef {{velocious: "offer", start: boolean, version: string | null}} Offer  start: a page that does not run Python should; version: the only one that will do */
/** @typedef {Who | Offer} Question */
/** @typedef {{rendered: "browser" | "server", version: string | null}} Identity  who answered the page's document; what it is of, null before it knows */
/** @typedef {{velocious: "not-installed", version: string, message: string}} Told */
/** @typedef {{velocious: "claim"} | {velocious: "version"} | {velocious: "activate"} | {velocious: "tidy"}} ToServiceWorkerItself */

/** @typedef {[string, string][]} Headers */
/**
 * @typedef {object} HttpRequest
 * @property {"request"} type
 * @property {string} method
 * @property {string} url
 * @property {Headers} headers
 * @property {boolean} crossSite  another site made it
 * @property {string} mode
 * @property {string} from  which start of the service worker sends it
 * @property {ArrayBuffer | null} body  the first piece
 * @property {boolean} last  it is the whole body
 */
/** @typedef {{type: "piece", body: ArrayBuffer | null, last: boolean}} BodyPiece */
/** @typedef {HttpRequest | BodyPiece | {type: "room"} | {type: "cancel"} | {type: "taken"}} FromServiceWorker */
/** @typedef {{type: "answer", status: number, headers: Headers, body: ArrayBuffer | null}} HttpAnswer */
/** @typedef {{type: "chunk", body: ArrayBuffer}} Chunk */
/** @typedef {{type: "ready"} | {type: "more"} | HttpAnswer | Chunk | {type: "end"} | {type: "fail", message: string}} ToServiceWorker */
/** @typedef {{type: "starting"} | {type: "refused", message?: string}} FromPage */

/** @typedef {{message: string, detail: string | null}} DomProblem  what a person reads; the traceback for the console */
/**
 * An event of the page.
 * @typedef {object} Happening
 * @property {string} type
 * @property {string} id  of the element that fits the selector, as all that follows
 * @property {string | null} value
 * @property {boolean | null} checked
 * @property {Record<string, string>} data  its attributes data-…: "data-task-id" is "task_id"
 * @property {[string, string][]} fields  of its form
 * @property {string | null} key
 */
/** @typedef {{type: "listen", id: number, listener: number, event: string, selector: string, prevent: boolean, reset: boolean}} ListenRequest */
/** @typedef {{type: "render", id: number, selector: string, html: string} | {type: "template", id: number, selector: string} | ListenRequest} DomRequest */
/** @typedef {DomRequest | {type: "handled", call: number, problem: DomProblem | null} | {type: "problem", problem: DomProblem, selector: string | null} | {type: "failed", message: string} | {type: "settled"} | ProgressEvent | StateEvent} FromScript */
/** @typedef {{type: "done", id: number, value: unknown, error: string | null} | {type: "event", listener: number, call: number, happening: Happening} | {type: "there"} | {type: "settle"}} ToScript */

export const PROTOCOL = 1;
