// The field in which a value of a column is typed, by the kind of the column.

import { h } from './dom.mjs';
import { plain } from './format.mjs';

/** @typedef {import('../questions.mjs').Cell} Cell */
/** @typedef {import('../questions.mjs').Column} Column */
/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

const NUMBERS = new Set(['integer', 'bigint', 'float', 'decimal']);
const LONG = new Set(['text', 'json', 'binary', 'any']);

/** What a person must know to type a value of a kind. @type {Record<string, string>} */
const HINTS = {
  binary: 'pairs of hexadecimal digits',
  date: 'YYYY-MM-DD',
  datetime: 'YYYY-MM-DD HH:MM:SS, in UTC unless it says otherwise',
  json: 'JSON: text in double quotes',
  time: 'HH:MM:SS',
};

/** @param {Column} column */
export function hint(column) {
  const limit = column.limit === null ? '' : `, at most ${column.limit} characters`;
  return `${column.kind === 'any' ? column.declared || 'any type' : column.kind}${limit}${HINTS[column.kind] ? `: ${HINTS[column.kind]}` : ''}`;
}

/**
 * @param {Column} column
 * @param {Cell} cell
 * @param {Record<string, any>} attributes
 * @returns {Field}
 */
export function field(column, cell, attributes) {
  const text = plain(cell);
  if (column.kind === 'boolean') return choice(text, attributes);
  const common = { ...attributes, class: 'field mono', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false' };
  if (LONG.has(column.kind) || text.includes('\n') || text.length > 60) {
    const lines = Math.min(12, Math.max(2, text.split('\n').length, Math.ceil(text.length / 40)));
    return h('textarea', { ...common, rows: lines, value: text });
  }
  if (NUMBERS.has(column.kind)) return h('input', { ...common, inputmode: column.kind === 'integer' || column.kind === 'bigint' ? 'numeric' : 'decimal', value: text });
  if (column.kind === 'date' && /^(\d{4}-\d\d-\d\d)?$/.test(text)) return h('input', { ...common, type: 'date', value: text });
  return h('input', { ...common, value: text });
}

/** @param {string} text @param {Record<string, any>} attributes */
function choice(text, attributes) {
  const select = h('select', { ...attributes, class: 'field' }, h('option', { value: 'true' }, 'true'), h('option', { value: 'false' }, 'false'));
  select.value = text === '1' || text === 'true' ? 'true' : 'false';
  return select;
}
