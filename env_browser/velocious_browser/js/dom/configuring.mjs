// Our interpreter for a script of PyScript's, before PyScript sees it. Without one, it would fetch Python from another origin.

/**
 * @param {HTMLScriptElement} script
 * @param {string} interpreter  its address
 * @throws {Error} the script's own configuration names no interpreter
 */
export async function configure(script, interpreter) {
  // the synchronous way to the page's window takes headers that few pages have
  const ours = { interpreter, sync_main_only: !globalThis.crossOriginIsolated };
  const own = script.getAttribute('config')?.trim();
  if (!own) return script.setAttribute('config', JSON.stringify(ours));
  if (own.startsWith('{')) return script.setAttribute('config', JSON.stringify({ ...ours, ...JSON.parse(own) }));
  const isFile = /\.(json|toml)(\?\S*)?$/u.test(own);
  const text = isFile ? await (await fetch(own)).text() : own;
  if (/^\s*"?interpreter"?\s*[:=]/mu.test(text)) return;
  script.type = 'py-refused';
  throw new Error(`the configuration ${isFile ? own : `of ${script.outerHTML.slice(0, 60)}…`} names no interpreter, so that PyScript would fetch `
    + 'Python from another site - name ours: interpreter = "/velocious/interpreter.mjs"');
}
