// What lies over the list when there is nothing to list: starting, waiting, failed, empty.

import { byId, h } from '../dom.mjs';
import { failureCard, startingCard, waitingCard } from '../starting_card.mjs';

export class Cover {
  #starting = startingCard();
  #box = byId('cover');
  #board = byId('board');

  /** @param {{importer: import('./importer.mjs').Importer}} parts */
  constructor({ importer }) {
    this.importer = importer;
  }

  none() {
    this.#box.hidden = true;
    this.#phase('ready');
  }

  starting(engine) {
    this.#phase('starting');
    this.#put(this.#starting.card);
    this.#starting.update(engine);
  }

  loading(text) {
    this.#phase('starting');
    this.#put(h('div.card', { role: 'status' }, h('h2', {}, text), h('div.meter.endless', {}, h('span'))));
  }

  waiting() {
    this.#phase('waiting');
    this.#put(waitingCard(pagesLink()));
  }

  failed(error, retry) {
    this.#phase('failed');
    this.#put(failureCard(error, retry, error.code === 'backend_unreachable' ? null : pagesLink()));
  }

  /** No project yet. */
  emptyBoard(source) {
    this.#phase('empty');
    this.#put(source === 'browser' ? this.#welcome() : this.#emptyServer());
  }

  /** No task matches. */
  emptyList(filtered, all) {
    this.#phase('ready');
    const title = filtered ? 'No task matches' : 'No tasks here yet';
    const text = filtered ? 'Try other words, or show all tasks.' : 'Add the first one in the field above.';
    this.#put(h('div.card', { role: 'status' }, h('h2', {}, title), h('p.soft', {}, text),
      filtered ? h('div.actions', {}, h('button.button', { type: 'button', onclick: all }, 'Show all tasks')) : null));
  }

  #welcome() {
    return h('div.card', {}, h('h2', {}, 'Your board is empty'),
      h('p', {}, 'It lives in a SQLite database of this browser. Python keeps it: the same models, migrations and seeds that run on a server.'),
      h('div.actions', {},
        h('button.button.primary', { type: 'button', onclick: () => this.importer.examples() }, 'Import 20,000 example tasks'),
        h('button.button', { type: 'button', onclick: () => this.importer.choose() }, 'Import a CSV of yours'),
        h('button.button', { type: 'button', onclick: () => this.#addProject() }, 'Add your first project')));
  }

  #emptyServer() {
    return h('div.card', {}, h('h2', {}, 'The server’s board is empty'),
      h('p', {}, 'Add a project, or run ', h('code', {}, 'velocious db:seed'), ' where the server is and reload.'),
      h('div.actions', {},
        h('button.button.primary', { type: 'button', onclick: () => location.reload() }, 'Reload'),
        h('button.button', { type: 'button', onclick: () => this.#addProject() }, 'Add your first project')));
  }

  #addProject() {
    this.#board.dataset.pane = 'projects';
    byId('add-project').elements.name.focus();
  }

  put(card) {
    this.#put(card);
  }

  #put(card) {
    this.#box.hidden = false;
    if (this.#box.firstElementChild !== card || this.#box.childElementCount !== 1) this.#box.replaceChildren(card);
  }

  #phase(phase) {
    this.#board.dataset.phase = phase;
    for (const id of ['toolbar', 'add-task']) byId(id).inert = phase !== 'ready';
    byId('add-project').inert = phase !== 'ready' && phase !== 'empty';
    byId('rows').toggleAttribute('aria-busy', phase === 'starting');
    byId('rows').inert = phase !== 'ready' || !this.#box.hidden;
  }
}

/** The server shows its board without Python here, too. */
function pagesLink() {
  return h('a.button', { href: 'board' }, 'Open the pages of the server');
}
