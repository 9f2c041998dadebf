// Statements of SQL: their rows, what they changed, their plan.

import { button, fill, h } from './dom.mjs';
import { History } from './history.mjs';
import { showOutcome, showPlan } from './results.mjs';
import { failure } from './tools.mjs';

/** @typedef {import('../questions.mjs').DatabaseSummary} DatabaseSummary */
/** @typedef {import('./tools.mjs').Tools} Tools */

const SHOWN = 1000;

export class Sql {
  element;
  #tools;
  #result = h('div', { class: 'result' }, h('p', { class: 'soft' }, 'Rows appear here. What a statement changes is stored at once.'));
  #statement = h('textarea', { class: 'field code', rows: '6', 'aria-label': 'SQL statement', spellcheck: 'false', autocapitalize: 'off', placeholder: 'SELECT * FROM …' });
  #database = h('select', { class: 'field', 'aria-label': 'Database' });
  #history = new History('sql');

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
    this.#history.serve(this.#statement);
    this.#statement.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#run();
    });
    const form = h('form', { class: 'stack', onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); this.#run(); } }, this.#statement,
      h('div', { class: 'line' }, h('span', { class: 'soft small grow' }, h('kbd', {}, 'Ctrl'), ' ', h('kbd', {}, 'Enter'), ' runs it, ', h('kbd', {}, 'Ctrl'), ' ', h('kbd', {}, '↑'), ' brings the one before'),
        this.#database, button(null, 'Explain', () => this.#explain()), h('button', { class: 'button primary' }, 'Run')));
    this.element = h('div', { class: 'sheet' }, form, this.#result);
  }

  async show() {
    await this.#tools.attempt(async () => {
      /** @type {DatabaseSummary[]} */
      const databases = await this.#tools.ask('databases');
      const chosen = this.#database.value || 'default';
      fill(this.#database, ...databases.map(({ name }) => h('option', {}, name)));
      this.#database.value = chosen;
      this.#database.hidden = databases.length < 2;
      const table = databases[0]?.tables.find(({ kind }) => kind === 'table')?.name;
      if (table) this.#statement.placeholder = `SELECT * FROM ${table} LIMIT 10`;
    });
  }

  get #text() {
    // an untouched field runs its example
    if (!this.#statement.value.trim()) this.#statement.value = this.#statement.placeholder;
    return this.#statement.value;
  }

  async #run() {
    const sql = this.#text;
    this.#history.add(sql);
    try {
      const outcome = await this.#tools.ask('sql', { sql, database: this.#database.value, limit: SHOWN });
      showOutcome(this.#result, outcome);
      if (!outcome.reads) this.#tools.changed();
    } catch (error) {
      fill(this.#result, failure(error));
    }
  }

  async #explain() {
    try {
      showPlan(this.#result, await this.#tools.ask('explain', { sql: this.#text, database: this.#database.value }));
    } catch (error) {
      fill(this.#result, failure(error));
    }
  }
}
