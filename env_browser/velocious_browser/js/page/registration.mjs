// Registers the service worker, which makes the application answer without a server, and says how far that is.

import { Observable } from '../observable.mjs';
import { here } from './here.mjs';
import { update } from './update.mjs';

/** @typedef {{name: "off" | "unsupported" | "installing" | "ready" | "failed", message: string}} Offline */

export const offline = new Observable(/** @type {Offline} */ ({ name: 'off', message: 'the application sends nothing to the browser' }));

const READY = 'this application opens without a network';

/** Why the newest version could not be kept. @type {string | null} */
let failed = null;
let listening = false;

/**
 * Never fails: a page works without, and `offline` says why it has to.
 * @param {import('../messages.mjs').Boot} boot  of this tab
 * @param {Promise<void>} [moment]  from which on the copy keeps nobody waiting
 */
export async function register({ serviceWorker: wanted, version }, moment) {
  here.version = version ?? null;
  if (!wanted) return;
  if (!navigator.serviceWorker) {
    offline.set({ name: 'unsupported', message: 'this browser has no service workers here: they need https:// or localhost' });
    return;
  }
  if (offline.value.name !== 'ready') offline.set({ name: 'installing', message: 'keeping a copy for the time without a network' });
  try {
    listen();
    await moment;
    const registration = await navigator.serviceWorker.register(wanted.url, { type: 'module', scope: wanted.scope, updateViaCache: 'none' });
    update.watch(registration, version ?? null);
    await activated(registration);
    if (!failed) offline.set({ name: 'ready', message: READY });
    registration.active?.postMessage({ velocious: 'tidy' });
  } catch (error) {
    offline.set({ name: 'failed', message: `no copy for the time without a network: ${error instanceof Error ? error.message : error}` });
  }
}

/** Hears what becomes of newer versions; once in a tab. */
function listen() {
  if (listening) return;
  listening = true;
  navigator.serviceWorker.addEventListener('message', ({ data }) => { if (data?.velocious === 'not-installed') notInstalled(data); });
  update.subscribe(({ name }) => {
    if (name !== 'available' || !failed) return;
    failed = null;
    offline.set({ name: 'ready', message: READY });
  });
}

/** @param {import('../messages.mjs').Told} told */
function notInstalled({ message }) {
  failed = message;
  // where there is no version yet, register() says so
  if (navigator.serviceWorker.controller) offline.set({ name: 'ready', message: `${READY}, but as it is: the new version could not be kept: ${message}` });
}

/**
 * Waits until the service worker hears of this page's requests: where there is no server, nobody else answers them.
 * @returns {Promise<void>}  fails when there can be none
 */
export async function heard() {
  const container = navigator.serviceWorker;
  if (container?.controller) return;
  const failed = new Promise((_, reject) => {
    offline.subscribe(({ name, message }) => { if (name === 'failed' || name === 'unsupported') reject(new Error(message)); });
  });
  const registration = await Promise.race([container?.ready ?? failed, failed]);
  const taken = new Promise((resolve) => { container.addEventListener('controllerchange', resolve, { once: true }); });
  if (container.controller) return;
  registration.active?.postMessage({ velocious: 'claim' });
  await Promise.race([taken, failed]);
}

/** @param {ServiceWorkerRegistration} registration */
function activated(registration) {
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  return new Promise((resolve, reject) => {
    const look = () => {
      if (registration.active) resolve(undefined);
      else if (worker?.state === 'redundant') reject(new Error(failed ?? 'a file of the application could not be fetched'));
    };
    worker?.addEventListener('statechange', look);
    look();
  });
}
