// A dialog for a new row: what is left alone gets the default of its column.

import { describe } from '../failure.mjs';
import { button, fill, h } from './dom.mjs';
import { field, hint } from './fields.mjs';

/** @typedef {import('../questions.mjs').Column} Column */
/** @typedef {import('../questions.mjs').Table} Table */
/** @typedef {import('./tools.mjs').Tools} Tools */

const NOW = new Set(['created_at', 'updated_at']);

/**
 * @param {Tools} tools
 * @param {Table} table
 * @param {(values: Record<string, string>) => Promise<void>} store
 */
export function addRow(tools, table, store) {
  const { dialog, body } = tools.dialog(`New row in ${table.name}`);
  const complaint = h('div', { class: 'complaint', role: 'alert' });
  const touched = /** @type {Set<string>} */ (new Set());
  const fields = table.columns.filter((column) => !column.generated).map((column) => entry(column, touched));
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      await store(Object.fromEntries(fields.filter(({ column }) => touched.has(column.name)).map(({ column, input }) => [column.name, input.value])));
      dialog.close();
    } catch (error) {
      fill(complaint, describe(error).message);
    }
  };
  fill(body, h('form', { class: 'row-form', onsubmit: submit }, ...fields.map(({ element }) => element), complaint,
    h('div', { class: 'dialog-end' }, button(null, 'Cancel', () => dialog.close()), h('button', { class: 'button primary' }, 'Add the row'))));
  dialog.showModal();
  (fields.find(({ column }) => !column.automatic) ?? fields[0])?.input.focus();
}

/** @param {Column} column @param {Set<string>} touched */
function entry(column, touched) {
  const otherwise = without(column);
  const input = column.kind === 'boolean' && otherwise
    ? h('select', { class: 'field' }, h('option', { value: '' }, otherwise), h('option', { value: 'true' }, 'true'), h('option', { value: 'false' }, 'false'))
    : field(column, null, { placeholder: otherwise });
  if (column.kind === 'boolean' && !otherwise) touched.add(column.name);
  const touch = () => {
    if (input instanceof HTMLSelectElement && input.value === '') touched.delete(column.name);
    else touched.add(column.name);
  };
  input.addEventListener('input', touch);
  if (column.kind === 'datetime' && NOW.has(column.name)) {
    input.value = new Date().toISOString().slice(0, 19).replace('T', ' ');
    touch();
  }
  const element = h('label', { class: 'entry' }, h('span', { class: 'entry-name' }, column.name, !otherwise && h('span', { class: 'required', title: 'needs a value' }, ' *')), input,
    h('small', { class: 'soft' }, hint(column)));
  return { column, input, element };
}

/** What a row gets that is given no value; nothing: it needs one. @param {Column} column */
function without(column) {
  if (column.automatic) return 'automatic';
  if (column.default !== null) return `default: ${column.default}`;
  return column.null ? 'NULL' : '';
}
