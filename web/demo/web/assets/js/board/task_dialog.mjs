// Everything about one task in a form: the way to move it without dragging, and to work by touch.

import { openDialog } from '../dialog.mjs';
import { h } from '../dom.mjs';
import { dim } from './task_row.mjs';

/**
 * @param {object} task
 * @param {object[]} projects
 * @param {{save: (changes: object, place: object | null) => Promise<void>, remove: () => void}} does
 */
export function taskDialog(task, projects, { save, remove }) {
  const name = h('textarea.field', { name: 'name', rows: '2', maxlength: 200, required: true, dir: 'auto' }, task.name);
  const project = h('select.field', { name: 'project' }, projects.map(({ id, name: label }) => h('option', { value: String(id), selected: id === task.project_id }, label)));
  const place = h('select.field', { name: 'place' },
    h('option', { value: 'same' }, 'Where it is'), h('option', { value: 'first' }, 'First'), h('option', { value: 'last' }, 'Last'));
  const due = h('input.field', { type: 'date', name: 'due_on', value: task.due_on ?? '' });
  const problem = h('p.problem', { role: 'alert' });
  project.addEventListener('change', () => { if (place.value === 'same') place.value = 'last'; });

  const form = h('form', { method: 'dialog' },
    h('label.label', {}, 'Name', name, problem),
    h('label.label', {}, 'Project', project),
    h('label.label', {}, 'Place in the project', place),
    h('label.label', {}, 'Due', due),
    h('div.actions', {},
      h(`button.button.danger.apart${dim(task, 'destroy')}`, { type: 'button', onclick: () => { dialog.close(); remove(); } }, 'Delete'),
      h('button.button', { type: 'button', onclick: () => dialog.close() }, 'Cancel'),
      h(`button.button.primary${dim(task, 'update', 'move')}`, { type: 'submit' }, 'Save')));
  const dialog = openDialog('Task', form);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const moved = Number(project.value) !== task.project_id || place.value !== 'same';
    try {
      await save(changesOf(task, name.value, due.value), moved ? { project: Number(project.value), first: place.value === 'first' } : null);
      dialog.close();
    } catch (error) {
      problem.textContent = error.message;
      name.setAttribute('aria-invalid', String(error.code === 'validation_failed'));
      name.focus();
    }
  });
}

function changesOf(task, name, due) {
  const changes = {};
  // a textarea writes line ends its own way
  if (name.replaceAll('\r\n', '\n') !== task.name.replaceAll('\r\n', '\n')) changes.name = name;
  if ((due || null) !== task.due_on) changes.due_on = due || null;
  return changes;
}
