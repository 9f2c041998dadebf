// The developer tools that every application has, as a part of one of its own pages.

import { mount } from '../../../velocious/devtools/panel.mjs';
import { byId } from '../dom.mjs';
import { Engine } from '../engine.mjs';
import { failureCard, startingCard, waitingCard } from '../starting_card.mjs';
import { themeButton } from '../theme_button.mjs';

const engine = new Engine();
const starting = startingCard();
let panel = null;

themeButton();
engine.watch(follow);
engine.start();

function follow() {
  const { name } = engine.state;
  byId('main').dataset.phase = engine.running ? 'ready' : name;
  if (engine.running) {
    panel ??= mount(byId('panel'), engine.app);
    byId('cover').replaceChildren();
  } else if (name === 'waiting') byId('cover').replaceChildren(waitingCard());
  else if (name === 'failed') byId('cover').replaceChildren(failureCard(engine.state, () => location.reload()));
  else showStarting();
}

function showStarting() {
  if (!starting.card.isConnected) byId('cover').replaceChildren(starting.card);
  starting.update(engine);
}
