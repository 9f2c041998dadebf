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
/** @type {Map<HTMLFormElement, Happening>} submitted before anybody asked for it */
const early = new Map();

/** Python is starting: forms that nobody else has taken, and that have no address of their own, wait for it. */
export function holdForms() {
  addEventListener('submit', hold);
}

/** All scripts of the page came to their end: nobody will ask for the forms that were submitted any more. @param {boolean} submits  they go their own way */
export function releaseForms(submits) {
  removeEventListener('submit', hold);
  for (const form of early.keys()) {
    form.removeAttribute('aria-busy');
    if (submits && form.isConnected) form.requestSubmit();
  }
  early.clear();
}

/** @param {SubmitEvent} event */
function hold(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (event.defaultPrevented || form.hasAttribute('action') || form.getAttribute('method') === 'dialog') return;
  event.preventDefault();
  form.setAttribute('aria-busy', 'true');
  early.set(form, happening(event, form));
}

/** @param {Listener} listener */
export function listen(listener) {
  listeners.push(listener);
  hear(listener.event);
  if (listener.event !== 'submit') return;
  for (const [form, told] of early) {
    if (!form.matches(listener.selector)) continue;
    early.delete(form);
    if (form.isConnected) happen(listener, told, form);
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
  for (const listener of listeners) {
    const element = listener.event === type ? target.closest(listener.selector) : null;
    if (!element) continue;
    if (listener.prevent) event.preventDefault();
    happen(listener, happening(event, element), element);
  }
}

/**
 * @param {Listener} listener
 * @param {Happening} told
 * @param {Element} element  the one that fits the selector
 */
async function happen(listener, told, element) {
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
