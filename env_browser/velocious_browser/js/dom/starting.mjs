// How far the scripts of the page are: <html data-python="…">, and elements with data-velocious="starting" while they are not.

import { releaseForms } from './events.mjs';
import { lastLine, problem } from './problems.mjs';

/** @typedef {"starting" | "waiting" | "ready" | "failed"} Phase */

const ORDER = /** @type {Phase[]} */ (['failed', 'waiting', 'starting']);
/** @type {Map<object, Phase>} */
const phases = new Map();

/**
 * @param {object} script
 * @param {Phase} phase
 * @param {string} [label]  what the person reads
 */
export function advance(script, phase, label = '') {
  // a script that failed comes to its end, too
  if (phases.get(script) === 'failed') return;
  phases.set(script, phase);
  show(label);
}

/** It ends here. @param {object} script @param {string} message  a traceback, perhaps */
export function fail(script, message) {
  problem({ message: lastLine(message), detail: null });
  advance(script, 'failed');
}

/** Nobody waits for it any more. @param {object} script */
export function leave(script) {
  phases.delete(script);
  show('');
}

/** How far a script is that has not ended yet. @param {object} script @param {string} label */
export function tell(script, label) {
  if (phases.get(script) === 'starting' || phases.get(script) === 'waiting') show(label);
}

/** @param {string} label */
function show(label) {
  const all = new Set(phases.values());
  const phase = ORDER.find((one) => all.has(one)) ?? 'ready';
  const isOver = phase === 'ready' || phase === 'failed';
  document.documentElement.dataset.python = phase;
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-velocious="starting"]'))) {
    element.hidden = isOver;
    if (label) element.textContent = label;
  }
  if (isOver) releaseForms();
}
