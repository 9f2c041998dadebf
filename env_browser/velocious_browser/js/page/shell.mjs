// The page that the service worker shows while no tab runs Python, and a server of files at a first visit: it starts the application, then shows what was asked for.

import { fetchBoot } from '../boot.mjs';
import { describe } from '../failure.mjs';
import { start } from '../client.mjs';
import { here } from './here.mjs';
import { heard, register } from './registration.mjs';
import { runOnce } from './standby.mjs';
import { offerUpdates } from './update_bar.mjs';
import { visit, watch } from './visits.mjs';

const BOOT = new URL('../../../boot.json', import.meta.url).href;
const element = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {string} text */
function say(text) {
  const place = document.getElementById('velocious-step');
  if (place) place.textContent = text;
}

/** A step without a known size moves the bar to and fro. @param {import('../messages.mjs').Progress} progress */
function show({ label, loaded, total }) {
  say(label);
  const bar = document.getElementById('velocious-progress');
  if (total) bar?.setAttribute('value', String(loaded / total));
  else bar?.removeAttribute('value');
}

async function enter() {
  spell();
  const begin = (/** @type {{standby?: boolean}} */ options) => start({
    boot: BOOT,
    onProgress: show,
    onState: ({ message }) => say(message),
    ...options,
  });
  here.starter = () => begin({});
  try {
    watch();
    const boot = await fetchBoot(BOOT);
    offerUpdates();
    await runOnce(boot.appId, begin);
    register(boot);
    say('Keeping a copy for the time without a network');
    await heard();
    await visit(location.href, { back: { scroll: history.state?.scroll ?? 0 } });
  } catch (error) {
    say(describe(error).message);
    document.getElementById('velocious-progress')?.remove();
    element('velocious-retry').hidden = false;
  }
}

/** A server of files has other spellings of a page's address ("/posts/", "/posts.html") than the application. */
function spell() {
  const page = document.documentElement.dataset.velociousPage;
  if (!page || ![`${page}/`, `${page}.html`, `${page}/index.html`, `${page}index.html`].includes(location.pathname)) return;
  history.replaceState(history.state, '', page + location.search + location.hash);
}

enter();
