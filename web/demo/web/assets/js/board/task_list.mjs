// The list of tasks: only the rows in sight exist, however many there are.
//
// It is a grid to assistive technology: one row at a time can have the focus, arrows move it.

import { byId } from '../dom.mjs';
import { taskRow, waitingRow } from './task_row.mjs';

const BEYOND = 6;

export class TaskList {
  /** @type {Map<number, {element: HTMLElement, task: object | undefined, project: string | null}>} */
  #shown = new Map();
  #active = 0;
  #frame = 0;

  constructor(store) {
    this.store = store;
    this.box = byId('rows');
    this.space = document.createElement('div');
    this.space.className = 'space';
    this.space.setAttribute('role', 'presentation');
    this.box.append(this.space);
    this.box.addEventListener('scroll', () => this.#soon());
    this.box.addEventListener('focusin', (event) => this.#follow(event.target));
    new ResizeObserver(() => { this.height = null; this.#soon(); }).observe(this.box);
    store.on('rows', () => this.draw());
    store.on('projects', () => this.draw());
    store.on('query', () => { this.#active = 0; this.box.scrollTop = 0; });
  }

  get rowHeight() {
    this.height ??= parseFloat(getComputedStyle(this.box).getPropertyValue('--row'));
    return this.height;
  }

  get active() {
    return this.#active;
  }

  /** The first row in sight. */
  get first() {
    return Math.floor(this.box.scrollTop / this.rowHeight);
  }

  draw() {
    const { total } = this.store;
    this.space.style.height = `${total * this.rowHeight}px`;
    this.box.setAttribute('aria-rowcount', String(total));
    this.#active = Math.max(0, Math.min(this.#active, total - 1));
    const first = Math.max(0, this.first - BEYOND);
    const last = Math.min(total, Math.ceil((this.box.scrollTop + this.box.clientHeight) / this.rowHeight) + BEYOND);
    for (const [index, { element }] of this.#shown) if (index < first || index >= last) this.#remove(index, element);
    // from below, so that each finds its place before the one after it: readers follow the order of elements
    for (let index = last - 1; index >= first; index -= 1) this.#draw(index);
  }

  /** The index of the row that *element* is in, or -1. */
  indexOf(element) {
    const row = element?.closest?.('.row');
    for (const [index, shown] of this.#shown) if (shown.element === row) return index;
    return -1;
  }

  element(index) {
    return this.#shown.get(index)?.element ?? null;
  }

  /** Brings a row into sight and focuses it. */
  focus(index) {
    if (this.store.total === 0) return;
    this.#active = Math.max(0, Math.min(index, this.store.total - 1));
    this.#reveal(this.#active);
    this.draw();
    this.#activate();
    this.element(this.#active)?.focus({ preventScroll: true });
  }

  #draw(index) {
    const task = this.store.row(index);
    const project = task && this.store.project === null ? this.store.projectName(task.project_id) : null;
    const shown = this.#shown.get(index);
    if (shown && shown.task === task && shown.project === project && shown.top === index * this.rowHeight) return;
    if (shown && same(shown, task, project)) {
      shown.task = task;
    } else {
      this.#replace(index, shown, task, project);
    }
    const fresh = this.#shown.get(index);
    fresh.top = index * this.rowHeight;
    fresh.element.style.transform = `translateY(${fresh.top}px)`;
  }

  #replace(index, shown, task, project) {
    const element = task ? taskRow(task, project) : waitingRow(index);
    element.setAttribute('aria-rowindex', String(index + 1));
    if (index === this.#active && task) openTo(element, true);
    const focused = shown?.element.contains(document.activeElement) ? document.activeElement : null;
    if (shown) shown.element.replaceWith(element);
    else this.space.insertBefore(element, this.element(index + 1));
    this.#shown.set(index, { element, task, project });
    if (focused) (focused.matches('.check') ? element.querySelector('.check') : element)?.focus({ preventScroll: true });
  }

  #remove(index, element) {
    if (element.contains(document.activeElement)) this.box.focus({ preventScroll: true });
    element.remove();
    this.#shown.delete(index);
  }

  #reveal(index) {
    const top = index * this.rowHeight;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    const bottom = top + this.rowHeight - this.box.clientHeight;
    if (bottom > this.box.scrollTop) this.box.scrollTop = bottom;
  }

  #follow(target) {
    const index = this.indexOf(target);
    if (index >= 0 && index !== this.#active) {
      this.#active = index;
      this.#activate();
    }
  }

  #activate() {
    for (const [index, { element, task }] of this.#shown) if (task) openTo(element, index === this.#active);
  }

  #soon() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.draw());
  }
}

/** Lets Tab reach a row and what is in it, or not. */
function openTo(element, open) {
  for (const one of [element, ...element.querySelectorAll('input, button')]) one.tabIndex = open ? 0 : -1;
}

function same(shown, task, project) {
  const known = shown.task;
  return task && known && shown.project === project && known.id === task.id && known.name === task.name
    && known.done === task.done && known.due_on === task.due_on && known.may.join() === task.may.join();
}
