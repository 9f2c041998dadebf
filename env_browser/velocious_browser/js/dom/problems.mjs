// What went wrong, shown where the person looks: in the form, else in the page's own place for it, else on top.
//
// A place is an element with data-velocious="problem"; where there is none, one is made.

/** @typedef {import('../messages.mjs').DomProblem} DomProblem */

const PLACE = '[data-velocious="problem"]';
/** @type {WeakMap<Element, HTMLElement>} element that something was done with → where its problem is shown */
const shown = new WeakMap();

/**
 * @param {DomProblem} problem
 * @param {Element} [element]  what the person did something with
 */
export function problem({ message, detail }, element = document.body) {
  if (detail) console.error(`velocious: ${detail}`);
  const place = shown.get(element) ?? placeFor(element);
  shown.set(element, place);
  place.setAttribute('role', 'alert');
  place.hidden = false;
  place.textContent = message;
}

/** What a traceback says in the end: what it was, without where it is from and without notes. @param {string} traceback */
export function lastLine(traceback) {
  const lines = traceback.trim().split('\n');
  const line = lines.findLast((one) => /^[A-Za-z_][\w.]*: /u.test(one)) ?? lines.at(-1) ?? '';
  return line.replace(/^(?:\w+\.)+(?=\w+: )/u, '');
}

/** It works now. @param {Element} [element] */
export function forget(element = document.body) {
  const place = shown.get(element);
  if (!place) return;
  shown.delete(element);
  place.textContent = '';
  if (place.dataset.made) place.remove();
}

/** @param {Element} element @returns {HTMLElement} */
function placeFor(element) {
  const form = element.closest('form');
  const own = /** @type {HTMLElement | null} */ (form?.querySelector(PLACE) ?? document.querySelector(`${PLACE}:not(form *)`));
  if (own) return own;
  const made = document.createElement('p');
  made.dataset.velocious = 'problem';
  made.dataset.made = 'true';
  made.style.cssText = 'color: light-dark(#a3121f, #ff9d9d); white-space: pre-line';
  if (form) form.append(made);
  else (document.querySelector('main') ?? document.body).prepend(made);
  return made;
}
