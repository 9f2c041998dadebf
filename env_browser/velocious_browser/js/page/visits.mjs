// Links and forms of a page whose application runs in this tab: the next page takes the place of this one, and Python goes on.
//
// Only what the browser answers itself is shown so. When the server answers, or a page has rules of its own (another
// Content-Security-Policy), the browser loads it as always. `data-velocious="off"` on a link, a form or around them leaves it alone.

import { here } from './here.mjs';
import { show } from './swap.mjs';

/** @typedef {{method?: string, body?: BodyInit, back?: {scroll: number}}} How */

let watching = false;
let lastVisit = 0;

/** Starts to take links and forms over; once. */
export function watch() {
  if (watching) return;
  watching = true;
  history.scrollRestoration = 'manual';
  if (history.state?.scroll) scrollTo(0, history.state.scroll);
  history.replaceState({ ...history.state, velocious: true }, '');
  document.addEventListener('click', onClick);
  document.addEventListener('submit', onSubmit);
  addEventListener('popstate', ({ state }) => { if (state?.velocious) visit(location.href, { back: { scroll: state.scroll ?? 0 } }); });
}

/** @param {MouseEvent} event */
function onClick(event) {
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.target || link.hasAttribute('download') || !isOurs(link, link.href) || isPlaceHere(link)) return;
  event.preventDefault();
  visit(link.href);
}

/** @param {SubmitEvent} event */
function onSubmit(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  const address = button?.hasAttribute('formaction') ? button.formAction : (form.getAttribute('action') || location.href);
  const url = new URL(address, document.baseURI);
  const method = (button?.getAttribute('formmethod') ?? form.getAttribute('method') ?? 'get').toLowerCase();
  if (event.defaultPrevented || (button?.formTarget || form.target) || method === 'dialog' || !isOurs(form, url.href)) return;
  event.preventDefault();
  const data = new FormData(form, button);
  const isMultipart = (button?.getAttribute('formenctype') ?? form.enctype) === 'multipart/form-data';
  if (method === 'post') return visit(url.href, { method: 'POST', body: isMultipart ? data : flat(data) });
  url.search = flat(data).toString();
  visit(url.href);
}

/**
 * Shows the page at *url*, as the application in this browser answers it.
 * @param {string} url
 * @param {How} [how]
 */
export async function visit(url, { method = 'GET', body, back } = {}) {
  const number = ++lastVisit;
  document.documentElement.setAttribute('aria-busy', 'true');
  try {
    const response = await fetch(url, { method, body, headers: { Accept: 'text/html, application/xhtml+xml, */*;q=0.8', 'Velocious-Visit': method === 'GET' ? 'question' : 'order' } });
    if (number === lastVisit) await arrive(response, url, method, back);
  } catch (error) {
    // a POST may have been done: only a question is asked again
    if (number === lastVisit && method === 'GET') location.assign(url);
    else throw error;
  } finally {
    if (number === lastVisit) document.documentElement.removeAttribute('aria-busy');
  }
}

/**
 * @param {Response} response
 * @param {string} asked
 * @param {string} method
 * @param {How["back"]} back
 */
async function arrive(response, asked, method, back) {
  const url = new URL(response.url || asked);
  // an answer of the server that came through the service worker does not say that it was redirected
  const redirected = response.redirected || url.href !== new URL(asked, url).href.replace(/#.*/u, '');
  if (!redirected) url.hash = new URL(asked).hash;
  if (!isShown(response, method === 'GET' || redirected)) return leave(response, url, method === 'GET' || redirected, back);
  const html = await response.text();
  if (!back) remember(url);
  here.rendered = 'browser';
  await show(html, url, back?.scroll ?? null);
}

/**
 * The browser shows it in its own way: a page of the server, a file, a page with rules of its own.
 * @param {Response} response
 * @param {URL} url
 * @param {boolean} repeatable  a GET of this address brings the same
 * @param {How["back"]} back
 */
async function leave(response, url, repeatable, back) {
  if (back) location.reload();
  else if (repeatable) location.assign(url);
  else location.assign(URL.createObjectURL(await response.blob()));
}

/** @param {Response} response @param {boolean} repeatable */
function isShown({ headers, ok }, repeatable) {
  if (headers.get('velocious-answered-by') !== 'browser' || !headers.get('content-type')?.startsWith('text/html')) return false;
  // what a POST answered (errors in a form) cannot be asked for again
  return headers.get('velocious-policy') !== 'own' || !ok || !repeatable;
}

/** The scroll position goes with the page that is left. @param {URL} url */
function remember(url) {
  history.replaceState({ ...history.state, velocious: true, scroll: scrollY }, '');
  const entry = { velocious: true };
  if (url.href === location.href) history.replaceState(entry, '', url);
  else history.pushState(entry, '', url);
}

/** @param {Element} element @param {string} address */
function isOurs(element, address) {
  return new URL(address).origin === location.origin && !element.closest('[data-velocious="off"]');
}

/** @param {HTMLAnchorElement} link */
function isPlaceHere(link) {
  return link.hash !== '' && link.pathname === location.pathname && link.search === location.search;
}

/** @param {FormData} data */
function flat(data) {
  return new URLSearchParams([...data].map(([name, value]) => [name, typeof value === 'string' ? value : value.name]));
}
