// The page around the PyScript worker: starts it, calls what it exports, shows the answers.

import { announce, byId, h } from '../dom.mjs';
import { count } from '../numbers.mjs';
import { failureCard } from '../starting_card.mjs';
import { themeButton } from '../theme_button.mjs';
import { highlighted } from './highlight.mjs';

const VELOCIOUS = new URL('../../../velocious/', import.meta.url);
const source = byId('python').textContent.trim();
const began = performance.now();
let python;

themeButton();
byId('source').append(...highlighted(source));
run().catch((error) => {
  phase('failed');
  byId('storage').textContent = 'failed';
  byId('storage').dataset.state = 'failed';
  byId('cover').replaceChildren(failureCard(error, () => location.reload()));
});

async function run() {
  showStarting('Loading PyScript and Python …');
  await readBoot();
  showStarting('Starting Python in a PyScript worker …');
  python = await startPython();
  phase('ready');
  byId('cover').replaceChildren();
  byId('results').hidden = false;
  await show();
  byId('took').textContent = `First answer after ${((performance.now() - began) / 1000).toFixed(1)} s.`;
  byId('add').addEventListener('submit', add);
  byId('find').addEventListener('submit', (event) => { event.preventDefault(); show(); });
}

async function readBoot() {
  const response = await fetch(new URL('boot.json', VELOCIOUS)).catch(() => {
    throw new Error('Failed to fetch boot.json: is the server running?');
  });
  const boot = await response.json();
  if (!response.ok) throw Object.assign(new Error(boot.error.message), { code: boot.error.code });
  return boot;
}

/** Adds the script element, loads PyScript, and waits until the script ran to its end. */
async function startPython() {
  const script = h('script', { type: 'py', worker: true, config: JSON.stringify({ interpreter: new URL('interpreter.mjs', VELOCIOUS).pathname, sync_main_only: true }) });
  script.textContent = source;
  document.body.append(script);
  await import(new URL('pyscript/core.js', VELOCIOUS).href);
  while (!script.xworker) await new Promise((resolve) => { setTimeout(resolve, 20); });
  await script.xworker.ready;
  return script.xworker.sync;
}

async function show() {
  const text = byId('find').elements.text.value.trim();
  const [figures, tasks] = [await python.figures(), await python.find(text)];
  for (const name of ['project', 'task', 'open']) byId(`${name}-figure`).textContent = count(figures[name === 'open' ? name : `${name}s`]);
  byId('storage').textContent = figures.storage;
  byId('storage').dataset.state = figures.storage;
  byId('found-title').textContent = text ? `Tasks with “${text}”` : 'The newest tasks';
  byId('found').replaceChildren(...tasks.map(({ name, done, project }) => h('li', {},
    h(`span.name${done ? '.done' : ''}`, { title: name, dir: 'auto' }, name), h('span.of', { dir: 'auto' }, project))));
  if (tasks.length === 0) byId('found').append(h('li.soft', {}, text ? 'None.' : 'None yet: add one above.'));
}

async function add(event) {
  event.preventDefault();
  const { name } = event.target.elements;
  const answer = await python.add(name.value);
  byId('problem').textContent = answer.problem ?? '';
  if (answer.problem) return;
  name.value = '';
  announce('Added');
  await show();
}

function showStarting(text) {
  byId('cover').replaceChildren(h('div.card', { role: 'status' }, h('p', {}, text), h('div.meter.endless', {}, h('span'))));
}

function phase(name) {
  byId('main').dataset.phase = name;
}
