// Opens the files of an application and says, at any time, what happens to data that is written.

import { RuntimeFailure } from './failure.mjs';
import { clearScratch, sizeBeside } from './opfs/beside.mjs';
import { commitFlushes } from './opfs/durability.mjs';
import { CLOSED } from './opfs/closed.mjs';
import { mountPool } from './opfs/filesystem.mjs';
import { directoryOf, MOUNT_POINT } from './opfs/layout.mjs';
import { Pool } from './opfs/pool.mjs';
import { judgeSpace } from './space.mjs';

/** @typedef {import('./messages.mjs').Boot} Boot */
/** @typedef {import('./messages.mjs').Persistence} Persistence */
/** @typedef {import('./messages.mjs').StorageStatus} StorageStatus */

/** @type {Persistence} */
const UNKNOWN = {
  state: 'best-effort', reason: 'another tab owns the database, and has not said yet how safe it is', directory: null, flushes: false, persisted: false,
  usage: 0, quota: 0, files: 0, free: 0, space: 'enough', percent: null,
};
const CAPACITY = 12;

/** Milliseconds after a commit in which the browser is asked once how much room is left. */
const ASK_AFTER = 500;

export class Storage {
  #boot;
  #pool;
  #capacity;
  #why;
  flushes = false;
  /** @type {{persisted: boolean, usage: number, quota: number}} what the browser said last */
  #estimate = { persisted: false, usage: 0, quota: 0 };
  /** Called after whatever may have changed the state. */
  onChange = () => {};
  /** @type {ReturnType<typeof setTimeout> | null} */
  #asking = null;

  /** What the owner told, while another tab has the files. @type {(() => Persistence | null) | null} */
  #told = null;

  /** The directory of the files, where it was looked up before it is needed. @type {FileSystemDirectoryHandle | null} */
  #directory = null;

  /** @param {Boot} boot */
  constructor(boot) {
    this.#boot = boot;
    this.#pool = /** @type {Pool | null} */ (null);
    this.#why = '';
    this.#capacity = boot.capacity ?? CAPACITY;
  }

