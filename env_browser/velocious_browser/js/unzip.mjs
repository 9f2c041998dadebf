// Reads a zip in JavaScript while WebAssembly compiles: importing Python's zipfile would cost more than unpacking.

import { RuntimeFailure } from './failure.mjs';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const STORED = 0;
const decoder = new TextDecoder();

/**
 * The files of a zip, without its directories.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {string} url  for the error message
 * @returns {Promise<{name: string, bytes: Uint8Array}[]>}
 */
export async function unzip(bytes, url) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== END_OF_DIRECTORY) end--;
  if (end < 0) throw new RuntimeFailure('boot_failed', `${url} is not a zip file (${bytes.length} bytes) - restart the server that makes it`);
  const files = [];
  let at = view.getUint32(end + 16, true);
  for (let count = view.getUint16(end + 10, true); count > 0 && view.getUint32(at, true) === DIRECTORY_ENTRY; count--) {
    const nameLength = view.getUint16(at + 28, true);
    const name = decoder.decode(bytes.subarray(at + 46, at + 46 + nameLength));
    if (!name.endsWith('/')) files.push(readMember(view, bytes, at, name));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return Promise.all(files);
}

/**
 * @param {DataView} view
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {number} entry
 * @param {string} name
 */
async function readMember(view, bytes, entry, name) {
  const local = view.getUint32(entry + 42, true);
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const packed = bytes.subarray(start, start + view.getUint32(entry + 20, true));
  return { name, bytes: view.getUint16(entry + 10, true) === STORED ? packed : await inflate(packed) };
}

/** @param {Uint8Array<ArrayBuffer>} packed */
async function inflate(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
