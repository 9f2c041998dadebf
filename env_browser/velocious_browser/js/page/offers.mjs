// The page's end of the service worker's questions: who is here, and who can answer a request?
//
// A page holds the worker, so the port of a request goes through it; the request itself does not.

import { here } from './here.mjs';

/** @typedef {import('../messages.mjs').Question} Question */
/** @typedef {import('../client.mjs').App} App */

/** Starts to answer; once in a tab. */
export function listen() {
  if (here.listening || !navigator.serviceWorker) return;
  here.listening = true;
  navigator.serviceWorker.addEventListener('message', ({ data, ports }) => {
    const question = /** @type {Question} */ (data);
    if (question?.velocious === 'who') ports[0].postMessage(identity());
    else if (question?.velocious === 'offer') consider(question, ports[0]);
  });
  navigator.serviceWorker.startMessages();
}

/** @returns {import('../messages.mjs').Identity} */
function identity() {
  return { rendered: here.rendered, version: here.app?.version ?? here.version };
}

/**
 * @param {import('../messages.mjs').Offer} offer
 * @param {MessagePort} port
 */
async function consider(offer, port) {
  const app = chosen(offer);
  if (!app) return port.postMessage({ type: 'refused' });
  try {
    // said by the page, for the worker may be starting, or busy
    port.postMessage({ type: 'starting' });
    (await app).serve(port);
  } catch (error) {
    // the page's own code hears why; here somebody else may be able to answer
    port.postMessage({ type: 'refused', message: error instanceof Error ? error.message : String(error) });
  }
}

/**
 * The application that will answer: one that runs or is about to; a new one only where that was asked for.
 * @param {import('../messages.mjs').Offer} offer
 * @returns {Promise<App> | null}
 */
function chosen({ start, version }) {
  const state = here.app?.state.value.name;
  // a document of the new version is not for the Python of the one before
  if (version && here.app?.version && here.app.version !== version) return null;
  const isThere = here.app && (state === 'ready' || state === 'starting' || state === 'waiting');
  // cookies and files are the owner's: a tab that follows is not the one to ask, unless nobody else is there
  const follows = here.app?.role.value.name === 'follower' || here.app?.role.value.name === 'standby';
  if (here.app && isThere && (start || !follows)) return here.app.ready;
  return start && here.starter && !isThere ? here.starter() : null;
}
