// Runs commands and Python, one after another, and keeps what they said.

import { button, fill, h } from './dom.mjs';
import { duration } from './format.mjs';
import { History } from './history.mjs';
import { describe } from '../failure.mjs';

/** @typedef {import('../questions.mjs').Command} Command */
/** @typedef {import('./tools.mjs').Tools} Tools */

const OFTEN = ['db:status', 'db:migrate', 'db:seed', 'db:rollback', 'storage:status', '--help'];
const SUGGESTED = 6;
const KEPT = 100;

export class Commands {
  element;
  #tools;
  /** @type {Command[]} */
  #known = [];
  #transcript = h('ol', { class: 'transcript', 'aria-live': 'polite', 'aria-label': 'Output' });
  #suggestions = h('ul', { class: 'suggestions', 'aria-label': 'Commands that fit' });
  #line = h('input', { class: 'field mono', 'aria-label': 'Command line', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', enterkeyhint: 'go', placeholder: 'db:status' });
  #code = h('textarea', { class: 'field code', rows: '6', 'aria-label': 'Python code', spellcheck: 'false', autocapitalize: 'off', placeholder: 'await Task.count()' });

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
    const lines = new History('commands');
    lines.serve(this.#line);
    this.#line.addEventListener('input', () => this.#suggest());
    this.#line.addEventListener('keydown', (event) => {
      const [first] = this.#fitting();
      if (event.key !== 'Tab' || event.shiftKey || !first || !this.#line.value) return;
      event.preventDefault();
      this.#complete(first.name);
    });
    const code = new History('python');
    code.serve(this.#code);
    this.#code.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) python(event);
    });
    const command = (/** @type {Event} */ event) => {
      event.preventDefault();
      const line = this.#line.value.trim();
      if (!line) return;
      lines.add(line);
      this.#line.value = '';
      this.#suggest();
      this.#run(line);
    };
    const python = (/** @type {Event} */ event) => {
      event.preventDefault();
      if (!this.#code.value.trim()) return;
      code.add(this.#code.value);
      this.#run('runner', this.#code.value);
    };
    this.element = h('div', { class: 'commands' },
      h('div', { class: 'stack' },
        h('section', { class: 'card' }, h('h2', {}, 'Command'),
          h('form', { class: 'line prompt', onsubmit: command }, h('span', { class: 'mono soft', 'aria-hidden': 'true' }, 'velocious'), this.#line, h('button', { class: 'button primary' }, 'Run')),
          this.#suggestions,
          h('div', { class: 'chips', role: 'group', 'aria-label': 'Often used' }, ...OFTEN.map((line) => button(null, line, () => this.#run(line), { class: 'chip' })))),
        h('section', { class: 'card' }, h('h2', {}, 'Python'),
          h('p', { class: 'soft small' }, 'Models are known by name, ', h('code', {}, 'await'), ' works anywhere, the last value is shown.'),
          h('form', { class: 'stack', onsubmit: python }, this.#code,
            h('div', { class: 'line' }, h('span', { class: 'soft small grow' }, h('kbd', {}, 'Ctrl'), ' ', h('kbd', {}, 'Enter'), ' runs it'), h('button', { class: 'button primary' }, 'Run'))))),
      h('section', { class: 'card output-card', 'aria-label': 'Output' },
        h('div', { class: 'line' }, h('h2', { class: 'grow' }, 'Output'), button(null, 'Clear', () => fill(this.#transcript), { class: 'button small' })), this.#transcript));
  }

  async show() {
    if (this.#known.length > 0) return;
    await this.#tools.attempt(async () => { this.#known = await this.#tools.ask('commands'); });
  }

  #fitting() {
    const typed = this.#line.value.trimStart().split(' ').at(-1) ?? '';
    const words = this.#line.value.trim().split(/\s+/);
    if (typed.startsWith('-')) {
      const command = this.#known.find(({ name }) => name === words[0]);
      return (command?.options ?? []).filter((name) => name.startsWith(typed)).map((name) => ({ name, summary: '' }));
    }
    return typed ? this.#known.filter(({ name }) => name.startsWith(typed)) : [];
  }

  #suggest() {
    fill(this.#suggestions, ...this.#fitting().slice(0, SUGGESTED).map(({ name, summary }, place) => h('li', {},
      h('button', { type: 'button', tabindex: '-1', onclick: () => this.#complete(name) }, h('code', {}, name), h('span', { class: 'soft' }, summary), place === 0 && h('kbd', {}, 'Tab')))));
  }

  /** @param {string} name */
  #complete(name) {
    const words = this.#line.value.trimStart().split(' ');
    this.#line.value = [...words.slice(0, -1), name].join(' ') + ' ';
    this.#suggest();
    this.#line.focus();
  }

  /** @param {...string} words */
  async #run(...words) {
    const began = performance.now();
    const exit = h('span', { class: 'exit numbers' }, '…');
    const item = h('li', {}, h('div', { class: 'call' }, h('code', {}, words.length === 1 ? `velocious ${words[0]}` : words[1]), exit));
    this.#transcript.prepend(item);
    while (this.#transcript.childElementCount > KEPT) this.#transcript.lastElementChild?.remove();
    const end = (/** @type {string} */ text, /** @type {string} */ label, /** @type {boolean} */ bad) => {
      exit.textContent = `${label} · ${duration(performance.now() - began)}`;
      exit.classList.toggle('bad', bad);
      if (text.trim()) item.append(h('pre', { class: 'code', tabindex: '0' }, text.trimEnd()));
    };
    try {
      const { output, exitCode } = await this.#tools.run(...words);
      end(output, `exit ${exitCode}`, exitCode !== 0);
    } catch (error) {
      const { code, name, message } = describe(error);
      end(message, code ?? name, true);
    }
  }
}
