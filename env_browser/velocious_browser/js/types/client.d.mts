// Types of /velocious/client.mjs, for TypeScript and editors. tests/project/test_javascript_types.py compares them with the module.

/** Starts Python in a worker of this page, and resolves when the application is ready. */
export function start(options?: Options): Promise<App>;

export interface Options {
  /** The address of boot.json, or its content; of the application that this module is served with. */
  boot?: string | (object & { url?: string });
  onProgress?: (progress: Progress) => void;
  /** The console when left out. */
  onLog?: (level: Level, text: string) => void;
  onState?: (state: State) => void;
  /** true: migrations that this browser's database lacks run before the application opens, in one tab while the others wait. */
  migrate?: boolean;
  /** false: never ask the browser on its own to keep the data. */
  askToPersist?: boolean;
  /** The part of the quota from which on space counts as low: 0.8 when left out. */
  storageWarning?: number;
  /** This tab runs Python only to take over from the one that owns the database. */
  standby?: boolean;
  /** false: no service worker. */
  offline?: boolean;
  /** false: no velociousCLI in the browser's console. */
  devtools?: boolean;
}

/** An application that runs in this tab. */
export interface App {
  readonly state: Observable<State>;
  /** What this tab is among the tabs of the application. */
  readonly role: Observable<Role>;
  /** How safe the data is. */
  readonly storage: Storage;
  /** What Python logged and printed. */
  readonly log: Log;
  /** Whether the application opens without a network. */
  readonly offline: Observable<Offline>;
  /** Whether the browser offers to install the application, and asking for it. */
  readonly install: Install;
  /** Whether there is a version to go over to, and going over to it. */
  readonly update: Update;
  /** Of the application that runs; null before it is known. */
  readonly version: string | null;
  /** Settled when the application runs, or cannot. */
  readonly ready: Promise<App>;
  /** The commands of the shell: `await app.cli.run("db:status")`. */
  readonly cli: { run: (...args: string[]) => Promise<CommandResult> };

  /** Calls an action of the application; rejects with RemoteError. */
  call<Result = any>(action: string, args?: Arguments, options?: CallOptions): Promise<Result>;

  /** Listens to what Python sends with `host.emit`; returns what ends it. */
  subscribe<Payload = any>(event: string, listener: (payload: Payload) => void): () => void;
  /** Listens to what an action returns: now, and whenever the tables that it reads have changed, in any tab. */
  subscribe<Result = any>(action: string, args: Arguments, listener: (value: Result) => void, options?: LiveOptions): () => void;

  /** How long each phase of the start took, in this page and in its worker. */
  trace(): Promise<Phase[]>;

  /** The content of a file below /opfs, or in the worker's memory. */
  readFile(path: string): Promise<Blob>;
  writeFile(path: string, content: Blob): Promise<void>;

  /** Closes the databases and lets another tab go on. */
  close(): Promise<void>;
}

/** Of a function of Python: by name, or in their order. docs/javascript.md says what becomes of which value. */
export type Arguments = Record<string, unknown> | readonly unknown[] | null;

export interface CallOptions {
  /** Cancels the function in Python; the call rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Milliseconds after which the function is cancelled; the call rejects with a TimeoutError. */
  timeout?: number;
}

export interface LiveOptions {
  /** The action failed; the next change may bring a value again. The console gets errors when left out. */
  onError?: (error: Error) => void;
  /** Ends it. */
  signal?: AbortSignal;
}

/** A value that can be watched. */
export interface Observable<T> {
  readonly value: T;
  /** Calls `watcher` now and after every change; returns what ends it. */
  subscribe(watcher: (value: T) => void): () => void;
}

export interface Storage extends Observable<Persistence> {
  /** Asks the browser to keep the data even when the disk is nearly full. */
  persist(): Promise<Persistence>;
  /** Asks the browser anew. */
  refresh(): Promise<Persistence>;
  /** Asked anew, with every file and with what a person can do: what `storage:status` shows. */
  status(): Promise<StorageStatus>;
}

export interface Install extends Observable<{ name: 'unavailable' | 'available' | 'installed' }> {
  /** Asks the person; in a click's handler only. */
  prompt(): Promise<'accepted' | 'dismissed'>;
}

export interface Update extends Observable<{ name: 'none' | 'available' | 'activating'; version: string | null }> {
  /** Asks the server whether there is a new version; `available` follows when it was fetched whole. */
  check(): Promise<void>;
  /** Goes over to the new version and loads this tab anew. */
  apply(): Promise<void>;
}

/** The newest 1,000 lines; tells those that follow. */
export interface Log {
  readonly lines: LogLine[];
  /** Returns what ends it. */
  subscribe(watcher: (line: LogLine) => void): () => void;
}

export interface LogLine {
  number: number;
  /** Milliseconds since 1970. */
  time: number;
  level: Level;
  text: string;
}

export interface CommandResult {
  output: string;
  exitCode: number;
}

export interface Progress {
  step: string;
  label: string;
  loaded: number;
  /** 0: nobody knows. */
  total: number;
}

export type Level = 'debug' | 'info' | 'warning' | 'error';

export interface State {
  name: 'starting' | 'waiting' | 'ready' | 'failed' | 'outdated' | 'closed';
  message: string;
  code?: string | null;
}

export interface Phase {
  place: 'page' | 'worker';
  name: string;
  /** Milliseconds since the navigation. */
  start: number;
  /** Milliseconds. */
  duration: number;
  /** That travelled; 0 for what was in the browser already, and for work. */
  bytes: number;
}

export interface Role {
  name: 'starting' | 'owner' | 'follower' | 'standby' | 'resting' | 'outdated' | 'closed';
  /** How many run the application. */
  tabs: number;
}

export interface Offline {
  name: 'off' | 'unsupported' | 'installing' | 'ready' | 'failed';
  message: string;
}

/**
 * What happens to data that was written. `durable`: a commit is on the disk and the browser promised not to evict it.
 * `best-effort`: one of the two is missing, the reason says which. `volatile`: memory only.
 */
export interface Persistence {
  state: 'durable' | 'best-effort' | 'volatile';
  reason: string;
  /** Inside the browser's private file system. */
  directory: string | null;
  /** A commit reaches the disk before it is acknowledged. */
  flushes: boolean;
  /** The browser promised not to evict this origin. */
  persisted: boolean;
  /** Bytes used by this origin. */
  usage: number;
  /** Bytes this origin may use. */
  quota: number;
  files: number;
  /** Files that can be created before the pool has to grow. */
  free: number;
  /** full: the newest write was refused. */
  space: 'enough' | 'low' | 'full';
  /** Of the quota that is used; null where the browser does not say. */
  percent: number | null;
}

export interface StorageStatus extends Persistence {
  contents: { path: string; size: number }[];
  /** Attachments and uploads, which are files beside the databases. */
  beside: { files: number; bytes: number };
  advice: string[];
}

/** An error of Python. Its `cause`, if there is one, is a RemoteError, too. */
export class RemoteError extends Error {
  constructor(failure: Failure);
  /** Stable, for programs: `validation_failed`; null where the exception has none. */
  code: string | null;
  /** Data of the error; of a ValidationError `{attribute: [{code, message}]}`. */
  details: any;
  /** null in production. */
  traceback: string | null;
}

/** An error of the runtime in this page: it could not start, it was closed, a call took too long. */
export class RuntimeFailure extends Error {
  constructor(code: string, message: string, options?: { details?: unknown; cause?: unknown });
  code: string;
  details: any;
}

export interface Failure {
  name: string;
  code: string | null;
  message: string;
  details: unknown;
  traceback: string | null;
  cause?: Failure | null;
}
