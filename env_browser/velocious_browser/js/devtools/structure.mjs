// What a table is made of.

import { describe } from '../failure.mjs';
import { h } from './dom.mjs';
import { bytes } from './format.mjs';

/** @typedef {import('../questions.mjs').Column} Column */
/** @typedef {import('../questions.mjs').Table} Table */

/**
 * @param {Table} table
 * @param {(name: string) => void} open  shows another table
 * @param {Promise<number>} size  bytes of its values
 */
export function structure(table, open, size) {
  const sum = h('p', { class: 'soft numbers' });
  size.then((value) => { sum.textContent = `Its values have ${bytes(value)}; pages and indexes come on top.`; }, (error) => { sum.textContent = describe(error).message; });
  return h('div', { class: 'structure' }, sum,
    section('Columns', list(['Column', 'Kind', 'Declared as', 'NULL', 'Default', ''], table.columns.map((column) => [
      h('strong', {}, column.name), h('span', { class: 'kind' }, column.kind), h('code', {}, column.declared), column.null ? 'yes' : 'no',
      column.default === null ? '' : h('code', {}, column.default), marks(column),
    ]))),
    table.indexes.length > 0 && section('Indexes', list(['Index', 'Columns', ''], table.indexes.map((index) => [
      index.name, index.columns.join(', ') || 'an expression', [index.unique && 'unique', index.where && `where ${index.where}`].filter(Boolean).join(', '),
    ]))),
    table.foreign_keys.length > 0 && section('Foreign keys', list(['Columns', 'Point at', 'When that is deleted'], table.foreign_keys.map((key) => [
      key.columns.join(', '),
      h('span', {}, h('button', { type: 'button', class: 'link', onclick: () => open(key.to_table) }, key.to_table), ` (${key.to_columns.join(', ')})`),
      key.on_delete.toLowerCase(),
    ]))),
    section('SQL', h('pre', { class: 'code', tabindex: '0' }, table.sql.map((sql) => `${sql};`).join('\n\n'))));
}

/** @param {string} title @param {Node} content */
function section(title, content) {
  return h('section', {}, h('h3', {}, title), content);
}

/** @param {string[]} heads @param {(string | Node)[][]} rows */
function list(heads, rows) {
  return h('div', { class: 'scroll' }, h('table', { class: 'list' },
    h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
    h('tbody', {}, ...rows.map((row) => h('tr', {}, ...row.map((cell) => h('td', {}, cell)))))));
}

/** @param {Column} column */
function marks(column) {
  return [column.primary_key && 'primary key', column.automatic && 'automatic', column.generated && 'generated'].filter(Boolean).join(', ');
}
