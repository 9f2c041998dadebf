// How safe the data of this browser is: the library's <velocious-storage>, in the place that the page keeps for it.

import { byId, h } from './dom.mjs';
import { toast } from './toast.mjs';

/** Fetched beside the start, which does not wait for it. */
export async function storageBadge() {
  await import('../../velocious/storage_badge.mjs');
  byId('storage').replaceWith(h('velocious-storage', { id: 'storage' }));
}

export async function exportDatabase(engine) {
  const { output, exitCode } = await engine.app.cli.run('db:export');
  toast(output.trim(), { bad: exitCode !== 0 });
}
