// What was run, what it said, and how it ended.

import { h } from '../dom.mjs';

export class Transcript {
  constructor(list) {
    this.list = list;
  }

  /** @param {string[]} words  as velociousCLI.run takes them */
  begin(words) {
    const began = performance.now();
    const state = h('span.exit.numbers', {}, '…');
    const call = `velociousCLI.run(${words.map(literal).join(', ')})`;
    const item = h('li', {}, h('div.call', {}, h('code', {}, call), state));
    this.list.prepend(item);
    item.scrollIntoView({ block: 'nearest' });
    const end = (text, label, bad) => {
      state.textContent = `${label} · ${Math.round(performance.now() - began)} ms`;
      state.classList.toggle('bad', bad);
      if (text.trim()) item.append(h('pre.output', { tabindex: '0' }, text.trimEnd()));
    };
    return {
      end: ({ output, exitCode }) => end(output, `exit ${exitCode}`, exitCode !== 0),
      fail: (error) => end(error.message, error.code ?? error.name, true),
    };
  }

  clear() {
    this.list.replaceChildren();
  }
}

/** A text as JavaScript has it: several lines as a template. */
function literal(text) {
  if (!text.includes('\n')) return JSON.stringify(text);
  return `\`${text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')}\``;
}
