// The parts of a memory that hold anything: half of it is zeros, as all new memory is.

/** @typedef {[start: number, length: number][]} Pieces */

/** WebAssembly's memory comes in pages of so many bytes. */
const PAGE = 65_536;

/** Where something is. @param {Uint8Array} heap @returns {Pieces} */
export function piecesOf(heap) {
  /** @type {Pieces} */
  const pieces = [];
  for (let start = 0; start < heap.length; start += PAGE) {
    if (isEmpty(heap, start)) continue;
    const last = pieces.at(-1);
    if (last && last[0] + last[1] === start) last[1] += PAGE;
    else pieces.push([start, PAGE]);
  }
  return pieces;
}

/** What is there, one after another. @param {Uint8Array} heap @param {Pieces} pieces */
export function contentOf(heap, pieces) {
  const content = new Uint8Array(pieces.reduce((sum, [, length]) => sum + length, 0));
  let at = 0;
  for (const [start, length] of pieces) {
    content.set(heap.subarray(start, start + length), at);
    at += length;
  }
  return content;
}

/** Makes a heap what it was. @param {Uint8Array} heap @param {Pieces} pieces @param {Uint8Array} content */
export function place(heap, pieces, content) {
  let at = 0;
  let done = 0;
  for (const [start, length] of pieces) {
    // what a new one has written there on its own
    heap.fill(0, done, start);
    heap.set(content.subarray(at, at + length), start);
    at += length;
    done = start + length;
  }
  heap.fill(0, done);
}

/** @param {Uint8Array} heap @param {number} start */
function isEmpty(heap, start) {
  const words = new Float64Array(heap.buffer, heap.byteOffset + start, PAGE / 8);
  // -0 is not nothing
  return words.every((word) => Object.is(word, 0));
}
