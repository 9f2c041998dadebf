// For the pages that an application renders: <script type="module" src="/velocious/page.mjs"></script>
//
// Such a page needs no Python while the server answers: the script only sees to the copy for later. A page that the browser
// answered itself starts the application, and from then on links and forms go to it without loading a document anew.

import { fetchBoot } from './boot.mjs';
import { start } from './client.mjs';
import { here } from './page/here.mjs';
import { install } from './page/install.mjs';
import { listen } from './page/offers.mjs';
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
  here.starter = () => {
    watch();
    return start({ boot: BOOT });
  };
  listen();
  install.listen();
  offerUpdates();
  if (here.rendered === 'browser') here.starter().catch(() => undefined); // the console has it, and the page is there
  else fetchBoot(BOOT).then(register, () => undefined); // no server, no news
}

enter();
