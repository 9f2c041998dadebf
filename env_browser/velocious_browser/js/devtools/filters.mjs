// Which rows are shown: a search in every column, and conditions on single ones.

import { button, fill, h, iconButton } from './dom.mjs';

/** @typedef {import('../questions.mjs').Column} Column */
/** @typedef {import('../questions.mjs').Filter} Filter */

const OPERATORS = ['contains', '=', '≠', '<', '≤', '>', '≥', 'is NULL', 'is not NULL'];
const WITHOUT_VALUE = new Set(['is NULL', 'is not NULL']);
/** Milliseconds without a key after which a search begins. */
const PAUSE = 180;

export class Filters {
  element = h('div', { class: 'filters', role: 'search' });
  #columns;
  #changed;
  #search;
  #conditions = h('div', { class: 'conditions' });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {Column[]} columns @param {() => void} changed */
  constructor(columns, changed) {
    this.#columns = columns;
    this.#changed = changed;
    this.#search = h('input', {
      class: 'field', type: 'search', placeholder: 'Search in all columns', 'aria-label': 'Search in all columns', spellcheck: 'false', oninput: () => this.#soon(),
    });
    this.element.append(this.#search, button('filter', 'Filter', () => this.add(), { class: 'button' }), this.#conditions);
  }

  /** @param {Column[]} columns */
  set columns(columns) {
    this.#columns = columns;
  }

  /** @returns {Filter[]} */
  get value() {
    const text = this.#search.value.trim();
    /** @type {Filter[]} */
    const filters = text ? [{ column: null, operator: 'contains', value: text }] : [];
    for (const row of this.#conditions.children) {
      const [column, operator, value] = /** @type {(HTMLSelectElement | HTMLInputElement)[]} */ ([...row.querySelectorAll('.field')]);
      if (WITHOUT_VALUE.has(operator.value) || value.value !== '') filters.push({ column: column.value, operator: operator.value, value: value.value });
    }
    return filters;
  }

  /** Adds a condition for somebody to fill in. @param {Partial<Filter>} [filter] */
  add({ column, operator = 'contains', value = '' } = {}) {
    const input = h('input', { class: 'field grow', 'aria-label': 'Value', placeholder: 'value', value, spellcheck: 'false', oninput: () => this.#soon() });
    const operators = h('select', { class: 'field', 'aria-label': 'Comparison', onchange: () => { input.hidden = WITHOUT_VALUE.has(operators.value); this.#changed(); } },
      ...OPERATORS.map((one) => h('option', {}, one)));
    operators.value = operator;
    input.hidden = WITHOUT_VALUE.has(operator);
    const columns = h('select', { class: 'field', 'aria-label': 'Column', onchange: () => this.#changed() }, ...this.#columns.map(({ name }) => h('option', {}, name)));
    if (column) columns.value = column;
    const row = h('div', { class: 'condition' }, columns, operators, input, iconButton('close', 'Remove this filter', () => { row.remove(); this.#changed(); }));
    this.#conditions.append(row);
    if (value || WITHOUT_VALUE.has(operator)) this.#changed();
    else input.focus();
  }

  clear() {
    this.#search.value = '';
    fill(this.#conditions);
  }

  focus() {
    this.#search.focus();
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#changed, PAUSE);
  }
}
