// What the server wrote into the service worker's script: what there is to keep, and what the browser may answer.

/** @typedef {{methods: string[], pattern: string, on: "browser" | "both"}} RouteSettings */
/** @typedef {{methods: Set<string>, pattern: RegExp, on: "browser" | "both"}} Route */

/**
 * @typedef {object} Settings
 * @property {string} version  changes with anything below and with every file
 * @property {string} appId
 * @property {string} root  the path that the application is served below: "" or "/below"
 * @property {string} js  the address of the modules of this version
 * @property {Record<string, string>} files  addresses whose content never changes, with the integrity of each
 * @property {Record<string, string>} fresh  addresses whose content changes with the version
 * @property {Record<string, string>} web  paths of the application's own files
 * @property {boolean} asks  a new version waits until a person wants it, and everything is of one version; else it is used at once
 * @property {RouteSettings[]} routes
 * @property {string | null} policy  the Content-Security-Policy of the application's pages
 * @property {boolean} [alone]  there is no server, only files: what is no file is answered by the browser
 * @property {string[]} [left]  paths of files that are not kept; known where there is no server
 */

export const settings = /** @type {Settings} */ ({});
/** @type {Route[]} */
export const routes = [];
/** @type {Set<string>} */
export const web = new Set();
/** @type {Set<string>} */
const left = new Set();

/** Whether a web server has a file for the path, kept here or not. @param {string} path */
export const isFile = (path) => web.has(path) || left.has(path);

/** Called once, before anything is asked. @param {Settings} given */
export function configure(given) {
  Object.assign(settings, given);
  routes.push(...given.routes.map(({ methods, pattern, on }) => ({ methods: new Set(methods), pattern: new RegExp(pattern, 'u'), on })));
  for (const path of Object.keys(given.web)) web.add(path);
  for (const path of given.left ?? []) left.add(path);
}
