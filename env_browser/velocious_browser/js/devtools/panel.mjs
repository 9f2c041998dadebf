// The developer tools as a part of any page:
//
//   import { mount } from '/velocious/devtools/panel.mjs';
//   mount(document.querySelector('#tools'), await start());
//
// Everything is inside a shadow root: styles of the page stay outside, ours inside.

import { Commands } from './commands.mjs';
import { Cover } from './cover.mjs';
import { h, icon, iconButton } from './dom.mjs';
import { Log } from './log.mjs';
import { Migrations } from './migrations.mjs';
import { Sql } from './sql.mjs';
import { roleOf, StorageView } from './storage.mjs';
import { Tables } from './tables.mjs';
import { Tools } from './tools.mjs';

/** @typedef {import('../client.mjs').App} App */
/** @typedef {import('../messages.mjs').Progress} Progress */
/** @typedef {import('./tools.mjs').View} View */

/** @type {{name: string, title: string, icon: Parameters<typeof icon>[0], make: (tools: Tools) => View}[]} */
const VIEWS = [
  { name: 'tables', title: 'Tables', icon: 'tables', make: (tools) => new Tables(tools) },
  { name: 'sql', title: 'SQL', icon: 'sql', make: (tools) => new Sql(tools) },
  { name: 'commands', title: 'Commands', icon: 'commands', make: (tools) => new Commands(tools) },
  { name: 'migrations', title: 'Migrations', icon: 'migrations', make: (tools) => new Migrations(tools) },
  { name: 'storage', title: 'Storage', icon: 'storage', make: (tools) => new StorageView(tools) },
  { name: 'log', title: 'Log', icon: 'log', make: (tools) => new Log(tools) },
];
const THEMES = ['auto', 'light', 'dark'];
const THEME = 'velocious:devtools:theme';

/**
 * Shows the developer tools in *element*, which should have a height.
 * @param {Element} element  an element that can have a shadow root, such as a div; without one so far
 * @param {App} app  it may still be starting
 * @param {{title?: string}} [options]  title: what the tools are called on top, where they have a page to themselves and their own switch for light and dark
 * @returns {Panel}
 */
export function mount(element, app, options = {}) {
  return new Panel(element, app, options);
}

class Panel {
  #root;
  #tools;
  #cover = new Cover();
  #views = /** @type {Map<string, View>} */ (new Map());
  #tabs;
  #panes = h('div', { class: 'panes' });
  #chosen = VIEWS[0].name;
  /** @type {(() => void)[]} */
  #ends = [];

  /** @param {Element} element @param {App} app @param {{title?: string}} options */
  constructor(element, app, { title = '' }) {
    this.#root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    this.#root.replaceChildren();
    const style = h('link', { rel: 'stylesheet', href: new URL('./panel.css', import.meta.url).href });
    this.#tabs = h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Developer tools', onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) },
      ...VIEWS.map((view) => h('button', { type: 'button', role: 'tab', id: `tab-${view.name}`, 'aria-controls': `pane-${view.name}`, onclick: () => this.open(view.name) }, icon(view.icon), h('span', {}, view.title))));
    const storage = h('button', { type: 'button', class: 'badge', onclick: () => this.open('storage') });
    const role = h('button', { type: 'button', class: 'badge', hidden: true, onclick: () => this.open('storage') });
    const frame = h('div', { class: 'frame', hidden: true }, h('header', { class: 'top' }, title && h('h1', {}, title), this.#tabs, h('div', { class: 'badges' }, role, storage,
      title && iconButton('theme', 'Light or dark', () => this.#nextTheme()))), this.#cover.element, this.#panes);
    style.addEventListener('load', () => { frame.hidden = false; }, { once: true });
    this.#root.append(style, frame);
    this.#tools = new Tools(app, this.#root);
    this.#tools.onChanged(() => this.#current()?.show());
    if (title) this.#setTheme(localStorage.getItem(THEME) ?? 'auto');
    this.#ends.push(
      app.state.subscribe((state) => {
        this.#cover.show(state);
        this.#panes.inert = state.name !== 'ready';
        if (state.name === 'ready') this.open(this.#chosen);
      }),
      app.storage.subscribe((state) => {
        storage.textContent = state.state;
        storage.className = `badge state ${state.state}`;
        storage.title = `Storage: ${state.reason || 'safe'}`;
        storage.hidden = state.directory === null && state.quota === 0;
      }),
    );
    const end = roleOf(this.#tools)?.subscribe((now) => {
      role.hidden = false;
      role.textContent = `${now.name} · ${now.tabs}`;
      role.title = `This tab is the ${now.name} of ${now.tabs}`;
    });
    if (end) this.#ends.push(end);
    const returned = () => { if (document.visibilityState === 'visible' && app.state.value.name === 'ready') this.#current()?.show(); };
    document.addEventListener('visibilitychange', returned);
    this.#ends.push(() => document.removeEventListener('visibilitychange', returned));
  }

  /** Tells how far the start is: for `onProgress` of `start()`. @param {Progress} progress */
  progress(progress) {
    this.#cover.progress(progress);
  }

  /** Brings a view to the front. @param {string} name  "tables", "sql", "commands", "migrations", "storage" or "log" */
  open(name) {
    const known = VIEWS.find((view) => view.name === name) ?? VIEWS[0];
    this.#chosen = known.name;
    for (const tab of this.#tabs.children) {
      const isChosen = tab.id === `tab-${known.name}`;
      tab.setAttribute('aria-selected', String(isChosen));
      tab.setAttribute('tabindex', isChosen ? '0' : '-1');
      if (isChosen) tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
    if (this.#tools.app.state.value.name !== 'ready') return;
    if (!this.#views.has(known.name)) {
      const view = known.make(this.#tools);
      this.#views.set(known.name, view);
      this.#panes.append(h('div', { role: 'tabpanel', id: `pane-${known.name}`, 'aria-labelledby': `tab-${known.name}`, class: 'pane' }, view.element));
    }
    for (const pane of this.#panes.children) /** @type {HTMLElement} */ (pane).hidden = pane.id !== `pane-${known.name}`;
    this.#current()?.show();
  }

  /** Takes the tools away; the application goes on. */
  close() {
    for (const end of this.#ends) end();
    this.#root.replaceChildren();
  }

  #current() {
    return this.#views.get(this.#chosen);
  }

  /** @param {KeyboardEvent} event */
  #key({ key, target }) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (!step || !(target instanceof HTMLElement)) return;
    const tabs = /** @type {HTMLElement[]} */ ([...this.#tabs.children]);
    const next = tabs[(tabs.indexOf(target) + step + tabs.length) % tabs.length];
    next.focus();
    next.click();
  }

  #nextTheme() {
    const now = /** @type {HTMLElement} */ (this.#root.host).dataset.theme ?? 'auto';
    this.#setTheme(THEMES[(THEMES.indexOf(now) + 1) % THEMES.length]);
  }

  /** @param {string} theme */
  #setTheme(theme) {
    /** @type {HTMLElement} */ (this.#root.host).dataset.theme = theme;
    localStorage.setItem(THEME, theme);
  }
}