  /** Opens the files. Only the holder of the application's lock may call this. */
  async open() {
    const why = this.#directory ? null : await whyUnavailable();
    if (why && !this.#boot.allowVolatile) throw unavailable(why);
    this.#why = why ?? '';
    // what the owner before has proved holds until this tab has: it is the same browser and the same code
    this.flushes = this.#told?.()?.flushes ?? false;
    this.#told = null;
    if (why) return;
    try {
      this.#pool = await this.#openPool();
    } catch (error) {
      throw explained(/** @type {Error} */ (error), this.#boot.appId);
    }
    this.#pool.onChange = () => this.#changed();
  }

  /** Looks up, while another tab has the files, what opening them begins with. */
  async prepare() {
    if (await whyUnavailable()) return;
    this.#directory = await Pool.find(directoryOf(this.#boot.appId));
  }

  /** Another tab has the files. @param {() => Persistence | null} told  what it says of them */
  follow(told) {
    this.#told = told;
  }

  /** @param {any} pyodide */
  mount(pyodide) {
    if (this.#pool) mountPool(pyodide.FS, this.#pool, MOUNT_POINT);
    else if (this.#told) mountPool(pyodide.FS, CLOSED, MOUNT_POINT);
    pyodide.FS.mkdirTree(this.#boot.databaseDirectory);
  }

  /** Proves on a scratch file that a commit reaches the disk. @param {any} pyodide */
  prove(pyodide) {
    if (this.#pool) this.flushes = commitFlushes(pyodide, this.#pool, this.#boot.databaseDirectory);
  }

  /** Removes what workers that are gone have left of uploads. */
  async tidy() {
    if (this.#pool) await clearScratch(this.#boot.appId);
  }

  /** @param {number} [count] */
  async reserve(count = this.#capacity) {
    if (this.#pool && this.#pool.free.length < count) await this.#pool.reserve(count);
  }

  /** @returns {Promise<Persistence>} */
  async persistence() {
    const [persisted, { usage = 0, quota = 0 } = {}] = await Promise.all([navigator.storage?.persisted(), navigator.storage?.estimate()]);
    this.#estimate = { persisted: Boolean(persisted), usage, quota };
    this.onChange();
    return this.latest();
  }

  /** The state with what the browser said when it was last asked. @returns {Persistence} */
  latest() {
    if (this.#told) return this.#told() ?? { ...UNKNOWN, ...this.#estimate };
    return {
      ...this.#judge(this.#estimate.persisted),
      ...this.#estimate,
      ...judgeSpace(this.#estimate, this.#pool?.refused ?? false, this.#boot.storageWarning),
      directory: this.#pool ? directoryOf(this.#boot.appId) : null,
      flushes: this.flushes,
      files: this.#pool?.files.size ?? 0,
      free: this.#pool?.free.length ?? 0,
    };
  }

  /** Asked anew, with every file and with what a person can do. @returns {Promise<StorageStatus>} */
  async status() {
    const persistence = await this.persistence();
    const contents = [...this.#pool?.files ?? []].map(([path, { size }]) => ({ path, size }));
    contents.sort((one, other) => (one.path < other.path ? -1 : 1));
    const beside = this.#pool ? await sizeBeside(this.#boot.appId) : { files: 0, bytes: 0 };
    return { ...persistence, contents, beside, advice: advise(persistence) };
  }

  close() {
    if (this.#asking !== null) clearTimeout(this.#asking);
    this.#asking = null;
    this.#pool?.close();
    this.#pool = null;
  }

  async #openPool() {
    const { appId, dataSince } = this.#boot;
    const prepared = this.#directory;
    this.#directory = null;
    try {
      if (prepared) return await Pool.open(prepared, this.#capacity, dataSince);
    } catch (error) {
      // somebody has removed the directory since
      if (/** @type {Error} */ (error).name !== 'NotFoundError') throw error;
    }
    return Pool.open(await Pool.find(directoryOf(appId)), this.#capacity, dataSince);
  }

  #changed() {
    this.onChange();
    this.#asking ??= setTimeout(() => {
      this.#asking = null;
      if (this.#pool) this.persistence();
    }, ASK_AFTER);
  }

  /**
   * @param {boolean} persisted
   * @returns {{state: Persistence["state"], reason: string}}
   */
  #judge(persisted) {
    if (!this.#pool) return { state: 'volatile', reason: `data is kept in memory and lost with this tab: ${this.#why}` };
    if (!this.flushes) return { state: 'best-effort', reason: 'a commit is not flushed to the disk: a power cut may lose the last ones' };
    if (!persisted) {
      return { state: 'best-effort', reason: 'every commit is flushed to the disk, but the browser may delete this site\'s data when the disk '
        + 'is nearly full: ask it with app.storage.persist() to keep it, when a button is clicked' };
    }
    return { state: 'durable', reason: 'every commit is flushed to the disk and the browser keeps this site\'s data' };
  }
}

/** What a person can do about it, most urgent first. @param {Persistence} persistence @returns {string[]} */
function advise({ state, space, flushes, persisted }) {
  if (state === 'volatile') return ['Open the page over https (or localhost) in an ordinary window of a current browser: there its data is kept.'];
  const advice = [];
  if (space !== 'enough') advice.push('Make room: delete what is not needed and run db:vacuum, or free space on the disk. Save a copy first: db:export.');
  if (!flushes) advice.push('Save a copy regularly (db:export): this browser does not flush a commit to the disk.');
  if (!persisted) advice.push('Ask the browser to keep the data: `await app.storage.persist()` when a button of the page is clicked. Most agree once the page is bookmarked or installed.');
  return advice;
}

/** @returns {Promise<string | null>} */
async function whyUnavailable() {
  if (!isSecureContext) return `${location.origin} is not a secure context (https or localhost)`;
  if (!navigator.storage?.getDirectory) return 'this browser has no private file system (OPFS)';
  if (!('FileSystemFileHandle' in globalThis) || !('createSyncAccessHandle' in FileSystemFileHandle.prototype)) {
    return 'this browser has no synchronous file handles';
  }
  try {
    await navigator.storage.getDirectory();
    return null;
  } catch (error) {
    return `the browser refuses its private file system (${error}), as some do in private windows`;
  }
}

/** @param {string} why */
function unavailable(why) {
  return new RuntimeFailure('storage_unavailable', `this browser cannot keep a database: ${why} - open the page over https (or localhost) in an ordinary `
    + 'window of a current browser, or set allowVolatile in the application if it may lose its data', { details: { why } });
}

/**
 * @param {Error} error
 * @param {string} appId
 */
function explained(error, appId) {
  if (error instanceof RuntimeFailure) return error;
  if (error.name === 'NoModificationAllowedError') {
    return new RuntimeFailure('storage_busy', `the files of ${appId} are open elsewhere although this tab holds their lock - close other tabs of this `
      + 'site and reload', { cause: error });
  }
  if (error.name === 'QuotaExceededError') {
    return new RuntimeFailure('storage_full', `there is no space left for the files of ${appId} - free space on the disk or allow this site to use more, `
      + 'then reload', { cause: error });
  }
  return new RuntimeFailure('storage_unavailable', `the files of ${appId} could not be opened: ${error.name}: ${error.message} - nothing was changed and no `
    + 'new database was started - reload the page', { cause: error });
}
