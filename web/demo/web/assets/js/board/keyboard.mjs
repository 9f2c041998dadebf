// The list by keyboard.

import { openDialog } from '../dialog.mjs';
import { byId, h } from '../dom.mjs';

const HELP = [
  ['↑ ↓', 'the task before, the task after'],
  ['Home End', 'first, last'],
  ['Space', 'done or not'],
  ['F2 or Enter', 'rename'],
  ['Alt ↑ ↓', 'move up, move down'],
  ['M', 'move to another project, date, details'],
  ['Del', 'delete (with a way back)'],
  ['N', 'new task'],
  ['/', 'search'],
  ['?', 'this list'],
];

/**
 * @param {import('./task_list.mjs').TaskList} list
 * @param {object} does  what the keys do, by index
 */
export function listenToKeys(list, does) {
  list.box.addEventListener('keydown', (event) => {
    const index = list.indexOf(event.target);
    if (index < 0 || event.ctrlKey || event.metaKey) return;
    const act = event.altKey ? ALT[event.key] : keyOf(event);
    if (!act) return;
    event.preventDefault();
    act({ list, does, index, page: Math.max(1, Math.floor(list.box.clientHeight / list.rowHeight) - 1) });
  });
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('dialog[open]')) return;
    const act = { n: () => byId('add-task').elements.name.focus(), '/': () => byId('search').focus(), '?': showHelp }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

const PLAIN = {
  ArrowDown: ({ list, index }) => list.focus(index + 1),
  ArrowUp: ({ list, index }) => list.focus(index - 1),
  PageDown: ({ list, index, page }) => list.focus(index + page),
  PageUp: ({ list, index, page }) => list.focus(index - page),
  Home: ({ list }) => list.focus(0),
  End: ({ list }) => list.focus(list.store.total - 1),
  F2: ({ does, index }) => does.rename(index),
  m: ({ does, index }) => does.open(index),
  Delete: ({ does, index }) => does.remove(index),
  ' ': ({ does, index }) => does.tick(index),
  Enter: ({ does, index }) => does.rename(index),
};

const ALT = {
  ArrowUp: ({ does, index }) => does.shift(index, -1),
  ArrowDown: ({ does, index }) => does.shift(index, 1),
};

function keyOf(event) {
  // buttons and boxes have their own meaning for these two
  const own = event.target.matches('button, input') && (event.key === ' ' || event.key === 'Enter');
  return own ? null : PLAIN[event.key];
}

function isTyping(target) {
  return target.matches?.('input:not([type=radio], [type=checkbox]), textarea, select');
}

export function showHelp() {
  const dialog = openDialog('Keyboard',
    h('dl', {}, HELP.flatMap(([keys, meaning]) => [h('dt', {}, keys.split(' ').flatMap((key) => [key === 'or' ? 'or' : h('kbd', {}, key), ' '])), h('dd', {}, meaning)])),
    h('div.actions', {}, h('button.button', { type: 'button', onclick: () => dialog.close() }, 'Close')));
}
