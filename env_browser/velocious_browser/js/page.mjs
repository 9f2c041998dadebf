// For the pages that an application renders: <script type="module" src="/velocious/page.mjs"></script>
//
// Such a page needs no Python while the server answers: the script only sees to the copy for later. A page that the browser
// answered itself starts the application, and from then on links and forms go to it without loading a document anew.

import { fetchBoot } from './boot.mjs';
import { start } from './client.mjs';
import { here } from './page/here.mjs';
import { install } from './page/install.mjs';
import { listen } from './page/offers.mjs';
import { runOnce } from './page/standby.mjs';
import { register } from './page/registration.mjs';
import { update } from './page/update.mjs';
import { offerUpdates } from './page/update_bar.mjs';
import { watch } from './page/visits.mjs';

export { install, start, update };

/** Of the page's own, so that an application below a path finds its boot file. */
export const BOOT = new URL('../../boot.json', import.meta.url).href;

let entered = false;

/** Called once by the script itself. */
function enter() {
  if (entered || here.starter) return;
  entered = true;
  const begin = (/** @type {{standby?: boolean}} */ options) => {
    watch();
    return start({ boot: BOOT, ...options });
  };
  here.starter = () => begin({});
  listen();
  install.listen();
  offerUpdates();
  if (here.rendered === 'browser') take(begin).catch(() => undefined); // the console has it, and the page is there
  else fetchBoot(BOOT).then(register, () => undefined); // no server, no news
}

/** @param {(options: {standby?: boolean}) => Promise<import('./client.mjs').App>} begin */
async function take(begin) {
  const boot = await fetchBoot(BOOT);
  watch();
  if (!(await runOnce(boot.appId, begin))) register(boot);
}

enter();
