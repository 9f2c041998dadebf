// What a person does to tasks, with the words that answer it.

import { brief } from '../advice.mjs';
import { announce } from '../dom.mjs';
import { toast } from '../toast.mjs';
import { taskDialog } from './task_dialog.mjs';
import { renameInRow, shortened } from './task_row.mjs';

/** A row that no longer matches the filter stays so long, so that one sees what one did. */
const LINGER = 700;

export class Deeds {
  constructor(store, list) {
    this.store = store;
    this.list = list;
  }

  async tick(index) {
    const task = this.store.rows[index];
    if (!task) return;
    await this.#try(async () => {
      const { done } = await this.store.editTask(task.id, { done: !task.done });
      announce(`${shortened(task.name)}: ${done ? 'done' : 'open again'}`);
      if (this.store.show !== 'all') setTimeout(() => this.#try(() => this.store.refresh(index)), LINGER);
    }, () => this.list.draw());
  }

  rename(index) {
    const task = this.store.rows[index];
    const row = this.list.element(index);
    if (!task || !row) return;
    renameInRow(row, task, async (name) => {
      row.focus({ preventScroll: true });
      if (name === null || name.trim() === task.name.trim()) return;
      await this.#try(async () => {
        await this.store.editTask(task.id, { name });
        announce('Renamed');
        this.list.focus(this.store.indexOf(task.id));
      });
    });
  }

  open(index) {
    const task = this.store.rows[index];
    if (!task) return;
    taskDialog(task, this.store.projects, {
      save: async (changes, place) => {
        if (Object.keys(changes).length) await this.store.editTask(task.id, changes);
        if (place) await this.store.moveTask(task.id, place);
        announce('Saved');
        this.list.focus(Math.max(0, this.store.indexOf(task.id)));
      },
      remove: () => this.remove(index),
    });
  }

  async remove(index) {
    const task = this.store.rows[index];
    if (!task) return;
    const focused = this.list.indexOf(document.activeElement) >= 0;
    await this.#try(async () => {
      const deleted = await this.store.deleteTask(task.id);
      if (focused) this.list.focus(index);
      toast(`Deleted “${shortened(task.name)}”`, { action: { label: 'Undo', run: () => this.#restore(deleted) } });
    });
  }

  /** Up or down by one among the rows that are shown. */
  async shift(index, by) {
    const task = this.store.rows[index];
    const target = index + by;
    if (!task || target < 0 || target >= this.store.total) return;
    await this.between(task.id, by < 0 ? target : target + 1);
    announce(`Moved ${by < 0 ? 'up' : 'down'}, now ${target + 1} of ${this.store.total}`);
  }

  /** Before the row at *index*, after the last one if there is none. */
  async between(id, index) {
    const from = this.store.indexOf(id);
    if (from === index || from + 1 === index) return;
    const before = this.store.rows[index];
    const last = this.store.rows[index - 1];
    const sameProject = before && (!last || last.project_id === before.project_id || this.store.rows[from]?.project_id === before.project_id);
    await this.#try(async () => {
      await this.store.moveTask(id, sameProject ? { before: before.id } : { project: last.project_id });
      this.list.focus(from < index ? index - 1 : index);
    });
  }

  async toProject(id, project) {
    await this.#try(async () => {
      await this.store.moveTask(id, { project });
      toast(`Moved to “${shortened(this.store.projectName(project), 40)}”`);
    });
  }

  async add(project, name) {
    return this.#try(async () => {
      const task = await this.store.addTask(project, name);
      announce(`Added ${shortened(task.name)}`);
      return task;
    });
  }

  async #restore(task) {
    await this.#try(async () => {
      const restored = await this.store.restoreTask(task);
      announce('It is back');
      this.list.focus(Math.max(0, this.store.indexOf(restored.id)));
    });
  }

  /** Runs *work*; what goes wrong is told, and *otherwise* puts the page right. */
  async #try(work, otherwise) {
    try {
      return await work();
    } catch (error) {
      toast(brief(error), { bad: true });
      otherwise?.();
      return null;
    }
  }
}
