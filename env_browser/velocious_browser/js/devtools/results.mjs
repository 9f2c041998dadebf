// What a statement answered.

import { fill, h } from './dom.mjs';
import { count, duration, isNumber, shown } from './format.mjs';

/** @typedef {import('../questions.mjs').Outcome} Outcome */
/** @typedef {import('../questions.mjs').PlanStep} PlanStep */

/** @param {HTMLElement} place @param {Outcome} outcome */
export function showOutcome(place, outcome) {
  const { columns, rows, changed, milliseconds } = outcome;
  const said = columns.length > 0 || outcome.reads ? count(outcome.count, 'row') : changed === null ? 'Done' : `${count(changed, 'row')} changed`;
  const cut = rows.length < outcome.count ? `, the first ${rows.length.toLocaleString('en')} are shown` : '';
  fill(place, h('p', { class: 'soft numbers', role: 'status' }, `${said}${cut} · ${duration(milliseconds)}`),
    columns.length > 0 && h('div', { class: 'grid', tabindex: '0', role: 'region', 'aria-label': 'Result' }, h('table', {},
      h('thead', {}, h('tr', {}, ...columns.map((name) => h('th', { scope: 'col' }, name)))),
      h('tbody', {}, ...rows.map((row) => h('tr', {}, ...row.map((cell) => h('td', { class: isNumber(cell) ? 'number' : null }, shown(cell)))))))));
}

/** @param {HTMLElement} place @param {PlanStep[]} steps */
export function showPlan(place, steps) {
  fill(place, h('p', { class: 'soft', role: 'status' }, 'How the database would go about it; nothing was run.'),
    h('ol', { class: 'plan' }, ...steps.map(({ depth, text }) => h('li', { style: `--depth: ${depth}`, class: text.startsWith('SCAN') ? 'scan' : null }, text))));
}
