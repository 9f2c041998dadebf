// What went wrong, shown where the person looks: in the form, else in the page's own place for it, else on top.
//
// A place is an element with data-velocious="problem"; where there is none, one is made.

/** @typedef {import('../messages.mjs').DomProblem} DomProblem */

const PLACE = '[data-velocious="problem"]';
/** @type {WeakMap<Element, {place: HTMLElement, message: string}>} by the element that something was done with */
const shown = new WeakMap();

/**
 * @param {DomProblem} problem
 * @param {Element} [element]  what the person did something with, or what cannot be shown
 */
export function problem({ message, detail }, element = document.body) {
  if (detail) console.error(`velocious: ${detail}`);
  const place = shown.get(element)?.place ?? placeFor(element);
  shown.set(element, { place, message });
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

/** It works now. @param {Element} element */
export function forget(element) {
  const known = shown.get(element);
  shown.delete(element);
  // the place may tell of something else by now
  if (known?.place.textContent !== known?.message) return;
  if (known?.place.dataset.made) known.place.remove();
  else known?.place.replaceChildren();
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
