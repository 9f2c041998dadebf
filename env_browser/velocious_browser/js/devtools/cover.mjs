// What is shown while Python does not run in this tab: how far it is, or what is in its way.

import { button, fill, h } from './dom.mjs';
import { bytes } from './format.mjs';

/** @typedef {import('../messages.mjs').Progress} Progress */
/** @typedef {import('../messages.mjs').State} State */

const TITLES = { starting: 'Starting Python', waiting: 'Open in another tab', failed: 'Python did not start, or stopped', closed: 'The application was closed in this tab' };

export class Cover {
  element = h('div', { class: 'cover' });
  #bar = h('progress', { 'aria-label': 'Start' });
  #step = h('p', { class: 'soft numbers', role: 'status' }, 'Looking for other tabs');

  /** @param {State} state */
  show({ name, message, code }) {
    this.element.hidden = name === 'ready';
    if (name === 'ready') return;
    fill(this.element, h('div', { class: 'card' }, h('h2', {}, TITLES[name]),
      ...(name === 'starting' ? [this.#bar, this.#step] : [h('p', {}, message), code && h('p', { class: 'soft small' }, 'Code: ', h('code', {}, code))]),
      (name === 'failed' || name === 'closed') && h('div', {}, button('refresh', 'Reload the page', () => location.reload(), { class: 'button primary' }))));
  }

  /** @param {Progress} progress */
  progress({ label, loaded, total }) {
    if (total > 0) [this.#bar.max, this.#bar.value] = [total, loaded];
    else this.#bar.removeAttribute('value');
    this.#step.textContent = total > 0 ? `${label}, ${bytes(loaded)} of ${bytes(total)}` : label;
  }
}
