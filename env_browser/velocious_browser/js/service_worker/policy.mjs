// Who answers a request: the browser, the server, or whichever of them can.

import { freshOrKept, kept } from './copies.mjs';
import { answerLocally } from './local.mjs';
import { fromServer, isReachable } from './network.mjs';
import { explain, shell } from './pages.mjs';
import { isFile, routes, settings, web } from './settings.mjs';
import { identity } from './tabs.mjs';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
/** A form can only POST; the application may read another method from it. */
const OVERRIDES = ['PATCH', 'PUT', 'DELETE'];
/** Navigations whose order the browser has carried out: what it redirects to is its business, too. @type {Set<string>} */
const ordered = new Set();
/** Below the runtime's place, addresses with a digest never change their content. */
const IMMUTABLE = /^\/velocious\/(runtime|js|app|source)\/[0-9a-f]+[./]/;

/**
 * The answer, or null where the browser goes on as if there were no service worker.
 * @param {FetchEvent} event
 * @returns {Promise<Response> | null}
 */
export function answerFor(event) {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin || !url.pathname.startsWith(`${settings.root}/`)) return null;
  const path = url.pathname.slice(settings.root.length);
  if (path.startsWith('/velocious/')) return request.method === 'GET' ? runtime(request, path) : null;
  const route = routeFor(request.method, path);
  if (route || isMissing(request, path)) {
    const always = settings.alone === true || route?.on === 'browser';
    return (SAFE.has(request.method) ? question : order)(event, always).catch((error) => explain(request, 500, error));
  }
  if (request.method !== 'GET') return null;
  if (web.has(path)) return freshOrKept(request, settings.asks && settings.alone === true);
  return request.mode === 'navigate' ? elsewhere(request) : null;
}

/**
 * A page that nobody has, on a site without a server: the application says so.
 * @param {Request} request
 * @param {string} path
 */
function isMissing(request, path) {
  const isPage = request.mode === 'navigate' || request.headers.has('velocious-visit');
  return settings.alone && isPage && !isFile(path);
}

/** @param {string} method @param {string} path */
function routeFor(method, path) {
  const wanted = [method === 'HEAD' ? 'GET' : method];
  const name = decoded(path);
  const fitting = routes.filter(({ pattern }) => pattern.test(name));
  return fitting.find(({ methods }) => wanted.some((one) => methods.has(one)))
    ?? fitting.find(({ methods }) => method === 'POST' && OVERRIDES.some((one) => methods.has(one)));
}

/** @param {string} path */
function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** @param {Request} request @param {string} path */
function runtime(request, path) {
  if (IMMUTABLE.test(path)) return kept(request);
  const name = path.slice('/velocious/'.length);
  if (name.endsWith('.mjs') && name !== 'service_worker.mjs') return module(request, name);
  const copy = name.startsWith('pyscript/') && Object.keys(settings.files).find((url) => url.endsWith(`/${name}`));
  if (copy) return settings.asks ? Promise.resolve(Response.redirect(copy, 307)) : fetch(request).catch(() => Response.redirect(copy, 307));
  return `${settings.root}${path}` in settings.fresh ? freshOrKept(request, settings.asks) : null;
}

/**
 * A module under its stable name: of the version that boot.json will be of. Not redirected: to a browser that would be another module
 * than the one at the address that it leads to.
 * @param {Request} request
 * @param {string} name
 */
async function module(request, name) {
  const leading = `export * from ${JSON.stringify(settings.js + name + new URL(request.url).search)};\n`;
  const own = () => new Response(leading, { headers: { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'no-cache' } });
  return settings.asks && settings.files[settings.js + name] ? own() : fetch(request).catch(own);
}

/**
 * Something that may be asked twice.
 * @param {FetchEvent} event
 * @param {boolean} always  the browser answers, whether there is a server or not
 */
async function question(event, always) {
  const { request, resultingClientId } = event;
  const follows = ordered.delete(resultingClientId) || request.headers.get('velocious-visit') === 'order';
  const answer = (!always && !follows && (await fromServer(request))) || (await answerLocally(event));
  // a path can fit two routes, and the first of them be the server's
  if (answer?.headers.get('velocious-runs-on') === 'server') return elsewhere(request);
  if (answer) return answer;
  return request.mode === 'navigate' ? shell() : explain(request, 503, 'no tab of this application is open');
}

/**
 * Something that must happen once. Whoever answered the page that asks gets it, for that is whose data it speaks of; where the
 * page does not know, the server does if it can be reached. Nobody gets it after somebody else may have had it.
 * @param {FetchEvent} event
 * @param {boolean} always
 */
async function order(event, always) {
  const local = always || event.request.headers.get('velocious-visit') || (await identity(event.clientId))?.rendered === 'browser' || !(await isReachable());
  if (!local) return fetch(event.request).catch(() => explain(event.request, 504, 'the server went away while it was asked; whether it did this is not '
    + 'known, and it was not sent again'));
  const answer = await answerLocally(event);
  if (answer && event.resultingClientId) ordered.add(event.resultingClientId);
  return answer ?? explain(event.request, 503, 'nothing was sent: no tab of this application is open, and the server cannot be reached');
}

/** A page that the browser does not answer. @param {Request} request */
function elsewhere(request) {
  return fetch(request).catch(() => explain(request, 503, 'this page needs the server, which cannot be reached'));
}
