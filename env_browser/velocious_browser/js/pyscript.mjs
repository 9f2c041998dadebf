// For pages with <script type="py" worker>: <script type="module" src="/velocious/pyscript.mjs"></script>
//
// Loads PyScript from the application's own origin, gives each script our interpreter, and does with the page's elements what
// velocious_browser.pyscript asks. Needs no header: not SharedArrayBuffer, and nothing from another origin.

import { fetchBoot } from './boot.mjs';
import { configure } from './dom/configuring.mjs';
import { holdForms } from './dom/events.mjs';
import { PageEnd } from './dom/page_end.mjs';
import { advance, fail, leave } from './dom/starting.mjs';
import { describe } from './failure.mjs';
import { register } from './page/registration.mjs';
import { watchSleep } from './page/sleeping.mjs';

/** @typedef {Worker & {ready: Promise<unknown>}} XWorker  PyScript's */
/** @typedef {HTMLScriptElement & {xworker?: XWorker}} PyScript */

const BOOT = new URL('../../boot.json', import.meta.url).href;
const INTERPRETER = new URL('interpreter.mjs', import.meta.url).pathname;
const SCRIPTS = 'script[type="py"]';
/** What the page itself waits for, beside its scripts. */
const PYSCRIPT = {};

/** @type {Map<XWorker, PageEnd | null>} */
const workers = new Map();

/** Called once by the script itself. */
async function enter() {
  holdForms();
  // as in client.mjs; a script that ran cannot be run again in the same page
  watchSleep(() => { for (const xworker of [...workers.keys()]) end(xworker); }, () => location.reload());
  advance(PYSCRIPT, 'starting', 'Loading Python');
  // before PyScript's own observer, which would start a script as it is
  new MutationObserver(watch).observe(document, { childList: true, subtree: true });
  try {
    const boot = await fetchBoot(BOOT);
    await Promise.all(scripts(document).map((script) => configure(script, INTERPRETER)));
    await startPyScript(new URL('pyscript/', boot.runtime.base).href);
    await register(boot);
  } catch (error) {
    fail(PYSCRIPT, describe(error).message);
  }
}

/** @param {string} base */
async function startPyScript(base) {
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: `${base}core.css` });
  document.head.prepend(link);
  const { hooks } = await import(`${base}core.js`);
  hooks.main.onWorker.add((/** @type {unknown} */ _, /** @type {XWorker} */ xworker) => attend(xworker));
  for (const { xworker } of scripts(document)) if (xworker) attend(xworker);
  if (!scripts(document).some((script) => script.hasAttribute('worker'))) leave(PYSCRIPT);
}

/** @param {XWorker} xworker */
function attend(xworker) {
  if (workers.has(xworker)) return;
  workers.set(xworker, null);
  advance(xworker, 'starting');
  leave(PYSCRIPT);
  xworker.addEventListener('message', ({ data, ports }) => {
    if (data?.velocious === 'page') workers.set(xworker, new PageEnd(ports[0], xworker));
  });
  xworker.ready.then(() => finish(xworker), (error) => fail(xworker, describe(error).message));
}

/** Its listeners come on another way than the news that it ran to its end. @param {XWorker} xworker */
async function finish(xworker) {
  await workers.get(xworker)?.settled();
  advance(xworker, 'ready');
}

/** Scripts that come later, and those that go: with its script, a worker gives the database to others. @param {MutationRecord[]} records */
function watch(records) {
  for (const { addedNodes, removedNodes } of records) {
    for (const script of [...addedNodes].flatMap(scripts)) configure(script, INTERPRETER).catch((error) => fail(script, describe(error).message));
    for (const script of [...removedNodes].flatMap(scripts)) if (script.xworker && !script.isConnected) end(script.xworker);
  }
}

/** @param {Node} node @returns {PyScript[]} */
function scripts(node) {
  if (!(node instanceof Element || node instanceof Document)) return [];
  const inside = /** @type {PyScript[]} */ ([...node.querySelectorAll(SCRIPTS)]);
  return node instanceof Element && node.matches(SCRIPTS) ? [/** @type {PyScript} */ (node)] : inside;
}

/** @param {XWorker} xworker */
function end(xworker) {
  xworker.terminate();
  workers.get(xworker)?.close();
  workers.delete(xworker);
  leave(xworker);
}

enter();
