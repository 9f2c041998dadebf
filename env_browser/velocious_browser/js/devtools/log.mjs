// What Python logs and prints, as it happens.

import { button, fill, h } from './dom.mjs';
import { clock } from './format.mjs';

/** @typedef {import('../recent_log.mjs').LogLine} LogLine */
/** @typedef {import('../messages.mjs').Level} Level */
/** @typedef {import('./tools.mjs').Tools} Tools */

/** @type {Level[]} */
const LEVELS = ['debug', 'info', 'warning', 'error'];
const LINES = 1000;

export class Log {
  element;
  #tools;
  #list = h('ol', { class: 'log', role: 'log', 'aria-label': 'Log', tabindex: '0' });
  #level = h('select', { class: 'field', 'aria-label': 'Least severe level', onchange: () => this.show() }, ...LEVELS.map((level) => h('option', { value: level }, level === 'debug' ? 'everything' : level === 'error' ? 'errors' : `from ${level}`)));
  #filter = h('input', { class: 'field grow', type: 'search', placeholder: 'Only lines with', 'aria-label': 'Only lines with', oninput: () => this.show() });
  #pause = button('pause', 'Pause', () => this.#setPaused(!this.#paused), { 'aria-pressed': 'false' });
  #paused = false;
  /** Lines up to this number were cleared. */
  #cleared = 0;

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
    this.element = h('div', { class: 'sheet log-sheet' },
      h('div', { class: 'line' }, this.#filter, this.#level, this.#pause, button('copy', 'Copy', () => this.#copy()), button(null, 'Clear', () => this.#clear())), this.#list);
    tools.app.log.subscribe((line) => this.#add(line));
    this.show();
  }

  show() {
    fill(this.#list, ...this.#wanted().map(entry));
    this.#list.scrollTop = this.#list.scrollHeight;
  }

  #wanted() {
    return this.#tools.app.log.lines.filter((line) => this.#fits(line));
  }

  /** @param {LogLine} line */
  #fits({ number, level, text }) {
    return number > this.#cleared && LEVELS.indexOf(level) >= LEVELS.indexOf(/** @type {Level} */ (this.#level.value)) && text.toLowerCase().includes(this.#filter.value.toLowerCase());
  }

  /** @param {LogLine} line */
  #add(line) {
    if (this.#paused || !this.#fits(line)) return;
    const atEnd = this.#list.scrollTop + this.#list.clientHeight >= this.#list.scrollHeight - 8;
    this.#list.append(entry(line));
    while (this.#list.childElementCount > LINES) this.#list.firstElementChild?.remove();
    if (atEnd) this.#list.scrollTop = this.#list.scrollHeight;
  }

  /** @param {boolean} paused */
  #setPaused(paused) {
    this.#paused = paused;
    this.#pause.setAttribute('aria-pressed', String(paused));
    if (!paused) this.show();
  }

  #copy() {
    this.#tools.attempt(async () => {
      const lines = this.#wanted();
      await navigator.clipboard.writeText(lines.map(({ time, level, text }) => `${clock(time)} ${level} ${text}`).join('\n'));
      this.#tools.say(`Copied ${lines.length} lines.`);
    });
  }

  #clear() {
    this.#cleared = this.#tools.app.log.lines.at(-1)?.number ?? 0;
    this.show();
  }
}

/** @param {LogLine} line */
function entry({ time, level, text }) {
  const [, logger, message] = /^(velocious(?:\.[\w.]+)?): ([^]*)$/.exec(text) ?? [null, '', text];
  return h('li', { class: level }, h('time', {}, clock(time)), h('span', { class: 'level' }, level), h('span', { class: 'words' }, logger && h('span', { class: 'soft' }, `${logger}  `), message));
}
