// A pool of open synchronous file handles in the browser's private file system.
//
// Handles can be written synchronously, but only opened asynchronously, and SQLite creates and deletes files
// in the middle of a statement. So a number of handles is always open, and a file is a slot with a
// path in its header. Laws: only the holder of the application's lock opens a pool; bytes that may be
// somebody's data are never overwritten; a pool that cannot be read whole is not opened at all.

import { RuntimeFailure } from '../failure.mjs';
import { readHeader } from './header.mjs';
import { CONTENT } from './layout.mjs';
import { Slot } from './slot.mjs';

const PATIENCE = 10_000;
const PAUSE = 10;

export class Pool {
  /** @type {Map<string, Slot>} path -> slot */
  files = new Map();
  /** @type {Slot[]} */
  free = [];
  statistics = { reads: 0, writes: 0, flushes: 0 };
  /** The newest write found no room; over when one has reached the disk again. */
  refused = false;
  /** Called when `refused` changes, and after each flush: it must be quick and must not throw. */
  onChange = () => {};
  #directory;
  #slots = /** @type {Slot[]} */ ([]);
  #generation = 1n;
  /** Settled when nobody opens slots. @type {Promise<void>} */
  #growing = Promise.resolve();

  /** @param {FileSystemDirectoryHandle} directory */
  constructor(directory) {
    this.#directory = directory;
  }

  /**
   * The directory of a pool, made where it is not there.
   * @param {string} path  its names separated by slashes
   */
  static async find(path) {
    let directory = await navigator.storage.getDirectory();
    for (const name of path.split('/')) directory = await directory.getDirectoryHandle(name, { create: true });
    return directory;
  }

