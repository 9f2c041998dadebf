// What every view of the panel works with: the application, questions to Python, dialogs, messages.

import { describe } from '../failure.mjs';
import { ask } from '../questions.mjs';
import { button, fill, h, icon } from './dom.mjs';

/** @typedef {import('../client.mjs').App} App */
/** @typedef {import('../client.mjs').CommandResult} CommandResult */
/** @typedef {import('./dom.mjs').Child} Child */
/** @typedef {{element: HTMLElement, show: () => void | Promise<void>}} View  show: it comes to the front, or its data may have changed */

/** Milliseconds for which a message stays. */
const MESSAGE = 8000;

export class Tools {
  app;
  root;
  #messages = h('div', { class: 'messages', role: 'status', 'aria-live': 'polite' });
  #watchers = /** @type {Set<() => void>} */ (new Set());
  /** @type {{number: number, done: () => void} | null} */
  #undoable = null;

  /** @param {App} app @param {ShadowRoot} root */
  constructor(app, root) {
    this.app = app;
    this.root = root;
    root.append(this.#messages);
  }

  /** @param {string} question @param {Record<string, unknown>} [parameters] */
  ask(question, parameters) {
    return ask(this.app, question, parameters);
  }

  /** Runs a command; what it changed is shown. @param {...string} words @returns {Promise<CommandResult>} */
  async run(...words) {
    const result = await this.app.cli.run(...words);
    this.changed();
    return result;
  }

  /** The database may hold something else now. */
  changed() {
    for (const watcher of this.#watchers) watcher();
  }

  /** @param {() => void} watcher */
  onChanged(watcher) {
    this.#watchers.add(watcher);
  }

  /**
   * Does *work*; a failure becomes a message.
   * @param {() => Promise<void> | void} work
   */
  async attempt(work) {
    try {
      await work();
    } catch (error) {
      this.say(describe(error).message, { bad: true });
    }
  }

  /**
   * @param {string} text
   * @param {{bad?: boolean, undo?: number | null, done?: () => void}} [options]  undo: the number of a change that can be taken back; done: afterwards
   */
  say(text, { bad = false, undo = null, done = () => {} } = {}) {
    const message = h('div', { class: bad ? 'message bad' : 'message' }, h('span', { class: 'grow' }, text));
    const end = () => message.remove();
    if (undo !== null) {
      this.#undoable = { number: undo, done: () => { end(); done(); } };
      message.append(button(null, 'Undo', () => this.undo(), { class: 'button small' }));
    }
    message.append(h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close the message', onclick: end }, icon('close')));
    if (!bad) setTimeout(end, MESSAGE);
    this.#messages.append(message);
    while (this.#messages.childElementCount > 3) this.#messages.firstElementChild?.remove();
  }

  /** Takes the newest change back. */
  async undo() {
    const undoable = this.#undoable;
    if (!undoable) return;
    this.#undoable = null;
    await this.attempt(async () => {
      await this.ask('undo', { number: undoable.number });
      undoable.done();
      this.changed();
      this.say('Undone.');
    });
  }

  /**
   * Asks before something that cannot be taken back easily.
   * @param {{title: string, text: Child[], action: string}} question
   * @returns {Promise<boolean>}
   */
  confirm({ title, text, action }) {
    return new Promise((resolve) => {
      const { dialog, body } = this.dialog(title, () => resolve(dialog.returnValue === 'yes'));
      const form = h('form', { method: 'dialog', class: 'dialog-end' },
        h('button', { class: 'button', value: 'no' }, 'Cancel'),
        h('button', { class: 'button danger', value: 'yes' }, action));
      fill(body, h('div', { class: 'text' }, ...text), form);
      dialog.showModal();
    });
  }

  /**
   * A dialog, not yet open.
   * @param {string} title
   * @param {() => void} [closed]
   */
  dialog(title, closed = () => {}) {
    const body = h('div', { class: 'dialog-body' });
    const heading = h('h2', { id: 'dialog-title' }, title);
    const dialog = h('dialog', { 'aria-labelledby': 'dialog-title', onclose: () => { dialog.remove(); closed(); } }, heading, body);
    this.root.append(dialog);
    return { dialog, body };
  }
}

/** What went wrong, where the answer would be. @param {unknown} error */
export function failure(error) {
  const { name, message } = describe(error);
  return h('div', { class: 'failure', role: 'alert' }, h('strong', {}, name), h('p', {}, message));
}
