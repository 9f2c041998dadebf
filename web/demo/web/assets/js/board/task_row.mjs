// One task as a row of the list.
//
// What the rules would refuse is dimmed, and can be tried all the same: whoever has the records refuses it, and says why.

import { h, icon } from '../dom.mjs';
import { day, isPast } from '../numbers.mjs';

/** @param {object} task @param {string | null} project  its name, where the list mixes projects */
export function taskRow(task, project) {
  const row = h(`div.row${task.done ? '.done' : ''}`, { role: 'row', tabindex: '-1', 'data-id': task.id });
  row.append(
    h(`span.grip${dim(task, 'move')}`, { draggable: 'true', 'aria-hidden': 'true', title: 'Drag to move' }, icon('grip')),
    h('span', { role: 'gridcell' }, h(`input.check${dim(task, 'tick')}`, { type: 'checkbox', tabindex: '-1', checked: task.done, 'aria-label': `Done: ${shortened(task.name)}` })),
    h('span.text', { role: 'gridcell' },
      h('span.name', { title: task.name, dir: 'auto' }, task.name), project ? h('span.of', { dir: 'auto' }, project) : null),
    task.due_on ? h(`span.due.chip${isPast(task.due_on) && !task.done ? '.late' : ''}`, { role: 'gridcell' }, day(task.due_on)) : h('span.due', { role: 'gridcell' }),
    h('span.tools', { role: 'gridcell' }, tool('edit', 'Rename (F2)', `wide${dim(task, 'update')}`), tool('bin', 'Delete (Del)', `wide.danger${dim(task, 'destroy')}`), tool('more', 'Move, date, details (M)')),
  );
  return row;
}

/** The class of what the rules would refuse. */
export function dim({ may }, ...actions) {
  return actions.some((action) => may.includes(action)) ? '' : '.forbidden';
}

function tool(name, label, classes = '') {
  return h(`button.icon-button${classes ? `.${classes}` : ''}`, { type: 'button', tabindex: '-1', 'data-tool': name, 'aria-label': label, title: label }, icon(name));
}

/** The place of a row that has not been fetched yet. */
export function waitingRow(index) {
  return h('div.row.waiting', { role: 'row', style: `--length: ${30 + ((index * 37) % 45)}%`, 'aria-busy': 'true' });
}

/** Puts a field where the name is; *done* gets the new name, or null. */
export function renameInRow(row, task, done) {
  const text = row.querySelector('.name');
  const field = h('input.field', { value: task.name, 'aria-label': 'Name of the task', maxlength: 200 });
  let ended = false;
  const end = (name) => {
    if (ended) return;
    ended = true;
    field.replaceWith(text);
    done(name);
  };
  field.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Enter') end(field.value);
    if (event.key === 'Escape') end(null);
  });
  field.addEventListener('blur', () => end(field.value));
  text.replaceWith(field);
  field.focus();
  field.select();
}

export function shortened(name, length = 60) {
  return name.length > length ? `${name.slice(0, length - 1)}…` : name;
}
