// What the page knows of the board, and every way to change it.
//
// Rows are fetched in windows when they come into sight; those that are known stay on screen until newer ones arrive.

const WINDOW = 100;

export class Store {
  source;
  projects = [];
  /** @type {number | null} null: all of them */
  project = null;
  show = 'all';
  search = '';
  total = 0;
  /** @type {(object | undefined)[]} sparse */
  rows = [];
  #watchers = new Map();
  #wanted = new Set();
  #version = 0;

  /** @param {string} event  'rows', 'projects' or 'failed' */
  on(event, watcher) {
    this.#watchers.set(event, [...(this.#watchers.get(event) ?? []), watcher]);
  }

  get query() {
    return { project: this.project, show: this.show, search: this.search };
  }

  get filtered() {
    return this.show !== 'all' || this.search.trim() !== '';
  }

  projectName(id) {
    return this.projects.find((project) => project.id === id)?.name ?? '';
  }

  /** Everything anew, from a source. */
  async open(source) {
    this.source = source;
    const version = ++this.#version;
    this.#wanted.clear();
    const { projects, window } = await source.view({ ...this.query, limit: WINDOW });
    if (version !== this.#version) return false;
    this.#setProjects(projects);
    if (this.project !== null && !this.projects.some(({ id }) => id === this.project)) {
      this.project = null;
      return this.open(source);
    }
    this.rows = [];
    this.#take(window);
    return true;
  }

  /** Another project, filter or search. */
  async choose(query) {
    Object.assign(this, query);
    this.#tell('query');
    await this.#reload(() => { this.rows = []; });
  }

  /** The rows on screen anew; they may have moved. */
  async refresh(first = 0) {
    await this.#reload(() => { this.rows = []; }, first);
    this.#setProjects(await this.source.projects());
  }

  /** @returns {object | undefined} the row, which is fetched if it is not known yet */
  row(index) {
    const row = this.rows[index];
    if (row === undefined) this.#want(Math.floor(index / WINDOW) * WINDOW);
    return row;
  }

  indexOf(id) {
    return this.rows.findIndex((row) => row?.id === id);
  }

  // Changes

  async addTask(project, name) {
    const task = await this.source.addTask({ project, name });
    await this.refresh();
    return task;
  }

  async editTask(id, changes) {
    const task = await this.source.editTask(id, changes);
    this.#replace(task);
    if ('done' in changes) this.#setProjects(await this.source.projects());
    return task;
  }

  async moveTask(id, place) {
    const task = await this.source.moveTask(id, place);
    await this.refresh(Math.max(0, this.indexOf(id)));
    return task;
  }

  async deleteTask(id) {
    const index = this.indexOf(id);
    const task = await this.source.deleteTask(id);
    await this.refresh(Math.max(0, index));
    return task;
  }

  async restoreTask(task) {
    const restored = await this.source.restoreTask(task);
    await this.refresh();
    return restored;
  }

  async addProject(name) {
    const project = await this.source.addProject(name);
    this.#setProjects([...this.projects, project]);
    return project;
  }

  async renameProject(id, name) {
    const renamed = await this.source.renameProject(id, name);
    this.#setProjects(this.projects.map((project) => (project.id === id ? renamed : project)));
    return renamed;
  }

  async deleteProject(id) {
    const deleted = await this.source.deleteProject(id);
    this.#setProjects(this.projects.filter((project) => project.id !== id));
    return deleted;
  }

  // Inside

  async #reload(forget, first = 0) {
    const version = ++this.#version;
    this.#wanted.clear();
    const offset = Math.floor(first / WINDOW) * WINDOW;
    const window = await this.source.tasks({ ...this.query, offset, limit: WINDOW });
    if (version !== this.#version) return;
    forget();
    this.#take(window);
  }

  async #want(offset) {
    if (this.#wanted.has(offset)) return;
    this.#wanted.add(offset);
    const version = this.#version;
    try {
      const window = await this.source.tasks({ ...this.query, offset, limit: WINDOW });
      if (version === this.#version) this.#take(window);
    } catch (error) {
      this.#tell('failed', error);
    } finally {
      if (version === this.#version) this.#wanted.delete(offset);
    }
  }

  #take({ total, offset, tasks }) {
    this.total = total;
    this.rows.length = total;
    for (const [index, task] of tasks.entries()) this.rows[offset + index] = task;
    this.#tell('rows');
  }

  #replace(task) {
    const index = this.indexOf(task.id);
    if (index >= 0) this.rows[index] = task;
    this.#tell('rows');
  }

  #setProjects(projects) {
    this.projects = projects.toSorted((one, other) => COLLATOR.compare(one.name, other.name));
    this.#tell('projects');
  }

  #tell(event, detail) {
    for (const watcher of this.#watchers.get(event) ?? []) watcher(detail);
  }
}

const COLLATOR = new Intl.Collator(undefined, { numeric: true });
