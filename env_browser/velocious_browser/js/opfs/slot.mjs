// One file of the pool: an open synchronous handle, the path it holds, and who has it open.

import { writeHeader } from './header.mjs';
import { CONTENT } from './layout.mjs';

export class Slot {
  path = '';
  generation = 0n;
  size = 0;
  /** Open streams; an unlinked slot lives on until the last one is closed. */
  references = 0;
  /** A header was written that no flush followed. */
  dirty = false;
  modified = Date.now();
  #copy = 1;

  /**
   * @param {string} name
   * @param {FileSystemSyncAccessHandle} handle
   */
  constructor(name, handle) {
    this.name = name;
    this.handle = handle;
  }

  /** @param {{header: import('./header.mjs').Header, copy: number}} reading */
  adopt({ header, copy }) {
    this.path = header.path;
    this.generation = header.generation;
    this.#copy = copy;
    this.size = Math.max(0, this.handle.getSize() - CONTENT);
  }

  /**
   * @param {string} path
   * @param {bigint} generation
   */
  rename(path, generation) {
    const copy = 1 - this.#copy;
    writeHeader(this.handle, { path, generation }, copy);
    this.#copy = copy;
    this.path = path;
    this.generation = generation;
    this.dirty = true;
  }

  /**
   * @param {Uint8Array} target
   * @param {number} position
   */
  read(target, position) {
    return this.handle.read(target, { at: CONTENT + position });
  }

  /**
   * @param {Uint8Array} source
   * @param {number} position
   */
  write(source, position) {
    const written = this.handle.write(source, { at: CONTENT + position });
    this.size = Math.max(this.size, position + written);
    this.modified = Date.now();
    return written;
  }

  /** @param {number} size */
  truncate(size) {
    this.handle.truncate(CONTENT + size);
    this.size = size;
    this.modified = Date.now();
  }

  flush() {
    this.handle.flush();
    this.dirty = false;
  }

  close() {
    try {
      this.handle.flush();
    } finally {
      this.handle.close();
    }
  }
}
