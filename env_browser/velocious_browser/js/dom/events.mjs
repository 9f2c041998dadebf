// Events of the page, told to Python, which asked for them by type and CSS selector.
//
// One listener of the document per type, so that elements may come and go. What a person submits before Python is
// there is kept, and told as soon as somebody asks for it.

import { forget, problem } from './problems.mjs';

/** @typedef {import('../messages.mjs').Happening} Happening */
/** @typedef {import('../messages.mjs').DomProblem} DomProblem */
/** @typedef {{owner: object, event: string, selector: string, prevent: boolean, reset: boolean, tell: (happening: Happening) => Promise<DomProblem | null>}} Listener */

/** @type {Listener[]} */
let listeners = [];
/** @type {Set<string>} */
const types = new Set();
/** @type {Set<SubmitEvent>} submitted before anybody asked for it */
const early = new Set();
let waiting = false;

/** Python is starting: forms that have no address of their own wait for it. */
export function holdForms() {
  waiting = true;
  hear('submit');
}

/** All scripts of the page ran to their end: nobody else will ask for the forms that were submitted. */
export function releaseForms() {
  waiting = false;
  for (const { target, submitter } of early) {
    const form = /** @type {HTMLFormElement} */ (target);
    form.removeAttribute('aria-busy');
    if (form.isConnected) form.requestSubmit(submitter?.isConnected ? submitter : null);
  }
  early.clear();
}

/** @param {Listener} listener */
export function listen(listener) {
  listeners.push(listener);
  hear(listener.event);
  if (listener.event !== 'submit') return;
  for (const event of early) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches(listener.selector)) continue;
    early.delete(event);
    if (form.isConnected) happen(listener, event, form);
  }
}

/** Nobody is there any more who would be told. @param {object} owner */
export function unlisten(owner) {
  listeners = listeners.filter((one) => one.owner !== owner);
}

/** @param {string} type */
function hear(type) {
  if (types.has(type)) return;
  types.add(type);
  // capturing: some events do not bubble, and a page's own links and forms are asked after us
  document.addEventListener(type, onEvent, { capture: true });
}

/** @param {Event} event */
function onEvent(event) {
  const { target, type } = event;
  if (!(target instanceof Element)) return;
  let isHeard = false;
  for (const listener of listeners) {
    const element = listener.event === type ? target.closest(listener.selector) : null;
    if (!element) continue;
    isHeard = true;
    if (listener.prevent) event.preventDefault();
    happen(listener, event, element);
  }
  if (!isHeard && waiting && type === 'submit' && target instanceof HTMLFormElement && !target.hasAttribute('action')) {
    event.preventDefault();
    target.setAttribute('aria-busy', 'true');
    early.add(/** @type {SubmitEvent} */ (event));
  }
}

/**
 * @param {Listener} listener
 * @param {Event} event
 * @param {Element} element  the one that fits the selector
 */
async function happen(listener, event, element) {
  const told = happening(event, element);
  const form = element instanceof HTMLFormElement ? element : null;
  form?.setAttribute('aria-busy', 'true');
  const wrong = await listener.tell(told).finally(() => form?.removeAttribute('aria-busy'));
  if (wrong) {
    problem(wrong, element);
    undo(element);
    return;
  }
  forget(element);
  // what the person has written since is not taken away
  if (form && listener.reset && same(told.fields, fieldsOf(form, null))) form.reset();
}

/** What was not done is not shown as done: a box that was ticked is as it was rendered. @param {Element} element */
function undo(element) {
  if (element instanceof HTMLInputElement && (element.type === 'checkbox' || element.type === 'radio')) element.checked = element.defaultChecked;
  else if (element instanceof HTMLSelectElement) for (const option of element.options) option.selected = option.defaultSelected;
}

/**
 * @param {Event} event
 * @param {Element} element
 * @returns {Happening}
 */
function happening(event, element) {
  const control = /** @type {{value?: unknown, checked?: unknown}} */ (/** @type {unknown} */ (element));
  const keys = event instanceof KeyboardEvent ? event : null;
  return {
    type: event.type,
    id: element.id,
    value: typeof control.value === 'string' ? control.value : null,
    checked: typeof control.checked === 'boolean' ? control.checked : null,
    data: dataOf(element),
    fields: fieldsOf(formOf(element), event instanceof SubmitEvent ? event.submitter : null),
    key: keys?.key ?? null,
  };
}

/** The form that a control belongs to, in it or by its attribute. @param {Element} element */
function formOf(element) {
  const form = /** @type {{form?: HTMLFormElement | null}} */ (element).form;
  return element instanceof HTMLFormElement ? element : (form ?? element.closest('form'));
}

/** The attributes data-… by their names in Python: "data-task-id" is "task_id". @param {Element} element */
function dataOf(element) {
  const data = [...element.attributes].filter(({ name }) => name.startsWith('data-'));
  return Object.fromEntries(data.map(({ name, value }) => [name.slice(5).replaceAll('-', '_'), value]));
}

/**
 * @param {HTMLFormElement | null} form
 * @param {HTMLElement | null} submitter  its name and value are fields, too
 * @returns {[string, string][]}
 */
function fieldsOf(form, submitter) {
  if (!form) return [];
  const fields = [...new FormData(form, submitter?.isConnected ? submitter : null)];
  // Python is told which file was chosen, not what is in it
  return fields.map(([name, value]) => [name, typeof value === 'string' ? value : value.name]);
}

/** @param {[string, string][]} told @param {[string, string][]} now */
function same(told, now) {
  const names = new Set(now.map(([name]) => name));
  return JSON.stringify(told.filter(([name]) => names.has(name))) === JSON.stringify(now);
}
