// Which tabs of rendered pages run Python: one that owns the database, and exactly one that can take over at once. The rest stay cold.

import { ownerLock, standbyLock } from '../tabs/names.mjs';
import { here } from './here.mjs';

/** @typedef {import('../client.mjs').App} App */

/**
 * Starts the application in this tab, if no tab runs it. Where one does, this tab stands by, or waits for its turn to do so.
 * @param {string} appId
 * @param {(options: {standby?: boolean}) => Promise<App>} begin
 * @returns {Promise<App | null>} null: another tab runs it
 */
export async function runOnce(appId, begin) {
  if (!navigator.locks || here.app) return begin({});
  const { held } = await navigator.locks.query();
  if (!held?.some(({ name }) => name === ownerLock(appId))) return begin({});
  navigator.locks.request(standbyLock(appId), () => standBy(begin)).catch(() => undefined); // the console has it, and the next tab stands by
  return null;
}

/**
 * @param {(options: {standby?: boolean}) => Promise<App>} begin
 * @returns {Promise<void>} when this tab stands by no more
 */
async function standBy(begin) {
  if (here.app) return;
  const app = await begin({ standby: true });
  await new Promise((resolve) => { app.role.subscribe(({ name }) => { if (name !== 'standby' && name !== 'starting') resolve(undefined); }); });
}
