// How safe the data is, how much room it takes, and what this tab is to the others.

import { button, fill, h } from './dom.mjs';
import { bytes, count } from './format.mjs';

/** @typedef {import('../messages.mjs').StorageStatus} StorageStatus */
/** @typedef {import('./tools.mjs').Tools} Tools */

const MEANING = {
  durable: 'Every commit is flushed to the disk, and the browser promised not to clear it.',
  'best-effort': 'Stored on the disk, but not with every promise.',
  volatile: 'In memory only: it is gone when this tab is closed.',
};
/** @type {Record<string, string>} */
const ROLES = {
  owner: 'This tab has the database open; the others work through it.',
  standby: 'This tab works through the owner, and takes over the moment that one goes.',
  follower: 'This tab works through the owner.',
  outdated: 'This tab runs an older version than the owner: reload it.',
};

export class StorageView {
  element = h('div', { class: 'sheet cards' });
  #tools;
  #file = h('input', { type: 'file', hidden: true, accept: '.sqlite3,.sqlite,.db', onchange: () => this.#import() });

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
    roleOf(tools)?.subscribe(() => { if (this.element.isConnected) this.show(); });
  }

  async show() {
    await this.#tools.attempt(async () => {
      /** @type {StorageStatus} */
      const status = await this.#tools.app.storage.status();
      fill(this.element, this.#state(status), this.#room(status), this.#copies(), this.#tabs(), this.#files(status), this.#file);
    });
  }

  /** @param {StorageStatus} status */
  #state(status) {
    return h('section', { class: 'card' }, h('h2', {}, 'Safety'), h('p', {}, h('span', { class: `state ${status.state}` }, status.state)),
      h('p', { class: 'soft' }, MEANING[status.state]), status.state !== 'durable' && h('p', {}, `${status.reason.charAt(0).toUpperCase()}${status.reason.slice(1)}.`),
      status.advice.length > 0 && h('ul', { class: 'advice' }, ...status.advice.map((advice) => h('li', {}, ...withCode(advice)))),
      !status.persisted && h('div', {}, button(null, 'Ask the browser to keep it', () => this.#persist(), { class: 'button primary' })));
  }

  /** @param {StorageStatus} status */
  #room({ usage, quota, percent, space }) {
    return h('section', { class: 'card' }, h('h2', {}, 'Room'),
      quota ? h('meter', { min: 0, max: 100, low: 80, high: 95, optimum: 0, value: percent ?? 0, 'aria-label': 'Used of the quota' }, `${percent} %`) : null,
      h('p', { class: 'numbers' }, quota ? `${bytes(usage)} of ${bytes(quota)}, ${percent} %` : 'The browser does not say.'),
      space !== 'enough' && h('p', { class: 'bad' }, space === 'full' ? 'Full: the newest write was refused.' : 'Nearly full.'),
      h('div', {}, button(null, 'Give back the room of deleted rows', () => this.#run('db:vacuum'))));
  }

  #copies() {
    return h('section', { class: 'card' }, h('h2', {}, 'Copies'), h('p', { class: 'soft' }, 'A copy is one SQLite file, which any SQLite program opens.'),
      h('div', { class: 'line' }, button('down', 'Export', () => this.#run('db:export')), button('up', 'Import…', () => this.#file.click())));
  }

  #tabs() {
    const role = roleOf(this.#tools)?.value;
    if (!role) return null;
    return h('section', { class: 'card' }, h('h2', {}, 'Tabs'), h('p', {}, h('span', { class: `state ${role.name}` }, role.name), ` of ${count(role.tabs, 'tab')}`), h('p', { class: 'soft' }, ROLES[role.name] ?? ''));
  }

  /** @param {StorageStatus} status */
  #files({ contents, directory, files, free }) {
    return h('section', { class: 'card wide' }, h('h2', {}, 'Files'), h('p', { class: 'soft' }, `${directory ?? 'in memory'} · ${count(files, 'file')}, room for ${free} more without asking the browser`),
      contents.length > 0 && h('div', { class: 'scroll' }, h('table', { class: 'list' }, h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'File'), h('th', { scope: 'col', class: 'number' }, 'Size'))),
        h('tbody', {}, ...contents.map(({ path, size }) => h('tr', {}, h('td', {}, h('code', {}, path)), h('td', { class: 'number numbers', title: `${size.toLocaleString('en')} bytes` }, bytes(size))))))));
  }

  #persist() {
    this.#tools.attempt(async () => {
      const { persisted } = await this.#tools.app.storage.persist();
      this.#tools.say(persisted ? 'The browser promised to keep this site’s data.' : 'The browser did not promise it. Most do once the page is bookmarked, installed or used often.');
      await this.show();
    });
  }

  /** @param {...string} words */
  async #run(...words) {
    await this.#tools.attempt(async () => {
      const { output, exitCode } = await this.#tools.run(...words);
      this.#tools.say(output.trim(), { bad: exitCode !== 0 });
      await this.show();
    });
  }

  async #import() {
    const file = this.#file.files?.[0];
    if (!file) return;
    this.#file.value = '';
    const agreed = await this.#tools.confirm({
      title: `Replace the database by ${file.name}?`,
      text: [h('p', {}, `It has ${bytes(file.size)}. It is checked first: where it is damaged, nothing changes. What the database holds now is gone afterwards; export a copy to keep it.`)],
      action: 'Replace it',
    });
    if (!agreed) return;
    await this.#tools.attempt(async () => {
      const path = '/tmp/velocious-devtools-import.sqlite3';
      await this.#tools.app.writeFile(path, file);
      await this.#run('db:import', path, '--force');
    });
  }
}

/** Text with `code` in it. @param {string} text */
function withCode(text) {
  return text.split('`').map((part, place) => (place % 2 ? h('code', {}, part) : part));
}

/**
 * What the tab is to the others, where the application says so.
 * @param {Tools} tools
 * @returns {import('../observable.mjs').Observable<{name: string, tabs: number}> | undefined}
 */
export function roleOf(tools) {
  return /** @type {any} */ (tools.app).role;
}