  /**
   * @param {FileSystemDirectoryHandle} directory
   * @param {number} capacity  slots to keep free
   * @param {string | null} [dataSince]  when there was data before: then no slots are a loss, not a first visit
   */
  static async open(directory, capacity, dataSince = null) {
    const pool = new Pool(directory);
    try {
      await pool.#adoptAll();
      if (dataSince && pool.#slots.length === 0) throw missing(dataSince);
      await pool.reserve(capacity);
    } catch (error) {
      pool.close();
      throw error;
    }
    return pool;
  }

  /**
   * A new, empty file, or null when the pool is exhausted.
   * @param {string} path
   */
  create(path) {
    const slot = this.free.at(-1);
    if (!slot) return null;
    slot.rename(path, this.#generation++);
    this.free.pop();
    slot.modified = Date.now();
    this.files.set(path, slot);
    return slot;
  }

  /** @param {string} path */
  unlink(path) {
    const slot = this.files.get(path);
    if (!slot) return;
    this.files.delete(path);
    this.#detach(slot);
  }

  /**
   * Replaces `to` if it is there: the higher generation wins should both headers be found after a crash.
   * @param {string} from
   * @param {string} to
   */
  rename(from, to) {
    const slot = /** @type {Slot} */ (this.files.get(from));
    const replaced = this.files.get(to);
    slot.rename(to, this.#generation++);
    slot.flush();
    this.files.delete(from);
    this.files.set(to, slot);
    if (replaced && replaced !== slot) this.#detach(replaced);
  }

  /** @param {boolean} refused */
  note(refused) {
    this.refused = refused;
    this.onChange();
  }

  /** @param {Slot} slot */
  acquire(slot) {
    slot.references++;
  }

  /** @param {Slot} slot */
  release(slot) {
    slot.references--;
    if (slot.references === 0 && slot.path === '') this.#recycle(slot);
  }

  /** Makes the creations and deletions before it durable. */
  flushHeaders() {
    for (const slot of this.#slots) if (slot.dirty) slot.flush();
  }

  /**
   * Makes sure that `count` files can be created. Growing is asynchronous: call it between requests.
   * @param {number} count
   */
  reserve(count) {
    // one after the other: two at once would want the same names, and one of them could not open its slot
    const grown = this.#growing.then(() => this.#grow(count));
    this.#growing = grown.catch(() => {});
    return grown;
  }

  /** @param {number} count */
  async #grow(count) {
    const taken = new Set(this.#slots.map((slot) => slot.name));
    const names = [];
    for (let number = 0; names.length < count - this.free.length; number++) {
      const name = `slot-${number.toString().padStart(5, '0')}`;
      if (!taken.has(name)) names.push(name);
    }
    await Promise.all(names.map(async (name) => {
      const file = await this.#directory.getFileHandle(name, { create: true });
      this.#recycle(this.#add(name, await openHandle(file)));
    }));
  }

  close() {
    for (const slot of this.#slots) slot.close();
    this.#slots = [];
    this.free = [];
    this.files.clear();
  }

  async #adoptAll() {
    /** @type {FileSystemFileHandle[]} */
    const found = [];
    for await (const entry of this.#directory.values()) {
      if (entry.kind === 'file' && entry.name.startsWith('slot-')) found.push(/** @type {FileSystemFileHandle} */ (entry));
    }
    const opened = await Promise.allSettled(found.map(async (file) => this.#add(file.name, await openHandle(file))));
    const failed = opened.find((result) => result.status === 'rejected');
    if (failed) throw /** @type {PromiseRejectedResult} */ (failed).reason;
    this.#sort();
  }

  /** Decides what every slot holds; nothing is recycled before all headers were read. */
  #sort() {
    const readings = this.#slots.map((slot) => ({ slot, reading: readHeader(slot.handle) }));
    refuseUnreadable(readings);
    const unused = [];
    for (const { slot, reading } of readings) {
      if (typeof reading === 'string') { unused.push(slot); continue; }
      slot.adopt(reading);
      if (slot.generation >= this.#generation) this.#generation = slot.generation + 1n;
      const other = this.files.get(slot.path);
      if (slot.path === '' || (other && other.generation > slot.generation)) { unused.push(slot); continue; }
      if (other) unused.push(other);
      this.files.set(slot.path, slot);
    }
    for (const slot of unused) this.#recycle(slot);
  }

  /**
   * @param {string} name
   * @param {FileSystemSyncAccessHandle} handle
   */
  #add(name, handle) {
    const slot = new Slot(name, handle);
    this.#slots.push(slot);
    return slot;
  }

  /** @param {Slot} slot */
  #detach(slot) {
    slot.rename('', this.#generation++);
    if (slot.references === 0) this.#recycle(slot);
  }

  /**
   * The header says "free" on the disk before the content goes: a crash in between loses nothing.
   * @param {Slot} slot
   */
  #recycle(slot) {
    if (slot.path !== '' || slot.generation === 0n) slot.rename('', this.#generation++);
    if (slot.dirty && slot.handle.getSize() > CONTENT) slot.flush();
    if (slot.handle.getSize() !== CONTENT) slot.truncate(0);
    slot.size = 0;
    this.free.push(slot);
  }
}

/**
 * A worker that was just closed may hold its handles for a moment longer than its lock.
 * @param {FileSystemFileHandle} file
 */
async function openHandle(file) {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    try {
      return await file.createSyncAccessHandle();
    } catch (error) {
      if (/** @type {Error} */ (error).name !== 'NoModificationAllowedError' || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

/** @param {{slot: Slot, reading: import('./header.mjs').Reading}[]} readings */
function refuseUnreadable(readings) {
  const damaged = readings.filter(({ reading }) => reading === 'unreadable').map(({ slot }) => ({ name: slot.name, size: slot.handle.getSize() }));
  if (damaged.length === 0) return;
  throw new RuntimeFailure('storage_corrupt', `${damaged.length} of ${readings.length} files of this application's storage have an unreadable `
    + `header (${damaged.map(({ name, size }) => `${name}: ${size} bytes`).join(', ')}) - nothing was changed and no new database was started - `
    + "download them with rescue() of rescue.mjs, then clear the storage with erase()", { details: { slots: damaged } });
}

/** @param {string} since */
function missing(since) {
  return new RuntimeFailure('storage_missing', `this browser had data of this application (since ${since}), and it is gone: the browser cleared it, `
    + 'as it may when the disk is nearly full, or somebody deleted the site\'s files - no new database was started in its place - begin anew with erase() of '
    + 'rescue.mjs, then bring a copy back with db:import, or let the application fetch its data again', { details: { since } });
}
