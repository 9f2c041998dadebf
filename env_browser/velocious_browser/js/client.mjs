// The page's side: starts the worker, calls Python, shows what it is doing.
//
//   import { start } from '/velocious/client.mjs';
//   const app = await start({ onProgress, onState });
//   await app.call('tasks.list', { project: 1 });
//
// `velociousCLI.run("db:migrate")` and the like work in the browser's console as soon as start() was called (console.mjs).

import { fetchBoot, resolveBoot } from './boot.mjs';
import { createConsole } from './console.mjs';
import { RemoteError, RuntimeFailure, describe } from './failure.mjs';
import { ASLEEP, LiveCalls, tell } from './live_calls.mjs';
import { UNUSABLE } from './memory/waking.mjs';
import { Observable } from './observable.mjs';
import { here } from './page/here.mjs';
import { install } from './page/install.mjs';
import { dataSince, noteData } from './page/marker.mjs';
import { listen } from './page/offers.mjs';
import { offline, register } from './page/registration.mjs';
import { update } from './page/update.mjs';
import { watchReturn } from './page/returning.mjs';
import { watchSleep } from './page/sleeping.mjs';
import { during, phases } from './phases.mjs';
import { RecentLog } from './recent_log.mjs';
import { Caller } from './rpc.mjs';
import { decode, encode } from './values.mjs';

export { RemoteError, RuntimeFailure };

/** @typedef {import('./messages.mjs').Boot} Boot */
/** @typedef {import('./messages.mjs').Level} Level */
/** @typedef {import('./messages.mjs').Notice} Notice */
/** @typedef {import('./messages.mjs').Persistence} Persistence */
/** @typedef {import('./messages.mjs').Phase} Phase */
/** @typedef {import('./messages.mjs').Progress} Progress */
/** @typedef {import('./messages.mjs').State} State */
/** @typedef {import('./messages.mjs').Role} Role */
/** @typedef {{output: string, exitCode: number}} CommandResult */
/** @typedef {Record<string, unknown> | readonly unknown[] | null} Arguments  of a function of Python: by name, or in their order */
/** @typedef {import('./live_calls.mjs').LiveOptions} LiveOptions */
/** @typedef {{signal?: AbortSignal, timeout?: number}} CallOptions  cancels the function; after how many milliseconds it is cancelled */

/**
 * @typedef {object} Options
 * @property {string | (object & {url?: string})} [boot]  the address of boot.json, or its content; of the application that this module is served with
 * @property {(progress: Progress) => void} [onProgress]
 * @property {(level: Level, text: string) => void} [onLog]  the console when left out
 * @property {(state: State) => void} [onState]
 * @property {boolean} [migrate]  true: migrations that this browser's database lacks run before the application opens, in one tab while the others wait
 * @property {boolean} [askToPersist]  false: never ask the browser on its own to keep the data
 * @property {number} [storageWarning]  the part of the quota from which on space counts as low: 0.8 when left out
 * @property {boolean} [standby]  this tab runs Python only to take over from the one that owns the database
 * @property {boolean} [offline]  false: no service worker
 * @property {boolean} [devtools]  false: no velociousCLI in the browser's console
 */

/** @type {Record<Level, (text: string) => void>} */
const CONSOLE = { debug: console.debug, info: console.info, warning: console.warn, error: console.error };

const CLOSED = () => new RuntimeFailure('closed', 'the application was closed in this tab - call start() again');

/** Beside this module's folder, wherever the application is. */
const OWN_BOOT = new URL('../../boot.json', import.meta.url).href;

/** @type {Persistence} */
const UNKNOWN = {
  state: 'volatile', reason: 'the database is not open yet', directory: null, flushes: false, persisted: false, usage: 0, quota: 0, files: 0, free: 0,
  space: 'enough', percent: null,
};

/**
 * Starts Python in a worker and resolves when the application is ready.
 * @param {Options} [options]
 * @returns {Promise<App>}
 */
export async function start(options = {}) {
  const app = new App(options);
  const ready = app.boot(options.boot ?? OWN_BOOT);
  here.app = app;
  document.dispatchEvent(new Event('velocious:start'));
  listen();
  install.listen();
  if (options.devtools !== false) Object.assign(globalThis, { velociousCLI: createConsole(ready) });
  return ready;
}

/**
 * An observable persistence state that can also ask the browser for more.
 * @extends {Observable<Persistence>}
 */
class PersistenceState extends Observable {
  #app;

