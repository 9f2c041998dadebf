// Moving tasks with the mouse: between rows, or onto a project.

import { byId } from '../dom.mjs';

/**
 * @param {import('./task_list.mjs').TaskList} list
 * @param {{between: (id: number, index: number) => void, toProject: (id: number, project: number) => void}} does
 */
export function listenToDragging(list, does) {
  let dragged = null;

  list.box.addEventListener('dragstart', (event) => {
    const index = list.indexOf(event.target);
    const task = list.store.rows[index];
    if (!task) return;
    dragged = task;
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', task.name);
    const row = list.element(index);
    event.dataTransfer.setDragImage(row, 24, row.clientHeight / 2);
    setTimeout(() => row.classList.add('moving'));
  });
  document.addEventListener('dragend', () => {
    dragged = null;
    unmark();
    document.querySelector('.row.moving')?.classList.remove('moving');
  });

  list.box.addEventListener('dragover', (event) => {
    const target = dragged && gap(list, event);
    unmark();
    if (!target) return;
    event.preventDefault();
    target.row.classList.add(target.below ? 'over-bottom' : 'over-top');
  });
  list.box.addEventListener('drop', (event) => {
    const target = dragged && gap(list, event);
    if (!target) return;
    event.preventDefault();
    does.between(dragged.id, target.index + (target.below ? 1 : 0));
  });

  const projects = byId('projects');
  projects.addEventListener('dragover', (event) => {
    const button = dragged && projectAt(event);
    unmark();
    if (!button) return;
    event.preventDefault();
    button.classList.add('target');
  });
  projects.addEventListener('drop', (event) => {
    const button = dragged && projectAt(event);
    if (!button) return;
    event.preventDefault();
    does.toProject(dragged.id, Number(button.dataset.project));
  });
}

function gap(list, event) {
  const index = list.indexOf(event.target);
  if (index < 0) return null;
  const row = list.element(index);
  const { top, height } = row.getBoundingClientRect();
  return { row, index, below: event.clientY > top + height / 2 };
}

function projectAt(event) {
  const button = event.target.closest('button[data-project]');
  return button?.dataset.project ? button : null;
}

function unmark() {
  for (const element of document.querySelectorAll('.over-top, .over-bottom, .target')) element.classList.remove('over-top', 'over-bottom', 'target');
}
