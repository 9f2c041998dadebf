// Every table of the application, and the one that was chosen.

import { fill, h, icon } from './dom.mjs';
import { bytes, count } from './format.mjs';
import { Rows } from './rows.mjs';
import { structure } from './structure.mjs';
import { failure } from './tools.mjs';

/** @typedef {import('../questions.mjs').DatabaseSummary} DatabaseSummary */
/** @typedef {import('../questions.mjs').Table} Table */
/** @typedef {import('../questions.mjs').TableSummary} TableSummary */
/** @typedef {import('./tools.mjs').Tools} Tools */

export class Tables {
  element = h('div', { class: 'tables' });
  #tools;
  #list = h('nav', { class: 'table-list', 'aria-label': 'Tables' });
  #main = h('div', { class: 'table-main' });
  /** @type {DatabaseSummary[]} */
  #databases = [];
  /** @type {{database: string, table: string} | null} */
  #chosen = null;
  /** @type {Rows | null} */
  #rows = null;
  #part = 'rows';

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
    this.element.append(this.#list, this.#main);
  }

  async show() {
    try {
      this.#databases = await this.#tools.ask('databases');
    } catch (error) {
      fill(this.#main, failure(error));
      return;
    }
    const known = this.#chosen && this.#databases.some(({ name, tables }) => name === this.#chosen?.database && tables.some((table) => table.name === this.#chosen?.table));
    if (known) {
      this.#showList();
      await this.#rows?.load();
      return;
    }
    const first = this.#databases.flatMap(({ name, tables }) => tables.filter((table) => !isOurs(table)).map((table) => ({ database: name, table: table.name })))[0];
    this.#chosen = null;
    this.#showList();
    if (first) await this.open(first.database, first.table);
    else this.#showNothing();
  }

  /** @param {string} database @param {string} name */
  async open(database, name) {
    this.#chosen = { database, table: name };
    this.#showList();
    try {
      /** @type {Table} */
      const table = await this.#tools.ask('table', { database, table: name });
      if (this.#chosen.table !== name) return;
      this.#rows = new Rows(this.#tools, database, table);
      this.#showTable(table);
      await this.#rows.load();
    } catch (error) {
      fill(this.#main, failure(error));
    }
  }

  #showNothing() {
    fill(this.#main, h('div', { class: 'nothing' }, icon('database'), h('h2', {}, 'No tables yet'), h('p', {}, 'Migrations make them: run db:migrate.'),
      h('button', { type: 'button', class: 'button primary', onclick: () => this.#tools.attempt(async () => {
        const { output, exitCode } = await this.#tools.run('db:migrate');
        if (exitCode !== 0) this.#tools.say(output, { bad: true });
      }) }, 'Run db:migrate')));
  }

  #showList() {
    const several = this.#databases.length > 1;
    const select = h('select', { class: 'field table-select', 'aria-label': 'Table', onchange: () => {
      const [database, table] = JSON.parse(select.value);
      this.open(database, table);
    } }, ...this.#databases.flatMap(({ name, tables }) => tables.map((table) => h('option', { value: JSON.stringify([name, table.name]) }, several ? `${name}: ${table.name}` : table.name))));
    if (this.#chosen) select.value = JSON.stringify([this.#chosen.database, this.#chosen.table]);
    fill(this.#list, select, ...this.#databases.map(({ name, tables, read_only: readOnly, bytes: size }) => h('section', {},
      h('h3', {}, several ? name : 'Tables', readOnly && h('span', { class: 'tag' }, 'read-only'), h('span', { class: 'numbers' }, bytes(size))),
      h('ul', {}, ...[...tables].sort((one, other) => Number(isOurs(one)) - Number(isOurs(other))).map((table) => h('li', {}, this.#entry(name, table)))))));
  }

  /** @param {string} database @param {TableSummary} table */
  #entry(database, table) {
    const isChosen = this.#chosen?.database === database && this.#chosen.table === table.name;
    return h('button', {
      type: 'button', class: isOurs(table) ? 'entry-button soft' : 'entry-button', 'aria-current': isChosen ? 'true' : null, onclick: () => this.open(database, table.name),
      title: `${count(table.rows, 'row')}${table.bytes === null ? '' : `, ${bytes(table.bytes)} with its indexes`}`,
    }, h('span', { class: 'name' }, table.name, table.kind === 'view' && h('span', { class: 'tag' }, 'view')),
    h('span', { class: 'numbers soft' }, table.rows.toLocaleString('en'), table.bytes !== null && h('small', {}, bytes(table.bytes))));
  }

  /** @param {Table} table */
  #showTable(table) {
    const database = this.#chosen?.database ?? 'default';
    const content = h('div', { class: 'table-content' });
    const parts = { rows: () => this.#rows?.element ?? '', structure: () => structure(table, (name) => this.open(database, name), this.#tools.ask('size', { database, table: table.name })) };
    const choose = (/** @type {"rows" | "structure"} */ part) => {
      this.#part = part;
      for (const one of choices) one.setAttribute('aria-pressed', String(one.dataset.part === part));
      fill(content, parts[part]());
    };
    const choices = /** @type {const} */ (['rows', 'structure']).map((part) => h('button', { type: 'button', 'data-part': part, onclick: () => choose(part) }, part === 'rows' ? 'Rows' : 'Structure'));
    fill(this.#main, h('header', { class: 'table-head' }, h('h2', {}, table.name), h('div', { class: 'segments', role: 'group', 'aria-label': 'What to show' }, ...choices)), content);
    choose(this.#part === 'structure' ? 'structure' : 'rows');
  }
}

/** Velocious keeps its own books in some tables: they come last. @param {TableSummary} table */
function isOurs(table) {
  return table.name.startsWith('velocious_') || table.name.startsWith('schema_migrations');
}
