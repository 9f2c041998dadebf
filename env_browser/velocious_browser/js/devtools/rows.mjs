// The rows of a table: pages, order, filters, editing in place, adding, deleting.

import { editCell } from './cell_editor.mjs';
import { button, fill, h, icon, iconButton } from './dom.mjs';
import { Filters } from './filters.mjs';
import { count, duration, isNumber, plain, shown } from './format.mjs';
import { addRow } from './row_form.mjs';
import { failure } from './tools.mjs';

/** @typedef {import('../questions.mjs').Page} Page */
/** @typedef {import('../questions.mjs').Row} Row */
/** @typedef {import('../questions.mjs').Table} Table */
/** @typedef {import('./tools.mjs').Tools} Tools */

const SIZES = [25, 50, 100, 500];
/** @type {Record<string, [number, number]>} rows and columns to go, by key */
const STEPS = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-15, 0], PageDown: [15, 0], Home: [0, -1e6], End: [0, 1e6],
};

export class Rows {
  element = h('div', { class: 'rows' });
  filters;
  #tools;
  #database;
  #table;
  #grid = h('div', { class: 'grid', tabindex: '-1' });
  #status = h('span', { class: 'soft numbers', role: 'status' });
  #pager = h('nav', { class: 'pager', 'aria-label': 'Pages of rows' });
  #removal = button('remove', 'Delete', () => this.#remove(), { class: 'button danger', hidden: true });
  /** @type {Page} */
  #page = { columns: [], rows: [], count: 0, milliseconds: 0 };
  #sort = /** @type {string | null} */ (null);
  #descending = false;
  #limit = 50;
  #offset = 0;
  #selected = /** @type {Set<string>} */ (new Set());
  #at = [0, 0];
  #asked = 0;
  #editing = false;

