// Edits one value in its place. Enter stores it, Escape leaves it, NULL is a button.

import { describe } from '../failure.mjs';
import { button, fill, h } from './dom.mjs';
import { field, hint } from './fields.mjs';

/** @typedef {import('../questions.mjs').Cell} Cell */
/** @typedef {import('../questions.mjs').Column} Column */

/**
 * @param {HTMLElement} place  what scrolls with the cell
 * @param {HTMLElement} cell
 * @param {Column} column
 * @param {Cell} value
 * @param {(value: string | null) => Promise<void>} store  rejected: the editor stays and says why
 * @param {() => void} closed
 */
export function editCell(place, cell, column, value, store, closed) {
  const complaint = h('div', { class: 'complaint', role: 'alert' });
  const input = field(column, value, { 'aria-label': `New value of ${column.name}` });
  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    form.remove();
    closed();
  };
  const save = async (/** @type {string | null} */ text) => {
    form.inert = true;
    try {
      await store(text);
      end();
    } catch (error) {
      fill(complaint, describe(error).message);
      form.inert = false;
      input.focus();
    }
  };
  const submit = (/** @type {Event} */ event) => { event.preventDefault(); save(input.value); };
  const form = h('form', { class: 'cell-editor', onsubmit: submit }, input, complaint, h('small', { class: 'soft' }, hint(column)),
    h('div', { class: 'line end' },
      column.null && button(null, 'NULL', () => save(null), { class: 'button small', title: 'Store NULL: no value' }),
      button(null, 'Cancel', end, { class: 'button small' }),
      h('button', { class: 'button small primary' }, 'Save')));
  form.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Escape') end();
    const isLine = !(input instanceof HTMLTextAreaElement) || event.ctrlKey || event.metaKey;
    if (event.key === 'Enter' && isLine && event.target === input) submit(event);
  });
  form.addEventListener('focusout', (event) => {
    // a click elsewhere leaves the value as it was, unless something was typed
    const goesTo = /** @type {Node | null} */ (event.relatedTarget);
    if (!form.inert && goesTo && !form.contains(goesTo) && input.value === initial) end();
  });
  place.append(form);
  const initial = input.value;
  position(form, place, cell);
  input.focus();
  if ('select' in input) input.select();
  return end;
}

/** Over the cell, within what is visible of the place. @param {HTMLElement} form @param {HTMLElement} place @param {HTMLElement} cell */
function position(form, place, cell) {
  const room = place.getBoundingClientRect();
  const at = cell.getBoundingClientRect();
  const width = Math.min(Math.max(at.width, 288), room.width - 8);
  form.style.inlineSize = `${width}px`;
  form.style.insetInlineStart = `${Math.min(Math.max(at.left - room.left, 4), room.width - width - 4) + place.scrollLeft}px`;
  form.style.insetBlockStart = `${Math.max(0, at.top - room.top) + place.scrollTop}px`;
  form.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
