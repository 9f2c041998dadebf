// A home of the board's records. Python of the worker is asked by name for all of them; where it finds the records, it knows.

const APPLICATION = new URL('../../../', import.meta.url).href;

export class Home {
  /** @param {'browser' | 'server' | 'live'} name */
  constructor(engine, name) {
    this.engine = engine;
    this.name = name;
  }

  /** @returns {Promise<{person: string, people: object[]} | null>}  who the server takes us for; null in this browser */
  async enter() {
    return this.name === 'browser' ? null : this.#call('board.enter', { address: APPLICATION });
  }

  /** Hears of it no more. */
  async leave() {
    if (this.name === 'live') await this.#call('board.leave');
  }

  signIn(person) { return this.#call('board.sign_in', { person }); }

  view(query) { return this.#call('board.view', query); }
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

  #call(action, payload = {}) {
    return this.engine.app.call(action, { home: this.name, ...payload });
  }
}

/**
 * Calls *changed* when the board of a home was changed elsewhere, by another tab or by somebody else, and *people* with the names of
 * those who look at the server's. A burst of changes counts once.
 */
export function listen(engine, { changed, people }) {
  const timers = {};
  engine.app.subscribe('board.changed', ({ home }) => {
    clearTimeout(timers[home]);
    timers[home] = setTimeout(() => changed(home), 100);
  });
  engine.app.subscribe('board.people', ({ home, names }) => people(home, names));
}
