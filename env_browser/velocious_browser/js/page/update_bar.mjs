// A bar that says that there is a new version, with Reload and Later; it takes no focus and covers no more than a line.
//
// `<template id="velocious-update">` in a page puts other words or another look in its place: the elements in it with
// data-update="apply" and data-update="later" are its buttons. `<meta name="velocious-update" content="off">` leaves it out.

import { update } from './update.mjs';

const LOOK = `
  :host { all: initial; position: fixed; inset: auto 0 0; z-index: 2147483647; display: flex; justify-content: center; pointer-events: none;
    font: 15px/1.4 system-ui, sans-serif; color-scheme: light dark; }
  div { pointer-events: auto; display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin: .75rem; padding: .5rem .75rem .5rem 1rem;
    border-radius: .5rem; background: CanvasText; color: Canvas; }
  button { font: inherit; padding: .25rem .75rem; border: 1px solid; border-radius: .375rem; background: none; color: inherit; cursor: pointer; }
  button:focus-visible { outline: 2px solid; outline-offset: 2px; }
`;
const WORDS = '<div><span>A new version is here.</span><button data-update="apply">Reload</button><button data-update="later">Later</button></div>';

/** Shows the bar whenever there is something to go over to, and once for each version. */
export function offerUpdates() {
  if (document.querySelector('meta[name="velocious-update"][content="off"]')) return;
  /** @type {string | null} */
  let shown = null;
  update.subscribe(({ name, version }) => {
    if (name !== 'available' || shown === version) return;
    shown = version;
    show();
  });
}

function show() {
  document.getElementById('velocious-update-bar')?.remove();
  const bar = document.createElement('div');
  bar.id = 'velocious-update-bar';
  bar.role = 'status';
  const own = document.querySelector('template#velocious-update');
  const place = own instanceof HTMLTemplateElement ? bar : bar.attachShadow({ mode: 'open' });
  // beside the body, which the next page replaces; said by a screen reader because the words come after the place for them
  document.documentElement.append(bar);
  if (own instanceof HTMLTemplateElement) place.append(own.content.cloneNode(true));
  else fill(/** @type {ShadowRoot} */ (place));
  place.querySelector('[data-update="apply"]')?.addEventListener('click', () => update.apply());
  place.querySelector('[data-update="later"]')?.addEventListener('click', () => bar.remove());
}

/** @param {ShadowRoot} root */
function fill(root) {
  // a style element would need the page's Content-Security-Policy to allow it
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(LOOK);
  root.adoptedStyleSheets = [sheet];
  root.innerHTML = WORDS;
}
