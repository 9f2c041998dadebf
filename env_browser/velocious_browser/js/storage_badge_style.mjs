// How <velocious-storage> looks: in the page's own font and colours, in the light and in the dark.
// Its variables are `--own-…`: a page whose colours are called --line would make a circle with --velocious-line: var(--line).

export const STYLE = `
:host {
  --own-good: var(--velocious-good, light-dark(#1c7548, #6fd3a0));
  --own-warn: var(--velocious-warn, light-dark(#8a5300, #f0b95e));
  --own-bad: var(--velocious-bad, light-dark(#b3261e, #ff9b92));
  --own-ground: var(--velocious-ground, Canvas);
  --own-line: var(--velocious-line, color-mix(in srgb, currentColor 25%, transparent));
  --own-accent: var(--velocious-accent, light-dark(#3f4fd0, #97a6ff));
  display: inline-block;
  font-size: 0.875rem;
}
:host([hidden]) { display: none; }
button {
  min-height: 2.25rem;
  padding: 0.25rem 0.75rem;
  border: 1px solid var(--own-line);
  border-radius: 0.5rem;
  background: var(--own-ground);
  color: inherit;
  font: inherit;
  cursor: pointer;
}
button:focus-visible { outline: 2px solid var(--own-accent); outline-offset: 2px; }
button.primary { border-color: var(--own-accent); color: var(--own-accent); font-weight: 600; }
[part=badge] { display: inline-flex; align-items: center; gap: 0.5rem; border-radius: 2rem; white-space: nowrap; }
.dot { width: 0.5rem; height: 0.5rem; border-radius: 50%; background: var(--own-line); }
:host([data-state=durable]) .dot { background: var(--own-good); }
:host([data-state=best-effort]) .dot, :host([data-space=low]) .dot { background: var(--own-warn); }
:host([data-state=volatile]) .dot, :host([data-state=failed]) .dot, :host([data-space=full]) .dot { background: var(--own-bad); }
.said { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
dialog {
  box-sizing: border-box;
  width: min(34rem, calc(100vw - 2rem));
  max-height: calc(100dvh - 2rem);
  padding: 1.25rem;
  border: 1px solid var(--own-line);
  border-radius: 0.875rem;
  background: var(--own-ground);
  color: CanvasText;
  overflow: auto;
}
dialog::backdrop { background: rgb(0 0 0 / 45%); }
h2 { margin: 0 0 0.75rem; font-size: 1.125rem; }
.warning { color: var(--own-bad); font-weight: 600; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0.25rem 1rem; margin: 1rem 0; }
dt { opacity: 0.75; }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
ul { padding-left: 1.25rem; }
.actions { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 0.5rem; margin-top: 1rem; }
`;
