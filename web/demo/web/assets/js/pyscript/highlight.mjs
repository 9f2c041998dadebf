// Python in colours: comments, strings and keywords are enough to read by.

import { h } from '../dom.mjs';

const TOKEN = /(#.*)|("(?:[^"\\\n]|\\.)*")|\b(and|as|async|await|class|def|else|for|from|if|import|in|not|or|return)\b/g;
const KINDS = ['comment', 'string', 'keyword'];

/** @param {string} source @returns {(Node | string)[]} */
export function highlighted(source) {
  const parts = [];
  let end = 0;
  for (const match of source.matchAll(TOKEN)) {
    const kind = KINDS[match.slice(1).findIndex((group) => group !== undefined)];
    parts.push(source.slice(end, match.index), h(`span.${kind}`, {}, match[0]));
    end = match.index + match[0].length;
  }
  return [...parts, source.slice(end)];
}
