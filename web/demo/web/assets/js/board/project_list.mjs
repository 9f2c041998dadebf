// The list of projects, with how much there is to do in each.

import { byId, h } from '../dom.mjs';
import { count, plural } from '../numbers.mjs';

export class ProjectList {
  constructor(store, choose) {
    this.store = store;
    this.choose = choose;
    this.list = byId('projects');
    this.list.append(...Array.from({ length: 9 }, (_, index) => h('li.waiting', { style: `--length: ${40 + ((index * 29) % 45)}%` })));
    store.on('projects', () => this.draw());
    store.on('query', () => this.mark());
  }

  draw() {
    const { projects } = this.store;
    const focused = document.activeElement?.closest?.('#projects button')?.dataset.project;
    const open = projects.reduce((sum, project) => sum + project.open, 0);
    this.list.removeAttribute('aria-busy');
    this.list.replaceChildren(
      this.#item({ id: '', name: 'All tasks', open }, 'all'),
      ...projects.map((project) => this.#item(project)),
    );
    const chip = byId('project-count');
    chip.hidden = projects.length === 0;
    chip.textContent = count(projects.length);
    this.mark();
    if (focused !== undefined) this.list.querySelector(`[data-project="${focused}"]`)?.focus();
  }

  mark() {
    const chosen = String(this.store.project ?? '');
    for (const button of this.list.querySelectorAll('button')) {
      if (button.dataset.project === chosen) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    }
  }

  /** Brings the chosen project into sight. */
  reveal() {
    this.list.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }

  #item(project, kind = '') {
    const id = project.id === '' ? null : project.id;
    return h('li', {}, h(`button${kind ? `.${kind}` : ''}`, { type: 'button', 'data-project': project.id, title: project.name, onclick: () => this.choose(id) },
      h('span.name', { dir: 'auto' }, project.name),
      h('span.open.numbers', { 'aria-label': plural(project.open, 'open task') }, count(project.open))));
  }
}
