// Who one is on the server's board, and who else is there.

import { byId, h } from '../dom.mjs';

export class Who {
  #box = byId('who');
  #people = h('span.chip', { id: 'people', role: 'status', hidden: true });
  #rights = h('span.soft.small.rights');
  #choice = h('fieldset.segmented', { id: 'person' });

  /** @param {(person: string) => void} choose */
  constructor(choose) {
    this.choose = choose;
    this.#box.replaceChildren(this.#choice, this.#rights, this.#people);
  }

  /** @param {{person: string, people: {id: string, name: string, rights: string}[]} | null} said */
  show(said) {
    this.#box.hidden = !said;
    if (!said) return;
    this.#choice.replaceChildren(h('legend.visually-hidden', {}, 'Who you are'), ...said.people.map((one) => this.#option(one, said.person)));
    const { name, rights } = said.people.find(({ id }) => id === said.person);
    this.#rights.textContent = `${name} ${rights}`;
    this.#rights.title = this.#rights.textContent;
  }

  /** @param {string[]} names  the own one included */
  others(names) {
    this.#people.hidden = names.length === 0;
    this.#people.textContent = names.length === 1 ? 'Only you are here' : `${names.length} are here`;
    this.#people.title = names.join(', ');
  }

  #option({ id, name, rights }, person) {
    const radio = h('input', { type: 'radio', name: 'person', value: id, checked: id === person, onchange: () => this.choose(id) });
    return h('label', { title: `${name} ${rights}` }, radio, h('span', {}, name));
  }
}
