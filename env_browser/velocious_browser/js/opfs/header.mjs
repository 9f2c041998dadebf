// The header of a slot file: which path the slot holds.
//
// Two copies lie in two different disk pages and are written in turn, so that a write that was torn
// by a power cut leaves the copy before it whole. The newest valid copy counts.

import { CONTENT, PAGE } from './layout.mjs';

const MAGIC = 0x4f4c4556; // "VELO"
const FIXED = 24;

const LONGEST_PATH = PAGE - FIXED;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** @typedef {{path: string, generation: bigint}} Header  an empty path: the slot is free */
/** @typedef {{header: Header, copy: number} | "blank" | "unreadable"} Reading */

/**
 * What of a FileSystemSyncAccessHandle is used here. Pages, which only read headers, do not know that type.
 * @typedef {object} Handle
 * @property {() => number} getSize
 * @property {(bytes: Uint8Array<ArrayBuffer>, options: {at: number}) => number} read
 * @property {(bytes: Uint8Array<ArrayBuffer>, options: {at: number}) => number} write
 */

/** @param {Uint8Array} bytes */
function checksum(bytes) {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** @param {string} path */
export function fits(path) {
  return encoder.encode(path).length <= LONGEST_PATH;
}

/**
 * @param {Handle} handle
 * @param {Header} header
 * @param {number} copy  the copy that is written: never the one that counts now
 */
export function writeHeader(handle, { path, generation }, copy) {
  const name = encoder.encode(path);
  const bytes = new Uint8Array(FIXED + name.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setBigUint64(8, generation, true);
  view.setUint32(16, name.length, true);
  bytes.set(name, FIXED);
  view.setUint32(4, checksum(bytes.subarray(8)), true);
  if (handle.write(bytes, { at: copy * PAGE }) !== bytes.length) throw new DOMException('', 'QuotaExceededError');
}

/**
 * @param {Uint8Array} page
 * @returns {Header | "blank" | "unreadable"}
 */
function parse(page) {
  if (page.every((byte) => byte === 0)) return 'blank';
  if (page.length < FIXED) return 'unreadable';
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const length = view.getUint32(16, true);
  if (view.getUint32(0, true) !== MAGIC || FIXED + length > page.length) return 'unreadable';
  if (view.getUint32(4, true) !== checksum(page.subarray(8, FIXED + length))) return 'unreadable';
  return { generation: view.getBigUint64(8, true), path: decoder.decode(page.subarray(FIXED, FIXED + length)) };
}

/**
 * The header that counts. "unreadable" when bytes may be there that nobody can name: a slot is
 * free only when that is certain.
 * @param {Handle} handle
 * @returns {Reading}
 */
export function readHeader(handle) {
  const size = handle.getSize();
  const bytes = new Uint8Array(Math.min(size, CONTENT));
  handle.read(bytes, { at: 0 });
  return parseHeader(bytes, size);
}

/**
 * @param {Uint8Array} bytes  the beginning of a slot file
 * @param {number} size  of the whole file
 * @returns {Reading}
 */
export function parseHeader(bytes, size) {
  const copies = [parse(bytes.subarray(0, PAGE)), parse(bytes.subarray(PAGE))];
  const hasContent = size > CONTENT;
  const damaged = copies.includes('unreadable');
  const newest = copies.reduce((best, copy, index) => {
    if (typeof copy === 'string') return best;
    return best && best.header.generation > copy.generation ? best : { header: copy, copy: index };
  }, /** @type {{header: Header, copy: number} | null} */ (null));
  if (!newest) return hasContent ? 'unreadable' : 'blank';
  // the damaged copy may have been the newer one, and may have named this content
  if (damaged && hasContent && newest.header.path === '') return 'unreadable';
  return newest;
}
