// What is shown while Python starts: steps, bytes and seconds.

import { advise } from './advice.mjs';
import { h } from './dom.mjs';
import { STEPS } from './engine.mjs';
import { megabytes } from './numbers.mjs';

export function startingCard() {
  const meter = h('div.meter', { role: 'progressbar', 'aria-label': 'Start of Python' }, h('span'));
  const amount = h('p.soft.small.numbers');
  const steps = h('ol.steps', {}, STEPS.map(([name, label]) => h('li', { 'data-step': name }, h('span', {}, label), h('span.numbers'))));
  const card = h('div.card', {}, h('h2', {}, 'Starting Python in this browser'),
    h('p.soft', {}, 'Its records live in a SQLite database of this browser, not on a server.'), meter, amount, steps);
  return { card, update: (engine) => update(engine, { meter, amount, steps }) };
}

function update(engine, { meter, amount, steps }) {
  const now = Math.max(0, ...STEPS.map(([name], index) => (engine.progress.has(name) ? index : 0)));
  for (const [index, [name]] of STEPS.entries()) {
    const item = steps.children[index];
    item.dataset.state = index < now ? 'done' : index === now ? 'now' : 'next';
    const progress = engine.progress.get(name);
    if (progress?.total) item.lastChild.textContent = `${megabytes(progress.loaded)} of ${megabytes(progress.total)}`;
  }
  const runtime = engine.progress.get('runtime');
  const share = runtime?.total ? Math.min(runtime.loaded / runtime.total, 1) : 0;
  meter.classList.toggle('endless', share === 0 || share === 1);
  meter.firstChild.style.width = share > 0 && share < 1 ? `${share * 100}%` : '';
  if (share) meter.setAttribute('aria-valuenow', String(Math.round(share * 100)));
  amount.textContent = `Step ${now + 1} of ${STEPS.length} · ${((performance.now() - engine.startedAt) / 1000).toFixed(1)} s`;
}

/** Another tab has the database, and does not answer. */
export function waitingCard(...actions) {
  return h('div.card.warn', { role: 'status' }, h('h2', {}, 'Waiting for another tab'),
    h('p', {}, 'One tab owns the database of this browser and works for the others. It does not answer yet; this page goes on by itself when it does, or is closed.'),
    h('div.meter.endless', {}, h('span')), actions.length ? h('div.actions', {}, ...actions) : null);
}

/** @param {{code?: string | null, message: string}} error */
export function failureCard(error, retry, ...actions) {
  const advice = advise(error);
  const label = advice.action === 'retry' ? 'Try again' : 'Reload the page';
  return h('div.card.bad', { role: 'alert' }, h('h2', {}, advice.title), h('p', {}, ...withCode(advice.text)),
    advice.detail ? h('details.small', {}, h('summary', {}, 'What exactly was reported'), h('p.output', {}, advice.detail)) : null,
    h('div.actions', {}, h('button.button.primary', { type: 'button', onclick: retry }, label), ...actions));
}

function withCode(text) {
  return text.split('`').map((part, index) => (index % 2 ? h('code', {}, part) : part));
}
