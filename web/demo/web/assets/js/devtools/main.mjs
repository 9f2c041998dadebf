// Commands and Python of this browser, with their output and exit codes.

import { byId, h } from '../dom.mjs';
import { Engine } from '../engine.mjs';
import { megabytes } from '../numbers.mjs';
import { failureCard, startingCard, waitingCard } from '../starting_card.mjs';
import { exportDatabase, storageBadge } from '../storage_badge.mjs';
import { themeButton } from '../theme_button.mjs';
import { toast } from '../toast.mjs';
import { COMMANDS, EXAMPLES } from './examples.mjs';
import { Transcript } from './transcript.mjs';

const LOG_LINES = 500;
const engine = new Engine();
const starting = startingCard();
const transcript = new Transcript(byId('transcript'));

themeButton();
storageBadge(engine);
fill();
engine.onLog(log);
engine.watch(follow);
engine.start();

function follow() {
  const { name } = engine.state;
  const main = byId('main');
  main.dataset.phase = engine.running ? 'ready' : name;
  for (const element of main.querySelectorAll('form, .choices')) element.inert = !engine.running;
  for (const id of ['export', 'persist']) byId(id).disabled = !engine.running;
  if (engine.running) byId('cover').replaceChildren();
  else if (name === 'waiting') byId('cover').replaceChildren(waitingCard());
  else if (name === 'failed') byId('cover').replaceChildren(failureCard(engine.state, () => location.reload()));
  else showStarting();
  if (engine.storage) showStorage(engine.storage);
}

function showStarting() {
  if (!starting.card.isConnected) byId('cover').replaceChildren(starting.card);
  starting.update(engine);
}

function showStorage(storage) {
  const rows = [
    ['State', storage.state],
    ['Why', storage.reason],
    ['Directory', storage.directory ?? 'memory'],
    ['Used', `${megabytes(storage.usage)} of ${megabytes(storage.quota)}`],
    ['Files', `${storage.files}, room for ${storage.free} more`],
  ];
  byId('facts').replaceChildren(...rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
  byId('persist').hidden = storage.persisted;
}

async function run(...words) {
  const entry = transcript.begin(words);
  try {
    entry.end(await engine.app.cli.run(...words));
  } catch (error) {
    entry.fail(error);
  }
}

function fill() {
  byId('commands').append(...COMMANDS.map((line) => h('button.button', { type: 'button', onclick: () => run(line) }, line)));
  byId('known-commands').append(...COMMANDS.map((line) => h('option', { value: line })));
  const code = byId('runner').elements.code;
  code.value = EXAMPLES[0].code;
  byId('examples').append(...EXAMPLES.map(({ label, code: text }) => h('button.button', { type: 'button', onclick: () => { code.value = text; code.focus(); } }, label)));
  byId('command').addEventListener('submit', (event) => { event.preventDefault(); run(event.target.elements.line.value); });
  byId('runner').addEventListener('submit', (event) => { event.preventDefault(); run('runner', code.value); });
  code.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) byId('runner').requestSubmit();
  });
  byId('clear').addEventListener('click', () => transcript.clear());
  byId('export').addEventListener('click', () => exportDatabase(engine));
  byId('persist').addEventListener('click', persist);
}

async function persist() {
  const { persisted } = await engine.app.storage.persist();
  toast(persisted ? 'The browser promised to keep this site’s data.' : 'The browser did not promise it. Most do once the page is bookmarked, installed or used often.');
}

function log(level, text) {
  console[level === 'warning' ? 'warn' : level](text);
  const list = byId('log');
  const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 8;
  list.append(h(`li.${level}`, {}, text));
  while (list.childElementCount > LOG_LINES) list.firstElementChild.remove();
  if (atEnd) list.scrollTop = list.scrollHeight;
}
