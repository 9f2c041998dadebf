// Which tabs are there, and which of them can answer a request: asked each time, never remembered.

import { settings } from './settings.mjs';

/** @typedef {import('../messages.mjs').Identity} Identity */
/** @typedef {import('../messages.mjs').Question} Question */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

/** Milliseconds within which a page's script says something; one that is not ours never does. */
const PATIENCE = 1000;
/** Milliseconds for a worker that is starting, or busy. */
const STARTING = 60_000;

/** @returns {Promise<readonly WindowClient[]>} the tabs of this application */
async function tabs() {
  const below = `${worker.location.origin}${settings.root}/`;
  const all = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return all.filter(({ url }) => url.startsWith(below));
}

/**
 * Who answered the document that a request comes from; null where its page does not say.
 * @param {string} clientId
 * @returns {Promise<Identity | null>}
 */
export async function identity(clientId) {
  const client = clientId ? await worker.clients.get(clientId) : undefined;
  return client ? whois(client) : null;
}

/** What each tab says of itself; null for one that said nothing. */
export async function identities() {
  return Promise.all((await tabs()).map(whois));
}

/** Tells every tab, those included that have no service worker yet. @param {import('../messages.mjs').Told} told */
export async function tell(told) {
  for (const client of await tabs()) client.postMessage(told);
}

/**
 * A port to a worker that waits for one request, or null where no tab has any.
 * @param {string} clientId  the tab that asks: it starts Python if no other tab runs it
 * @param {string | null} version  the only one that will do
 * @returns {Promise<MessagePort | null>}
 */
export async function findWorker(clientId, version) {
  const all = await tabs();
  const running = await first(all.map((client) => offer(client, { velocious: 'offer', start: false, version })));
  if (running) return running;
  const asking = all.find(({ id }) => id === clientId);
  return asking ? offer(asking, { velocious: 'offer', start: true, version }) : null;
}

/** @param {Client} client @returns {Promise<Identity | null>} */
function whois(client) {
  return new Promise((resolve) => {
    const port = ask(client, { velocious: 'who' }, resolve);
    setTimeout(() => { port.close(); resolve(null); }, PATIENCE);
  });
}

/**
 * @param {Client} client
 * @param {import('../messages.mjs').Offer} wanted
 * @returns {Promise<MessagePort | null>}
 */
function offer(client, wanted) {
  return new Promise((resolve) => {
    const giveUp = () => { port.close(); resolve(null); };
    let timer = setTimeout(giveUp, PATIENCE);
    const port = ask(client, wanted, ({ type }) => {
      clearTimeout(timer);
      if (type === 'ready') resolve(port);
      else if (type === 'starting') timer = setTimeout(giveUp, STARTING);
      else giveUp();
    });
    // the tab went away
    port.addEventListener('close', () => { clearTimeout(timer); resolve(null); });
  });
}

/**
 * @param {Client} client
 * @param {Question} question
 * @param {(answer: any) => void} onAnswer
 */
function ask(client, question, onAnswer) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => onAnswer(data);
  client.postMessage(question, [port2]);
  return port1;
}

/**
 * The first that is not null; the others are closed when they come.
 * @param {Promise<MessagePort | null>[]} offers
 * @returns {Promise<MessagePort | null>}
 */
function first(offers) {
  return new Promise((resolve) => {
    let taken = false;
    const all = offers.map(async (coming) => {
      const port = await coming;
      if (!port) return;
      if (taken) return port.close();
      taken = true;
      resolve(port);
    });
    Promise.all(all).then(() => resolve(null));
  });
}
