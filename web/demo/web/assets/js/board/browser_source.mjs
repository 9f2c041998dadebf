// The board of this browser: Python in the worker, by name.

export class BrowserSource {
  name = 'browser';

  constructor(engine) {
    this.engine = engine;
  }

  view(query) { return this.#call('board.open', query); }
  tasks(query) { return this.#call('board.tasks', query); }
  projects() { return this.#call('board.projects'); }
  addTask(task) { return this.#call('board.add_task', task); }
  editTask(id, changes) { return this.#call('board.edit_task', { id, ...changes }); }
  moveTask(id, place) { return this.#call('board.move_task', { id, ...place }); }
  deleteTask(id) { return this.#call('board.delete_task', { id }); }
  restoreTask(task) { return this.#call('board.restore_task', { task }); }
  addProject(name) { return this.#call('board.add_project', { name }); }
  renameProject(id, name) { return this.#call('board.rename_project', { id, name }); }
  deleteProject(id) { return this.#call('board.delete_project', { id }); }

  /** Calls *changed* when another tab has changed the board; a burst of changes counts once. */
  follow(changed) {
    let timer = 0;
    this.engine.app.on('board.changed', () => {
      clearTimeout(timer);
      timer = setTimeout(changed, 100);
    });
    return this.#call('board.follow');
  }

  #call(action, payload = {}) {
    return this.engine.app.call(action, payload);
  }
}
