// The pool as an Emscripten file system: Python sees an ordinary directory.
//
// Directories exist while a file is in them or, in memory, after mkdir. Renaming a directory answers EXDEV,
// which makes shutil.move copy; dates are those of this session.

import { fits } from './header.mjs';

/** @typedef {import('./pool.mjs').Pool | typeof import('./closed.mjs').CLOSED} Pool */
/** @typedef {import('./slot.mjs').Slot} Slot */

const ERRNO = { EINVAL: 28, EIO: 29, ENAMETOOLONG: 37, ENOENT: 44, ENOSPC: 51, ENOTEMPTY: 55, EPERM: 63, EROFS: 69, EXDEV: 75 };
const DIRECTORY_MODE = 0o040777;
const FILE_MODE = 0o100666;
const DEVICE = 0x5645;
const BLOCK = 4096;
const SEEK_CUR = 1;
const SEEK_END = 2;
const MAP_PRIVATE = 2;

/**
 * @param {any} FS  Emscripten's file system
 * @param {Pool} pool
 * @returns {{mount: (mount: any) => any}}
 */
export function createFileSystem(FS, pool) {
  const fail = (/** @type {number} */ errno) => new FS.ErrnoError(errno);
  const missing = fail(ERRNO.ENOENT);
  missing.stack = '';
  let lastInode = 0x10000;
  let unflushed = false;
  const refuse = () => {
    unflushed = false;
    pool.note(true);
  };

  /** @template T @param {() => T} work @returns {T} */
  const guarded = (work) => {
    try {
      return work();
    } catch (error) {
      if (error instanceof FS.ErrnoError) throw error;
      if (/** @type {Error} */ (error).name !== 'QuotaExceededError') throw fail(ERRNO.EIO);
      refuse();
      throw fail(ERRNO.ENOSPC);
    }
  };

  const pathOf = (/** @type {any} */ node) => {
    const names = [];
    for (let current = node; current !== current.parent && current.mount.root !== current; current = current.parent) names.unshift(current.name);
    return `/${names.join('/')}`;
  };
  const prefixOf = (/** @type {any} */ node) => {
    const path = pathOf(node);
    return path === '/' ? path : `${path}/`;
  };
  const holdsFiles = (/** @type {string} */ prefix) => {
    for (const path of pool.files.keys()) if (path.startsWith(prefix)) return true;
    return false;
  };

  const createNode = (/** @type {any} */ parent, /** @type {string} */ name, /** @type {number} */ mode, /** @type {Slot | null} */ slot = null) => {
    const node = FS.createNode(parent, name, mode, 0);
    node.inode = lastInode++;
    node.atime = node.mtime = node.ctime = slot ? slot.modified : Date.now();
    node.slot = slot;
    node.directories = slot ? null : new Set();
    node.node_ops = slot ? fileOperations : directoryOperations;
    node.stream_ops = slot ? streamOperations : directoryStreamOperations;
    return node;
  };

  const getattr = (/** @type {any} */ node) => {
    const size = node.slot ? node.slot.size : BLOCK;
    const modified = new Date(node.slot ? Math.max(node.slot.modified, node.mtime) : node.mtime);
    return {
      dev: DEVICE, ino: node.inode, mode: node.mode, nlink: 1, uid: 0, gid: 0, rdev: 0, size,
      atime: new Date(node.atime), mtime: modified, ctime: modified, blksize: BLOCK, blocks: Math.ceil(size / 512),
    };
  };
  const setattr = (/** @type {any} */ node, /** @type {any} */ attributes) => {
    for (const key of ['mode', 'atime', 'mtime', 'ctime']) if (attributes[key] != null) node[key] = attributes[key];
    if (attributes.size !== undefined && node.slot && node.slot.size !== attributes.size) guarded(() => node.slot.truncate(attributes.size));
  };

  const fileOperations = { getattr, setattr };

  const directoryOperations = {
    getattr,
    setattr,
    lookup(/** @type {any} */ parent, /** @type {string} */ name) {
      const path = prefixOf(parent) + name;
      const slot = pool.files.get(path);
      if (slot) return createNode(parent, name, FILE_MODE, slot);
      if (parent.directories.has(name) || holdsFiles(`${path}/`)) return createNode(parent, name, DIRECTORY_MODE);
      throw missing;
    },
    mknod(/** @type {any} */ parent, /** @type {string} */ name, /** @type {number} */ mode) {
      const path = prefixOf(parent) + name;
      if (FS.isDir(mode)) {
        parent.directories.add(name);
        return createNode(parent, name, mode);
      }
      if (!FS.isFile(mode)) throw fail(ERRNO.EPERM);
      if (!fits(path)) throw fail(ERRNO.ENAMETOOLONG);
      // another tab has the files
      if ('isClosed' in pool) throw fail(ERRNO.EROFS);
      const slot = guarded(() => pool.create(path));
      if (!slot) throw fail(ERRNO.ENOSPC);
      return createNode(parent, name, mode, slot);
    },
    rename(/** @type {any} */ node, /** @type {any} */ parent, /** @type {string} */ name) {
      if (FS.isDir(node.mode)) throw fail(ERRNO.EXDEV);
      const target = prefixOf(parent) + name;
      if (!fits(target)) throw fail(ERRNO.ENAMETOOLONG);
      const replaced = pool.files.has(target) ? FS.lookupNode(parent, name) : null;
      guarded(() => pool.rename(pathOf(node), target));
      if (replaced) FS.hashRemoveNode(replaced);
      node.name = name;
      node.parent = parent;
    },
    unlink(/** @type {any} */ parent, /** @type {string} */ name) {
      guarded(() => pool.unlink(prefixOf(parent) + name));
    },
    rmdir(/** @type {any} */ parent, /** @type {string} */ name) {
      const node = FS.lookupNode(parent, name);
      if (node.directories.size > 0 || holdsFiles(`${prefixOf(parent)}${name}/`)) throw fail(ERRNO.ENOTEMPTY);
      parent.directories.delete(name);
    },
    readdir(/** @type {any} */ node) {
      const prefix = prefixOf(node);
      const names = new Set(['.', '..', ...node.directories]);
      for (const path of pool.files.keys()) if (path.startsWith(prefix)) names.add(path.slice(prefix.length).split('/')[0]);
      return [...names];
    },
  };

  const directoryStreamOperations = {
    // getdents asks for the position with SEEK_CUR: ignoring that, os.listdir would never end
    llseek: (/** @type {any} */ stream, /** @type {number} */ offset, /** @type {number} */ whence) => (whence === SEEK_CUR ? offset + stream.position : offset),
    // SQLite syncs the directory after creating or deleting a journal
    fsync() {
      guarded(() => pool.flushHeaders());
      return 0;
    },
  };

  const streamOperations = {
    open(/** @type {any} */ stream) {
      pool.acquire(stream.node.slot);
    },
    dup(/** @type {any} */ stream) {
      pool.acquire(stream.node.slot);
    },
    close(/** @type {any} */ stream) {
      guarded(() => pool.release(stream.node.slot));
    },
    read(/** @type {any} */ stream, /** @type {Uint8Array} */ buffer, /** @type {number} */ offset, /** @type {number} */ length, /** @type {number} */ position) {
      const { slot } = stream.node;
      const available = Math.min(length, slot.size - position);
      if (available <= 0) return 0;
      pool.statistics.reads++;
      return guarded(() => slot.read(buffer.subarray(offset, offset + available), position));
    },
    write(/** @type {any} */ stream, /** @type {Uint8Array} */ buffer, /** @type {number} */ offset, /** @type {number} */ length, /** @type {number} */ position) {
      if (length === 0) return 0;
      pool.statistics.writes++;
      const written = guarded(() => stream.node.slot.write(buffer.subarray(offset, offset + length), position));
      if (written < length) refuse();
      else unflushed = true;
      return written;
    },
    llseek(/** @type {any} */ stream, /** @type {number} */ offset, /** @type {number} */ whence) {
      const base = whence === SEEK_CUR ? stream.position : whence === SEEK_END ? stream.node.slot.size : 0;
      if (base + offset < 0) throw fail(ERRNO.EINVAL);
      return base + offset;
    },
    fsync(/** @type {any} */ stream) {
      pool.statistics.flushes++;
      guarded(() => stream.node.slot.flush());
      pool.note(pool.refused && !unflushed);
      unflushed = false;
      return 0;
    },
    // SQLite maps the index of its write-ahead log once per file and shares that among all connections of the process:
    // with one owner, a copy in memory is a faithful shared mapping.
    mmap(/** @type {any} */ stream, /** @type {number} */ length, /** @type {number} */ position, /** @type {number} */ protection, /** @type {number} */ flags) {
      const contents = new Uint8Array(length);
      streamOperations.read(stream, contents, 0, length, position);
      const copy = { node: { mode: stream.node.mode, contents } };
      return FS.filesystems.MEMFS.stream_ops.mmap(copy, length, 0, protection, flags | MAP_PRIVATE);
    },
    msync(/** @type {any} */ stream, /** @type {Uint8Array} */ buffer, /** @type {number} */ offset, /** @type {number} */ length) {
      streamOperations.write(stream, buffer, 0, length, offset);
      return 0;
    },
  };

  return { mount: () => createNode(null, '/', DIRECTORY_MODE) };
}

/**
 * Puts the pool in the place of the one that was mounted before, whose files must be closed.
 * @param {any} FS
 * @param {Pool} pool
 * @param {string} mountPoint
 */
export function mountPool(FS, pool, mountPoint) {
  FS.mkdirTree(mountPoint);
  if (FS.lookupPath(mountPoint, { follow_mount: false }).node.mounted) FS.unmount(mountPoint);
  FS.mount(createFileSystem(FS, pool), {}, mountPoint);
}
