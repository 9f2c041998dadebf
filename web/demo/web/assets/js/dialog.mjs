// Dialogs: a form in the middle of the page, gone when it is answered.

import { h } from './dom.mjs';

/**
 * @param {string} title
 * @param {...any} children
 */
export function openDialog(title, ...children) {
  const dialog = h('dialog', { 'aria-labelledby': 'dialog-title' }, h('div.stack', {}, h('h2', { id: 'dialog-title' }, title), ...children));
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Asks before something that cannot be undone.
 * @returns {Promise<boolean>}
 */
export function confirm(title, text, label) {
  return new Promise((resolve) => {
    const dialog = openDialog(
      title,
      h('p', {}, text),
      h('div.actions', {},
        h('button.button', { type: 'button', autofocus: true, onclick: () => dialog.close() }, 'Cancel'),
        h('button.button.primary.danger', { type: 'button', onclick: () => dialog.close('yes') }, label)),
    );
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'));
  });
}
