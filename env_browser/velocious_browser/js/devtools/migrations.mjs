// Which migrations have run; runs and undoes them.

import { button, fill, h } from './dom.mjs';
import { failure } from './tools.mjs';

/** @typedef {import('../questions.mjs').Migration} Migration */
/** @typedef {import('./tools.mjs').Tools} Tools */

const WORDS = { up: 'has run', down: 'pending', missing: 'file is gone', interrupted: 'interrupted' };

export class Migrations {
  element = h('div', { class: 'sheet' });
  #tools;
  #content = h('div', { class: 'stack' });
  #output = h('div', {});

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
    this.element.append(this.#content, this.#output);
  }

  async show() {
    try {
      /** @type {Migration[]} */
      const migrations = await this.#tools.ask('migrations');
      this.#show(migrations);
    } catch (error) {
      fill(this.#content, failure(error));
    }
  }

  /** @param {Migration[]} migrations */
  #show(migrations) {
    const pending = migrations.filter(({ state }) => state === 'down').length;
    const several = new Set(migrations.map(({ database }) => database)).size > 1;
    const newest = migrations.find(({ state }) => state === 'up');
    fill(this.#content,
      h('div', { class: 'line' }, h('p', { class: 'grow soft' }, pending === 0 ? 'The database is up to date.' : `${pending} of ${migrations.length} have not run.`),
        button('up', 'Undo the newest', () => this.#undo(newest, 'db:rollback'), { disabled: !newest }),
        button('down', 'Migrate', () => this.#run('db:migrate'), { class: 'button primary', disabled: pending === 0 })),
      migrations.length === 0
        ? h('div', { class: 'nothing' }, h('p', {}, 'This application has no migrations, or does not list them: '), h('code', {}, 'browser=["app/db/migrations", …]'))
        : h('ul', { class: 'migrations' }, ...migrations.map((migration) => this.#entry(migration, several))));
  }

  /** @param {Migration} migration @param {boolean} several  databases */
  #entry(migration, several) {
    const { version, name, state, applied_at: appliedAt, edited, out_of_order: outOfOrder } = migration;
    const notes = [several && migration.database, appliedAt && `ran ${new Date(appliedAt).toLocaleString()}`, edited && 'edited since it ran', outOfOrder && 'older than one that has run'].filter(Boolean);
    return h('li', {}, h('span', { class: `state ${state}` }, WORDS[state]),
      h('span', { class: 'grow' }, h('strong', {}, name.replaceAll('_', ' ')), h('small', { class: 'soft' }, [version, ...notes].join(' · '))),
      state === 'up' && button(null, 'Undo', () => this.#undo(migration, 'db:migrate:down', version), { class: 'button small', 'aria-label': `Undo ${name}` }),
      state === 'down' && button(null, 'Run', () => this.#run('db:migrate:up', version), { class: 'button small', 'aria-label': `Run ${name}` }));
  }

  /** @param {Migration | undefined} migration @param {...string} words */
  async #undo(migration, ...words) {
    const agreed = await this.#tools.confirm({
      title: `Undo ${migration?.name.replaceAll('_', ' ')}?`,
      text: [h('p', {}, 'What it made is removed, with the data in it. Storage saves a copy of the database first, if you want one.')],
      action: 'Undo it',
    });
    if (agreed) await this.#run(...words);
  }

  /** @param {...string} words */
  async #run(...words) {
    await this.#tools.attempt(async () => {
      const { output, exitCode } = await this.#tools.run(...words);
      fill(this.#output, h('h3', {}, words.join(' ')), h('pre', { class: exitCode === 0 ? 'code' : 'code bad', tabindex: '0' }, output.trimEnd()));
    });
    await this.show();
  }
}
