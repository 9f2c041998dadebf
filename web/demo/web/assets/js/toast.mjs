// Short messages over the page, some with a way back.

import { byId, h } from './dom.mjs';

const SECONDS = 8;

/**
 * @param {string} text
 * @param {{bad?: boolean, action?: {label: string, run: () => void}}} [options]
 */
export function toast(text, { bad = false, action } = {}) {
  const element = h(`div.toast${bad ? '.bad' : ''}`, { role: bad ? 'alert' : 'status' }, h('p', {}, text));
  const close = () => element.remove();
  if (action) element.append(h('button', { type: 'button', onclick: () => { close(); action.run(); } }, action.label));
  element.append(h('button', { type: 'button', 'aria-label': 'Close this message', onclick: close }, '✕'));
  byId('toasts').replaceChildren(element);
  let timer = setTimeout(close, SECONDS * 1000);
  // who is about to press Undo is not hurried
  const wait = () => clearTimeout(timer);
  const again = () => { clearTimeout(timer); timer = setTimeout(close, SECONDS * 1000); };
  element.addEventListener('pointerenter', wait);
  element.addEventListener('focusin', wait);
  element.addEventListener('pointerleave', again);
  element.addEventListener('focusout', again);
}
