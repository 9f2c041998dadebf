// Makes the children of an element what HTML says, and leaves everything as it is that does not differ: focus, caret,
// scroll positions, what a person is writing, a <details> that was opened.
//
// Children with an id (or data-key) are found again wherever they have moved to; others by their place. A script in the HTML
// does not run.

import { copyAttributes } from '../page/attributes.mjs';

/**
 * @param {Element} element
 * @param {string} html
 * @param {(element: Element) => boolean} [isOthers]  whose children somebody else renders: they are left alone
 */
export function morph(element, html, isOthers = () => false) {
  // the content of a <template> takes anything, rows of a table too
  const parsed = document.createElement('template');
  parsed.innerHTML = html;
  const wanted = document.importNode(parsed.content, true);
  new Morph(isOthers).children(element, wanted);
}

class Morph {
  #isOthers;

  /** @param {(element: Element) => boolean} isOthers */
  constructor(isOthers) {
    this.#isOthers = isOthers;
  }

  /** @param {Element} here @param {ParentNode & Node} wanted */
  children(here, wanted) {
    const keyed = byKey(here);
    // what has a key in both stays for it: its place may be asked for by something before it
    const kept = new Set([...wanted.children].map((child) => keyed.get(key(child))));
    let next = here.firstChild;
    for (const node of [...wanted.childNodes]) {
      const found = this.#match(node, next, keyed, kept);
      if (!found) {
        here.insertBefore(node, next);
        continue;
      }
      if (found === next) next = next.nextSibling;
      else next = put(here, found, next);
      this.#change(found, node);
    }
    while (next) {
      const rest = next;
      next = next.nextSibling;
      rest.remove();
    }
  }

  /**
   * The node that becomes *node*: the one of its key, or else the next of its kind that has none.
   * @param {Node} node
   * @param {ChildNode | null} next
   * @param {Map<string, Element>} keyed
   * @param {Set<Element | undefined>} kept
   * @returns {ChildNode | null}
   */
  #match(node, next, keyed, kept) {
    const wanted = node instanceof Element ? key(node) : '';
    if (wanted) {
      const found = keyed.get(wanted);
      return found?.nodeName === node.nodeName ? found : null;
    }
    for (let one = next; one; one = one.nextSibling) {
      if (one.nodeName === node.nodeName && !(one instanceof Element && key(one))) return one;
      // never past something that stays: all that lies before it would be lost
      if (one instanceof Element && kept.has(one)) return null;
    }
    return null;
  }

  /** @param {Node} here @param {Node} wanted */
  #change(here, wanted) {
    if (!(here instanceof Element && wanted instanceof Element)) {
      if (here.nodeValue !== wanted.nodeValue) here.nodeValue = wanted.nodeValue;
      return;
    }
    const before = state(here);
    copyAttributes(wanted, here, isPersons);
    if (!this.#isOthers(here)) this.children(here, wanted);
    follow(here, before);
  }
}

/** What a person changed by hand, and nobody renders. @param {Element} element @param {string} name */
function isPersons(element, name) {
  return (name === 'open' && (element.localName === 'details' || element.localName === 'dialog')) || name === 'aria-busy';
}

/** @param {Element} element */
function key(element) {
  return element.id || element.getAttribute('data-key') || '';
}

/** @param {Element} parent @returns {Map<string, Element>} */
function byKey(parent) {
  return new Map([...parent.children].filter((child) => key(child)).map((child) => [key(child), child]));
}

/**
 * Moves *node* before *next*; the focus and the scroll position inside of it stay where the browser can do that.
 * @param {Element} parent @param {ChildNode} node @param {ChildNode | null} next
 * @returns {ChildNode | null}  what comes after it
 */
function put(parent, node, next) {
  const mover = /** @type {Element & {moveBefore?: (node: Node, next: Node | null) => void}} */ (parent);
  if (mover.moveBefore) {
    mover.moveBefore(node, next);
    return next;
  }
  const focused = node.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
  if (!focused) {
    parent.insertBefore(node, next);
    return next;
  }
  // it stays where it is, and what is before it goes behind it
  while (next && next !== node) {
    const moved = next;
    next = next.nextSibling;
    parent.append(moved);
  }
  return node.nextSibling;
}

/** @typedef {{value: string | null, checked: boolean | null, selected: boolean | null}} State  what was rendered last */

/** @param {Element} element @returns {State} */
function state(element) {
  return {
    value: element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element.defaultValue : null,
    checked: element instanceof HTMLInputElement ? element.defaultChecked : null,
    selected: element instanceof HTMLOptionElement ? element.defaultSelected : null,
  };
}

/**
 * A control has what is rendered, once that has changed; until then it has what the person did.
 * @param {Element} element @param {State} before
 */
function follow(element, before) {
  if (element instanceof HTMLInputElement && element.defaultChecked !== before.checked) element.checked = element.defaultChecked;
  if (element instanceof HTMLOptionElement && element.defaultSelected !== before.selected) element.selected = element.defaultSelected;
  if (!(element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) || element.defaultValue === before.value) return;
  const isWriting = element === document.activeElement && element.value !== before.value;
  if (!isWriting && element.value !== element.defaultValue) element.value = element.defaultValue;
}