  /** @param {Tools} tools @param {string} database @param {Table} table */
  constructor(tools, database, table) {
    this.#tools = tools;
    this.#database = database;
    this.#table = table;
    this.filters = new Filters(table.columns, () => { this.#offset = 0; this.load(); });
    this.element.append(
      h('div', { class: 'toolbar' }, this.filters.element, h('div', { class: 'line' }, this.#removal,
        table.editable ? button('add', 'Add a row', () => this.#add()) : h('span', { class: 'soft small' }, 'read-only: no primary key'),
        iconButton('refresh', 'Load again', () => { this.load(); }))),
      this.#grid, h('div', { class: 'foot' }, this.#status, this.#pager));
    this.#grid.addEventListener('keydown', (event) => this.#key(event));
    this.#grid.addEventListener('dblclick', (event) => this.#edit(cellOf(event)));
    this.#grid.addEventListener('focusin', (event) => this.#stand(cellOf(event)));
  }

  async load() {
    if (this.#editing) return;
    const asked = ++this.#asked;
    try {
      /** @type {Page} */
      const page = await this.#tools.ask('rows', {
        database: this.#database, table: this.#table.name, filters: this.filters.value, sort: this.#sort, descending: this.#descending, limit: this.#limit, offset: this.#offset,
      });
      // a later question may have been answered first
      if (asked !== this.#asked) return;
      if (page.rows.length === 0 && page.count > 0 && this.#offset > 0) {
        this.#offset = Math.floor((page.count - 1) / this.#limit) * this.#limit;
        await this.load();
        return;
      }
      this.#page = page;
      this.#show();
    } catch (error) {
      if (asked === this.#asked) fill(this.#grid, failure(error));
    }
  }

  #show() {
    const { columns, rows, milliseconds } = this.#page;
    const isFocused = this.#grid.contains(this.#tools.root.activeElement);
    const keys = new Set(rows.map(({ key }) => key));
    this.#selected = new Set([...this.#selected].filter((key) => keys.has(key)));
    this.#at = [Math.min(this.#at[0], Math.max(0, rows.length - 1)), Math.min(this.#at[1], columns.length - 1)];
    const table = h('table', {
      role: 'grid', 'aria-label': `Rows of ${this.#table.name}`, 'aria-rowcount': this.#page.count + 1, 'aria-colcount': columns.length, 'aria-readonly': String(!this.#table.editable),
    }, this.#head(), h('tbody', {}, ...rows.map((row, place) => this.#row(row, place))));
    fill(this.#grid, table, rows.length === 0 && this.#nothing());
    const first = this.#offset + 1;
    this.#status.textContent = rows.length === 0 ? `0 of ${count(this.#page.count, 'row')}`
      : `${first.toLocaleString('en')}–${(this.#offset + rows.length).toLocaleString('en')} of ${count(this.#page.count, 'row')} · ${duration(milliseconds)}`;
    this.#showPager();
    this.#showSelection();
    if (isFocused) this.#cell(...this.#place())?.focus();
  }

  #nothing() {
    const filtered = this.filters.value.length > 0;
    return h('div', { class: 'nothing' }, h('p', {}, filtered ? 'No row fits.' : 'This table is empty.'),
      filtered && button(null, 'Show all rows', () => { this.filters.clear(); this.load(); }));
  }

  #head() {
    const all = h('input', { type: 'checkbox', 'aria-label': 'Select all rows of this page', onchange: () => this.#selectAll(all.checked) });
    return h('thead', {}, h('tr', {}, this.#table.editable && h('th', { class: 'choice' }, all), ...this.#table.columns.map((column) => {
      const sorted = this.#sort === column.name;
      const direction = sorted ? (this.#descending ? 'descending' : 'ascending') : 'none';
      return h('th', { scope: 'col', 'aria-sort': direction }, h('button', { type: 'button', class: 'sort', title: `${column.declared || column.kind} – sort by it`, onclick: () => this.#sortBy(column.name) },
        column.primary_key && icon('key'), column.name, h('span', { class: 'kind' }, column.kind), sorted && icon(this.#descending ? 'down' : 'up')));
    })));
  }

  /** @param {Row} row @param {number} place */
  #row(row, place) {
    const { key } = row;
    const isSelected = key !== null && this.#selected.has(key);
    return h('tr', { 'aria-rowindex': this.#offset + place + 2, 'aria-selected': this.#table.editable ? String(isSelected) : null },
      this.#table.editable && h('td', { class: 'choice' }, h('input', {
        type: 'checkbox', checked: isSelected, 'aria-label': `Select row ${this.#offset + place + 1}`, tabindex: '-1', onchange: () => this.#select(place),
      })),
      ...row.cells.map((cell, column) => {
        const { kind } = this.#table.columns[column];
        return h('td', {
          role: 'gridcell', 'data-row': place, 'data-column': column, tabindex: place === this.#at[0] && column === this.#at[1] ? '0' : '-1', class: isNumber(cell, kind) ? 'number' : null,
        }, shown(cell, kind));
      }));
  }

  #showPager() {
    const last = Math.max(0, Math.ceil(this.#page.count / this.#limit) - 1) * this.#limit;
    const go = (/** @type {number} */ offset) => { this.#offset = Math.max(0, Math.min(offset, last)); this.#grid.scrollTop = 0; this.load(); };
    const size = h('select', { class: 'field small', 'aria-label': 'Rows of a page', onchange: () => { this.#limit = Number(size.value); go(0); } }, ...SIZES.map((one) => h('option', { value: one }, `${one} rows`)));
    size.value = String(this.#limit);
    fill(this.#pager, size,
      iconButton('back', 'Page before', () => go(this.#offset - this.#limit), { disabled: this.#offset === 0 }),
      h('span', { class: 'numbers' }, `${this.#offset / this.#limit + 1} / ${last / this.#limit + 1}`),
      iconButton('forward', 'Next page', () => go(this.#offset + this.#limit), { disabled: this.#offset >= last }));
  }

  /** @param {string} name */
  #sortBy(name) {
    if (this.#sort !== name) [this.#sort, this.#descending] = [name, false];
    else if (!this.#descending) this.#descending = true;
    else [this.#sort, this.#descending] = [null, false];
    this.#offset = 0;
    this.load();
  }

  // Moving

  /** @returns {[number, number]} */
  #place() {
    return [this.#at[0], this.#at[1]];
  }

  /** @param {number} row @param {number} column @returns {HTMLElement | null} */
  #cell(row, column) {
    return this.#grid.querySelector(`[data-row="${row}"][data-column="${column}"]`);
  }

  /** @param {HTMLElement | null} cell */
  #stand(cell) {
    if (!cell) return;
    this.#cell(...this.#place())?.setAttribute('tabindex', '-1');
    this.#at = [Number(cell.dataset.row), Number(cell.dataset.column)];
    cell.setAttribute('tabindex', '0');
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const cell = cellOf(event);
    if (!cell) return;
    const { key } = event;
    const together = event.ctrlKey || event.metaKey;
    if (key in STEPS && !together) this.#go(STEPS[key]);
    else if (key === 'Enter' || key === 'F2') this.#edit(cell);
    else if (key === ' ') this.#select(this.#at[0]);
    else if (key === 'Delete') this.#remove();
    else if (together && key === 'z') this.#tools.undo();
    else if (together && key === 'c' && !String(getSelection())) this.#copy();
    else return;
    event.preventDefault();
  }

  /** @param {[number, number]} step */
  #go([down, right]) {
    const row = Math.min(Math.max(this.#at[0] + down, 0), this.#page.rows.length - 1);
    const column = Math.min(Math.max(this.#at[1] + right, 0), this.#page.columns.length - 1);
    this.#cell(row, column)?.focus();
  }

  async #copy() {
    const [row, column] = this.#at;
    const cell = this.#page.rows[row].cells[column];
    await this.#tools.attempt(async () => {
      await navigator.clipboard.writeText(plain(await this.#whole(row, column) ?? cell));
      this.#tools.say('Copied.');
    });
  }

  // Selection

  /** @param {number} place */
  #select(place) {
    const { key } = this.#page.rows[place];
    if (key === null) return;
    if (!this.#selected.delete(key)) this.#selected.add(key);
    this.#showSelection();
  }

  /** @param {boolean} checked */
  #selectAll(checked) {
    this.#selected = new Set(checked ? this.#page.rows.flatMap(({ key }) => (key === null ? [] : [key])) : []);
    this.#showSelection();
  }

  #showSelection() {
    const rows = [...this.#grid.querySelectorAll('tbody tr')];
    for (const [place, row] of rows.entries()) {
      const { key } = this.#page.rows[place];
      const isSelected = key !== null && this.#selected.has(key);
      if (this.#table.editable) row.setAttribute('aria-selected', String(isSelected));
      const box = row.querySelector('input');
      if (box) box.checked = isSelected;
    }
    const all = /** @type {HTMLInputElement | null} */ (this.#grid.querySelector('thead input'));
    if (all) [all.checked, all.indeterminate] = [this.#selected.size > 0 && this.#selected.size === rows.length, this.#selected.size > 0 && this.#selected.size < rows.length];
    this.#removal.hidden = this.#selected.size === 0;
    const label = this.#removal.querySelector('span');
    if (label) label.textContent = `Delete ${count(this.#selected.size, 'row')}`;
  }

  // Changes

  /** The whole value: the table shows the beginning of a long one. @param {number} row @param {number} column */
  async #whole(row, column) {
    const { key, cells } = this.#page.rows[row];
    const cell = cells[column];
    if (key === null || cell === null || typeof cell !== 'object') return cell;
    return (await this.#tools.ask('value', { ...this.#where(), key, column: this.#page.columns[column] })).value;
  }

  #where() {
    return { database: this.#database, table: this.#table.name };
  }

  /** @param {HTMLElement | null} cell */
  async #edit(cell) {
    if (!cell || this.#editing) return;
    const [row, place] = [Number(cell.dataset.row), Number(cell.dataset.column)];
    const column = this.#table.columns[place];
    const { key } = this.#page.rows[row];
    if (!this.#table.editable || column.generated || key === null) {
      this.#tools.say(column.generated ? `The database computes ${column.name} itself.` : `${this.#table.name} has no primary key, so its rows cannot be edited here.`);
      return;
    }
    await this.#tools.attempt(async () => {
      const value = await this.#whole(row, place);
      this.#editing = true;
      editCell(this.#grid, cell, column, value, async (text) => {
        const { row: now, undo } = await this.#tools.ask('update', { ...this.#where(), key, values: { [column.name]: text } });
        this.#page.rows[row] = now;
        this.#tools.say(`Changed ${column.name}.`, { undo });
      }, () => {
        this.#editing = false;
        this.#show();
        this.#cell(row, place)?.focus();
      });
    });
  }

  #add() {
    addRow(this.#tools, this.#table, async (values) => {
      const { undo } = await this.#tools.ask('insert', { ...this.#where(), values });
      this.#tools.say(`Added a row to ${this.#table.name}.`, { undo });
      this.#tools.changed();
    });
  }

  #remove() {
    const here = this.#page.rows[this.#at[0]]?.key;
    const keys = this.#selected.size > 0 ? [...this.#selected] : (here ? [here] : []);
    if (keys.length === 0 || !this.#table.editable) return;
    this.#tools.attempt(async () => {
      const where = this.#where();
      /** @type {{table: string, happens: string, rows: number}[]} */
      const following = await this.#tools.ask('dependents', { ...where, keys });
      const agreed = await this.#tools.confirm({
        title: `Delete ${count(keys.length, 'row')} of ${this.#table.name}?`,
        text: following.length === 0 ? [h('p', {}, 'It can be taken back until this page is closed.')] : [
          h('p', {}, 'Other tables point at it. With it:'),
          h('ul', {}, ...following.map(({ table, happens, rows }) => h('li', {}, `${count(rows, 'row')} of ${table} ${rows === 1 ? 'is' : 'are'} ${happens}`))),
          h('p', {}, h('strong', {}, 'It cannot be taken back.')),
        ],
        action: 'Delete',
      });
      if (!agreed) return;
      const { deleted, undo } = await this.#tools.ask('delete', { ...where, keys });
      this.#selected.clear();
      this.#tools.say(`Deleted ${count(deleted, 'row')} of ${this.#table.name}.`, { undo });
      this.#tools.changed();
    });
  }
}

/** @param {Event} event @returns {HTMLElement | null} */
function cellOf(event) {
  return event.target instanceof Element ? event.target.closest('[data-column]') : null;
}