  /** @param {App} app */
  constructor(app) {
    super(UNKNOWN);
    this.#app = app;
  }

  /** Asks the browser to keep the data even when the disk is nearly full. @returns {Promise<Persistence>} */
  async persist() {
    await navigator.storage.persist();
    return this.refresh();
  }

  /** @returns {Promise<Persistence>} */
  refresh() {
    return this.#app.request({ type: 'persistence' });
  }

  /** Asked anew, with every file and with what a person can do: what `storage:status` shows. @returns {Promise<import('./messages.mjs').StorageStatus>} */
  status() {
    return this.#app.request({ type: 'status' });
  }
}

export class App {
  state = new Observable(/** @type {State} */ ({ name: 'starting', message: 'starting' }));
  storage = new PersistenceState(this);
  /** What this tab is among the tabs of the application. */
  role = new Observable(/** @type {Role} */ ({ name: 'starting', tabs: 1 }));
  /** What Python logged and printed. */
  log = new RecentLog();
  /** Whether the application opens without a network. */
  offline = offline;
  /** Whether the browser offers to install the application, and asking for it. */
  install = install;
  /** Whether there is a version to go over to, and going over to it. */
  update = update;
  /** Of the application that runs; null before it is known. @type {string | null} */
  version = null;
  /** @type {Promise<App>} settled when the application runs, or cannot */
  ready;
  cli = { run: (/** @type {string[]} */ ...args) => this.#run(args) };
  #options;
  #worker = /** @type {Worker | null} */ (null);
  #caller = /** @type {Caller | null} */ (null);
  /** While the page sleeps: settled when it is awake. @type {PromiseWithResolvers<void> | null} */
  #sleep = null;
  /** While Python starts anew after a sleep: settled when it runs, or cannot. @type {Promise<void> | null} */
  #again = null;
  /** What runs, or ran before a sleep. @type {Boot | null} */
  #booted = null;
  #ended = new AbortController();
  #listeners = /** @type {Map<string, Set<(payload: any) => void>>} */ (new Map());
  #live = new LiveCalls((request) => this.request(request));
  /** Ends listening for the page's return. */
  #unwatch = () => {};
  /** @type {(ready: Promise<App>) => void} */
  #settle = () => {};

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    this.ready = new Promise((resolve) => { this.#settle = resolve; });
    this.ready.catch(() => {}); // whoever called boot() is told
    if (options.onState) this.state.subscribe(options.onState);
  }

  /** @param {NonNullable<Options["boot"]>} source @returns {Promise<App>} */
  boot(source) {
    const running = this.#boot(source);
    this.#settle(running);
    return running;
  }

  /** @param {NonNullable<Options["boot"]>} source @returns {Promise<App>} */
  async #boot(source) {
    try {
      // its script is fetched and compiled while boot.json is on its way
      this.#startWorker();
      watchSleep(() => this.#fallAsleep(), () => this.#wake(), this.#ended.signal);
      const boot = await during('boot.json', readBoot(source));
      this.version = boot.version ?? null;
      if (boot.devtools === false) Reflect.deleteProperty(globalThis, 'velociousCLI');
      const persisting = this.#askToPersist();
      this.storage.subscribe((persistence) => noteData(boot.appId, persistence));
      await this.#open(boot);
      this.#unwatch = watchReturn(() => { this.request({ type: 'refresh' }).catch(() => {}); }); // it may be closing
      if (this.#options.offline !== false) register(boot, this.#caller?.quiet());
      persisting.then((granted) => (granted && !this.storage.value.persisted ? this.storage.refresh() : null));
      return this;
    } catch (error) {
      this.#fail(/** @type {Error} */ (error));
      throw error;
    }
  }

  /**
   * Calls an action of the application in the worker.
   * @param {string} action
   * @param {Arguments} [args]
   * @param {CallOptions} [options]
   * @returns {Promise<any>}
   */
  async call(action, args = null, { signal, timeout } = {}) {
    const limit = timeout === undefined ? undefined : AbortSignal.timeout(timeout);
    const either = signal && limit ? AbortSignal.any([signal, limit]) : signal ?? limit;
    try {
      return decode(await this.request({ type: 'call', action, payload: encode(args) }, [], either));
    } catch (error) {
      throw limit?.aborted && error === limit.reason ? tookTooLong(action, timeout, error) : error;
    }
  }

  /**
   * Listens to what Python sends with host.emit; or, with arguments between, to what an action returns: now, and whenever
   * the tables that it reads have changed, in any tab.
   * @overload
   * @param {string} event
   * @param {(payload: any) => void} listener
   * @returns {() => void} ends it
   */
  /**
   * @overload
   * @param {string} action
   * @param {Arguments} args
   * @param {(value: any) => void} listener
   * @param {LiveOptions} [options]
   * @returns {() => void} ends it
   */
  /**
   * @param {string} name
   * @param {Arguments | ((payload: any) => void)} args
   * @param {(value: any) => void} [listener]
   * @param {LiveOptions} [options]
   * @returns {() => void}
   */
  subscribe(name, args, listener, options = {}) {
    if (typeof args === 'function') return this.#listen(name, args);
    if (typeof listener === 'function') return this.#live.begin(name, args, listener, options);
    throw new TypeError(`subscribe(${JSON.stringify(name)}, …) has no listener - write subscribe("event", listener) or subscribe("action", args, listener)`);
  }

  /** @param {string} path  below /opfs, or in the worker's memory @returns {Promise<Blob>} */
  async readFile(path) {
    return new Blob([await this.request({ type: 'read', path })]);
  }

  /** @param {string} path @param {Blob} content @returns {Promise<void>} */
  async writeFile(path, content) {
    const bytes = await content.arrayBuffer();
    await this.request({ type: 'write', path, bytes }, [bytes]);
  }

  /**
   * Hands the port of a request to the worker, which answers through it.
   * @param {MessagePort} port
   */
  serve(port) {
    this.request({ type: 'serve', port }, [port]).catch(() => port.close());
  }

  /** Every phase of the start, and everything that was fetched for it, in milliseconds since the navigation. @returns {Promise<Phase[]>} */
  async trace() {
    const inWorker = await this.request({ type: 'trace', origin: performance.timeOrigin });
    return [...phases('page'), ...inWorker].sort((one, other) => one.start - other.start);
  }

  /** Closes the databases and lets another tab go on. */
  async close() {
    if (this.state.value.name === 'ready') await this.request({ type: 'close' });
    this.#end(CLOSED());
    this.state.set({ name: 'closed', message: 'closed' });
  }

  /**
   * @param {Parameters<Caller["request"]>[0]} request
   * @param {Transferable[]} [transfer]
   * @param {AbortSignal} [signal]
   * @returns {Promise<any>}
   */
  async request(request, transfer = [], signal) {
    while (this.#again) await this.#again;
    if (!this.#caller) throw new RuntimeFailure('not_running', 'the application does not run in this tab - await start() first');
    return this.#caller.request(request, transfer, signal);
  }

  /** @param {string[]} args @returns {Promise<CommandResult>} */
  async #run(args) {
    const line = args.length === 1 ? args[0] : args;
    return JSON.parse(await this.request({ type: 'command', arguments: JSON.stringify(line) }));
  }

  /** What only the page knows. @param {string} appId @returns {Partial<Boot>} */
  #fromPage(appId) {
    const { migrate = false, storageWarning } = this.#options;
    return { migrate, dataSince: dataSince(appId), ...(storageWarning === undefined ? {} : { storageWarning }) };
  }

  #startWorker() {
    const worker = new Worker(new URL('./worker.mjs', import.meta.url), { type: 'module', name: 'velocious' });
    worker.addEventListener('error', (event) => this.#fail(new RuntimeFailure('boot_failed', `the worker of this page failed: ${event.message || 'its script '
      + 'could not be loaded'} - reload the page`)));
    this.#worker = worker;
    // what a worker said before it was ended may come after that
    this.#caller = new Caller(worker, (notice) => { if (worker === this.#worker) this.#notice(notice); });
  }

  /** Boots the worker, and another one where the page was put to sleep meanwhile. @param {Boot} boot */
  async #open(boot) {
    for (;;) {
      await this.#sleep?.promise;
      const caller = this.#caller;
      if (!caller) throw CLOSED();
      try {
        await caller.request({ type: 'boot', boot: { ...boot, ...this.#fromPage(boot.appId) } });
        break;
      } catch (error) {
        if (this.#ended.signal.aborted) throw error;
        if (caller !== this.#caller) continue;
        const { code, message } = describe(error);
        if (code !== UNUSABLE) throw error;
        this.#startWithout(message);
        boot = { ...boot, memorySnapshot: false };
      }
    }
    this.#booted = boot;
    this.state.set({ name: 'ready', message: 'ready' });
  }

  /** Of what the worker has done so far, nothing can be relied on. @param {string} why */
  #startWithout(why) {
    this.#stopWorker(new RuntimeFailure(UNUSABLE, why));
    this.#notice({ type: 'log', level: 'warning', text: `velocious: ${why} - this start is an ordinary one` });
    this.#startWorker();
  }

  /**
   * A page that is put to sleep must not keep the database from the other tabs. Its worker is frozen before it can close anything, and might
   * be given the owner's lock in its sleep: only its end makes both free for certain.
   */
  #fallAsleep() {
    const { name } = this.state.value;
    if (name !== 'ready' && name !== 'starting' && name !== 'waiting') return;
    this.#sleep = Promise.withResolvers();
    this.#stopWorker(new RuntimeFailure(ASLEEP, 'this page was put to sleep before the answer came - look what was done, and ask again'));
    this.role.set({ name: 'resting', tabs: this.role.value.tabs });
    if (name === 'ready') this.#again = this.#openAgain();
    this.state.set({ name: 'starting', message: 'Starting Python again: this page was asleep' });
  }

  #wake() {
    if (!this.#sleep) return;
    if (!this.#ended.signal.aborted) this.#startWorker();
    this.#sleep.resolve();
    this.#sleep = null;
  }

  async #openAgain() {
    try {
      await this.#open(/** @type {Boot} */ (this.#booted));
      this.#again = null;
      this.#live.beginAgain();
    } catch (error) {
      this.#again = null;
      if (!this.#ended.signal.aborted) this.#fail(/** @type {Error} */ (error));
    }
  }

  /** @param {Notice} notice */
  #notice(notice) {
    switch (notice.type) {
      case 'progress': return this.#options.onProgress?.(notice);
      case 'log':
        this.log.add(notice.level, notice.text);
        return (this.#options.onLog ?? ((level, text) => CONSOLE[level](text)))(notice.level, notice.text);
      case 'state': return this.state.set({ name: notice.name, message: notice.message, code: notice.code ?? null });
      case 'role': return this.role.set({ name: this.#options.standby && notice.name === 'follower' ? 'standby' : notice.name, tabs: notice.tabs });
      case 'persistence': return this.storage.set(notice.persistence);
      case 'file': return offerDownload(notice.name, notice.bytes);
      case 'emit': return this.#hear(notice.name, decode(notice.payload));
      case 'result': return this.#live.result(notice.watch, notice.value);
      case 'trouble': return this.#live.trouble(notice.watch, notice.error);
    }
  }

  /** @param {string} event @param {(payload: any) => void} listener */
  #listen(event, listener) {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => { listeners.delete(listener); };
  }

  /** @param {string} event @param {unknown} payload */
  #hear(event, payload) {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) tell(listener, payload);
  }

  /** Only a page may ask; a browser that wants to ask the person does so now. */
  async #askToPersist() {
    if (this.#options.askToPersist === false || !navigator.storage?.persist) return false;
    return (await navigator.storage.persisted()) || navigator.storage.persist();
  }

  /** @param {Error} error */
  #fail(error) {
    const { message, code } = describe(error);
    this.#end(error);
    this.state.set({ name: code === 'reload_needed' ? 'outdated' : 'failed', message, code });
  }

  /** @param {Error} error  what open requests are told */
  #end(error) {
    this.#ended.abort();
    this.#unwatch();
    this.#stopWorker(error);
    this.#wake();
    this.#live.abandon(error);
  }

  /** @param {Error} error  what open requests are told */
  #stopWorker(error) {
    this.#worker?.terminate();
    this.#caller?.abandon(error);
    this.#worker = null;
    this.#caller = null;
  }
}

/** @param {NonNullable<Options["boot"]>} source @returns {Promise<Boot>} */
async function readBoot(source) {
  if (typeof source === 'string') return fetchBoot(new URL(source, document.baseURI).href);
  return resolveBoot(source, new URL(source.url ?? '', document.baseURI).href);
}

/** @param {string} action @param {number | undefined} timeout @param {unknown} cause */
function tookTooLong(action, timeout, cause) {
  const message = `${action} took longer than ${timeout} ms and was cancelled - give it more time, or less to do`;
  return Object.assign(new RuntimeFailure('call_timeout', message, { cause }), { name: 'TimeoutError' });
}

/**
 * @param {string} name
 * @param {ArrayBuffer} bytes
 */
function offerDownload(name, bytes) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
