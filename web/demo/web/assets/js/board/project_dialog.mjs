// A project's name, and its end.

import { confirm, openDialog } from '../dialog.mjs';
import { h } from '../dom.mjs';
import { plural } from '../numbers.mjs';
import { dim } from './task_row.mjs';

export function projectDialog(project, { rename, remove }) {
  const name = h('input.field', { name: 'name', value: project.name, maxlength: 200, required: true, autofocus: true, dir: 'auto' });
  const problem = h('p.problem', { role: 'alert' });
  const form = h('form', { method: 'dialog' },
    h('label.label', {}, 'Name', name, problem),
    h('div.actions', {},
      h(`button.button.danger.apart${dim(project, 'destroy')}`, { type: 'button', onclick: () => { dialog.close(); askAndRemove(project, remove); } }, 'Delete'),
      h('button.button', { type: 'button', onclick: () => dialog.close() }, 'Cancel'),
      h(`button.button.primary${dim(project, 'update')}`, { type: 'submit' }, 'Save')));
  const dialog = openDialog('Project', form);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      await rename(name.value);
      dialog.close();
    } catch (error) {
      problem.textContent = error.message;
      name.focus();
    }
  });
}

async function askAndRemove(project, remove) {
  const text = project.tasks
    ? `“${project.name}” and its ${plural(project.tasks, 'task')} are deleted. This cannot be undone.`
    : `“${project.name}” is deleted. It has no tasks.`;
  if (await confirm('Delete the project?', text, 'Delete')) remove();
}
