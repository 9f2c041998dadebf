// How safe the data of this browser is, in a word; and in sentences when asked.

import { openDialog } from './dialog.mjs';
import { byId, h } from './dom.mjs';
import { megabytes } from './numbers.mjs';
import { toast } from './toast.mjs';

const MEANING = {
  durable: 'Every change is on the disk before it is confirmed, and the browser has promised to keep this site’s data.',
  'best-effort': 'Every change is on the disk before it is confirmed. Only one promise is missing: when the disk is nearly full, the browser may clear this site’s data.',
  volatile: 'The data is kept in memory and is lost when this page is closed.',
};

export function storageBadge(engine) {
  const badge = byId('storage');
  badge.addEventListener('click', () => explain(engine));
  engine.watch(() => {
    const state = stateOf(engine);
    badge.dataset.state = state;
    badge.textContent = state;
    badge.setAttribute('aria-label', `Storage of this browser: ${state}. Explain`);
  });
}

function stateOf(engine) {
  if (engine.state.name === 'failed' || engine.state.name === 'outdated') return engine.state.name;
  if (engine.state.name === 'waiting') return 'waiting';
  return engine.running && engine.storage ? engine.storage.state : 'starting';
}

async function explain(engine) {
  if (engine.running) await engine.app.storage.refresh();
  const state = stateOf(engine);
  const close = h('button.button', { type: 'button', onclick: () => dialog.close() }, 'Close');
  const known = MEANING[state] !== undefined;
  const dialog = openDialog(`Storage: ${state}`,
    h('p', {}, known ? engine.storage.flushes === false && state === 'best-effort' ? engine.storage.reason : MEANING[state] : engine.state.message || 'Python is still starting.'),
    known ? facts(engine.storage) : null,
    h('div.actions', {},
      known ? h('button.button.apart', { type: 'button', onclick: () => exportDatabase(engine) }, 'Save a copy') : null,
      known && !engine.storage.persisted && state !== 'volatile'
        ? h('button.button.primary', { type: 'button', onclick: () => { dialog.close(); persist(engine); } }, 'Ask to keep it') : null,
      close));
}

function facts(storage) {
  const rows = [
    ['Where', storage.directory ?? 'memory'],
    ['Commits reach the disk', storage.flushes ? 'yes, proved at start' : 'not proved'],
    ['Kept when space runs short', storage.persisted ? 'yes' : 'not promised'],
    ['Files', String(storage.files)],
    ['Used', `${megabytes(storage.usage)} of ${megabytes(storage.quota)}`],
  ];
  return h('dl', {}, rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd.numbers', {}, value)]));
}

async function persist(engine) {
  const storage = await engine.app.storage.persist();
  toast(storage.persisted
    ? 'The browser promised to keep this site’s data.'
    : 'The browser did not promise it. Most do once the page is bookmarked, installed or used often.');
}

export async function exportDatabase(engine) {
  const { output, exitCode } = await engine.app.cli.run('db:export');
  toast(output.trim(), { bad: exitCode !== 0 });
}
