// The page /velocious/devtools.html: starts the application in this tab and shows the panel.

import { start } from '../client.mjs';
import { here } from '../page/here.mjs';
import { mount } from './panel.mjs';

const BOOT = new URL('../../../boot.json', import.meta.url).href;
const place = /** @type {HTMLElement} */ (document.getElementById('devtools'));
const views = () => location.hash.slice(1);

/** @type {ReturnType<typeof mount> | undefined} */
let panel;
const starting = start({ boot: BOOT, onProgress: (progress) => panel?.progress(progress) });
// the panel itself shows why
starting.catch(() => undefined);
if (here.app) {
  panel = mount(place, here.app, { title: place.dataset.application });
  if (views()) panel.open(views());
  addEventListener('hashchange', () => panel?.open(views()));
}
