// Numbers, sizes and values as people read them.

import { h } from './dom.mjs';

/** @typedef {import('../questions.mjs').Cell} Cell */

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'];
const NUMBERS = new Set(['integer', 'bigint', 'float', 'decimal']);

/** @param {number} size @returns {string} */
export function bytes(size) {
  let value = size;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toPrecision(value < 100 ? 2 : 3)} ${UNITS[unit]}`;
}

/** @param {number} number @param {string} noun */
export function count(number, noun) {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

/** @param {number} milliseconds */
export function duration(milliseconds) {
  return milliseconds < 1000 ? `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** @param {number} time  milliseconds since 1970 */
export function clock(time) {
  return new Date(time).toLocaleTimeString('en-GB', { hour12: false }) + `.${String(time % 1000).padStart(3, '0')}`;
}

/** What a cell says, for the clipboard and for a field. @param {Cell} cell @returns {string} */
export function plain(cell) {
  if (cell === null) return '';
  if (typeof cell !== 'object') return String(cell);
  return cell.type === 'bytes' ? cell.hex : cell.text;
}

/**
 * How a cell looks in a table.
 * @param {Cell} cell
 * @param {string} [kind]  of its column
 * @returns {Node | string}
 */
export function shown(cell, kind) {
  if (cell === null) return h('span', { class: 'null' }, 'NULL');
  if (kind === 'boolean' && (cell === 0 || cell === 1)) return h('span', { class: cell ? 'yes' : 'no' }, cell ? 'true' : 'false');
  if (typeof cell !== 'object') return cell === '' ? h('span', { class: 'null' }, 'empty') : String(cell);
  if (cell.type === 'bytes') return h('span', { class: 'mono' }, `${cell.hex.slice(0, 24)}${cell.hex.length > 24 ? '…' : ''} `, h('span', { class: 'soft' }, bytes(cell.size)));
  if (cell.type === 'text') return h('span', {}, `${cell.text}… `, h('span', { class: 'soft' }, `${cell.size.toLocaleString('en')} characters`));
  return cell.text;
}

/** @param {Cell} cell @param {string} [kind] */
export function isNumber(cell, kind) {
  if (kind !== undefined && kind !== 'any') return NUMBERS.has(kind);
  return typeof cell === 'number' || (typeof cell === 'object' && (cell?.type === 'integer' || cell?.type === 'float'));
}
