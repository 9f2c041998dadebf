// Puts another page in the place of the one that is shown: title, head, body, scripts, scroll position and focus.

import { copyAttributes } from './attributes.mjs';

/**
 * @param {string} html
 * @param {URL} url
 * @param {number | null} scroll  where it was left; null for a page that is new
 */
export async function show(html, url, scroll) {
  const next = new DOMParser().parseFromString(html, 'text/html');
  copyAttributes(next.documentElement, document.documentElement);
  await replaceHead(next.head);
  document.body.replaceWith(document.adoptNode(next.body));
  revive(document.body);
  place(url, scroll);
  document.dispatchEvent(new CustomEvent('velocious:load', { detail: { url: url.href } }));
}

/** What both heads have stays, so that no style is loaded twice; what is new comes before the page is shown. @param {HTMLHeadElement} next */
async function replaceHead(next) {
  const wanted = new Map([...next.children].map((element) => [element.outerHTML, element]));
  for (const element of [...document.head.children]) {
    if (wanted.has(element.outerHTML)) wanted.delete(element.outerHTML);
    // a script that ran cannot be taken back, and must not run again
    else if (element.localName !== 'script') element.remove();
  }
  const added = [...wanted.values()].map((element) => /** @type {Element} */ (document.adoptNode(element)));
  const loading = added.filter((element) => element.matches('link[rel~="stylesheet"][href]')).map(loaded);
  document.head.append(...added.map((element) => (element.localName === 'script' ? again(element) : element)));
  await Promise.race([Promise.all(loading), new Promise((resolve) => { setTimeout(resolve, 1000); })]);
}

/** @param {Element} element */
function loaded(element) {
  return new Promise((resolve) => {
    element.addEventListener('load', resolve);
    element.addEventListener('error', resolve);
  });
}

/** Scripts of a parsed page do not run; new ones with the same words do. @param {HTMLElement} body */
function revive(body) {
  for (const script of body.querySelectorAll('script')) script.replaceWith(again(script));
}

/** @param {Element} script */
function again(script) {
  const copy = document.createElement('script');
  for (const { name, value } of script.attributes) copy.setAttribute(name, value);
  copy.textContent = script.textContent;
  return copy;
}

/** @param {URL} url @param {number | null} scroll */
function place(url, scroll) {
  const named = url.hash ? document.getElementById(decodeURIComponent(url.hash.slice(1))) : null;
  const focused = /** @type {HTMLElement | null} */ (document.querySelector('[autofocus]')) ?? named ?? document.querySelector('h1, main') ?? document.body;
  // a heading takes the focus only when it is told that it may
  if (focused.tabIndex < 0 && !focused.hasAttribute('tabindex')) focused.setAttribute('tabindex', '-1');
  focused.focus({ preventScroll: true });
  if (scroll === null && named) named.scrollIntoView();
  else scrollTo(0, scroll ?? 0);
}
