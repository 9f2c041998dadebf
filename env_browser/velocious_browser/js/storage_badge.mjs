// How safe the data of this browser is: in a word, and in sentences when asked. An element for any page:
//
//   <velocious-storage></velocious-storage>
//   <script type="module" src="/velocious/storage_badge.mjs"></script>
//
// It shows the application that start() of client.mjs starts in this tab. Its colours are custom properties
// (--velocious-good, --velocious-warn, --velocious-bad, --velocious-ground, --velocious-line, --velocious-accent), its parts
// `badge`, `dialog` and `button` can be styled with ::part(), and its words are StorageBadge.words.

import { here } from './page/here.mjs';
import { STYLE } from './storage_badge_style.mjs';

/** @typedef {import('./client.mjs').App} App */
/** @typedef {import('./messages.mjs').StorageStatus} StorageStatus */

const WORDS = {
  label: 'Storage of this browser',
  explain: 'Explain',
  starting: 'Python is still starting.',
  full: 'full',
  low: 'nearly full',
  durable: 'Every change is on the disk before it is confirmed, and the browser has promised to keep this site’s data.',
  'best-effort': 'Every change is on the disk before it is confirmed. Only one promise is missing: when the disk is nearly full, the browser may clear this site’s data.',
  volatile: 'The data is kept in memory and is lost when this page is closed.',
  isFull: 'There is no room left: the newest change was refused. Nothing that was confirmed is lost.',
  isLow: 'Little room is left.',
  where: 'Where', memory: 'memory',
  flushes: 'Commits reach the disk', proved: 'yes, proved at start', unproved: 'not proved',
  persisted: 'Kept when space runs short', yes: 'yes', no: 'not promised',
  databases: 'Databases', attachments: 'Attachments and uploads', used: 'Used', unknown: 'the browser does not say',
  save: 'Save a copy', keep: 'Ask to keep it', close: 'Close',
  granted: 'The browser promised to keep this site’s data.',
  denied: 'The browser did not promise it. Most do once the page is bookmarked, installed or used often.',
};

export class StorageBadge extends HTMLElement {
  /** What it says; an application in another language replaces them. */
  static words = WORDS;
  /** @type {App | null} */
  #app = null;
  /** @type {(() => void)[]} */
  #following = [];
  #follow = () => { if (here.app) this.app = here.app; };
  #word = element('span');
  #badge = element('button', { type: 'button', part: 'badge', 'aria-haspopup': 'dialog' }, element('span', { class: 'dot' }), this.#word);
  /** Outside of dialogs: heard, not seen. */
  #said = element('p', { class: 'said', role: 'status' });
  #dialog = element('dialog', { part: 'dialog', 'aria-labelledby': 'title' });

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    const style = new CSSStyleSheet();
    style.replaceSync(STYLE);
    root.adoptedStyleSheets = [style];
    root.append(this.#badge, this.#said, this.#dialog);
    this.#badge.addEventListener('click', () => this.explain());
    this.#dialog.addEventListener('click', ({ target }) => { if (target === this.#dialog) this.#dialog.close(); });
  }

  connectedCallback() {
    document.addEventListener('velocious:start', this.#follow);
    this.#show();
    this.#follow();
  }

  disconnectedCallback() {
    document.removeEventListener('velocious:start', this.#follow);
    this.app = null;
  }

  /** The application whose storage is shown: by itself the one that start() has started in this tab. */
  get app() {
    return this.#app;
  }

  set app(app) {
    if (app === this.#app) return;
    for (const end of this.#following) end();
    this.#app = app;
    const show = () => this.#show();
    this.#following = app ? [app.state.subscribe(show), app.storage.subscribe(show)] : [];
  }

  /** Opens the dialog that says it in sentences. @returns {Promise<void>} */
  async explain() {
    const status = this.#isRunning ? await /** @type {App} */ (this.#app).storage.status() : null;
    const title = element('h2', { id: 'title' }, `${StorageBadge.words.label}: ${this.#word.textContent}`);
    const sentences = status ? this.#sentences(status) : [element('p', {}, this.#app?.state.value.message || StorageBadge.words.starting)];
    const close = button(StorageBadge.words.close, () => this.#dialog.close());
    const actions = element('div', { class: 'actions' }, ...(status ? this.#actions(status) : []), close);
    this.#dialog.replaceChildren(title, ...sentences, actions);
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  get #isRunning() {
    return this.#app?.state.value.name === 'ready';
  }

  #show() {
    const { words } = StorageBadge;
    const { name = 'starting' } = this.#app?.state.value ?? {};
    const { state, space } = this.#app?.storage.value ?? {};
    const word = name === 'ready' && state ? state : name;
    const room = name === 'ready' && (space === 'full' || space === 'low') ? space : null;
    this.dataset.state = word;
    this.dataset.space = room ?? 'enough';
    this.#word.textContent = room ? `${word}, ${words[room]}` : word;
    this.#badge.setAttribute('aria-label', `${words.label}: ${this.#word.textContent}. ${words.explain}`);
    const news = room === 'full' ? words.isFull : room === 'low' ? words.isLow : '';
    if (this.#said.textContent !== news) this.#said.textContent = news;
  }

  /** @param {StorageStatus} status @returns {HTMLElement[]} */
  #sentences(status) {
    const { words } = StorageBadge;
    const proved = status.flushes || status.state === 'volatile';
    const meaning = element('p', {}, proved ? words[status.state] : sentence(status.reason));
    const room = status.space === 'enough' ? [] : [element('p', { class: 'warning' }, status.space === 'full' ? words.isFull : words.isLow)];
    const advice = status.advice.length ? [element('ul', {}, ...status.advice.map((text) => element('li', {}, ...withCode(text))))] : [];
    return [meaning, ...room, facts(status), ...advice];
  }

  /** @param {StorageStatus} status @returns {HTMLButtonElement[]} */
  #actions({ persisted, state }) {
    const { words } = StorageBadge;
    const save = button(words.save, () => this.#export());
    return persisted || state === 'volatile' ? [save] : [save, button(words.keep, () => this.#persist(), 'primary')];
  }

  async #export() {
    const { output } = await /** @type {App} */ (this.#app).cli.run('db:export');
    this.#answer(output.trim());
  }

  async #persist() {
    const { persisted } = await /** @type {App} */ (this.#app).storage.persist();
    await this.explain();
    this.#answer(persisted ? StorageBadge.words.granted : StorageBadge.words.denied);
  }

  /** @param {string} text */
  #answer(text) {
    this.#dialog.querySelector('[role=status]')?.remove();
    this.#dialog.append(element('p', { role: 'status' }, text));
  }
}

/** @param {StorageStatus} status */
function facts({ directory, flushes, persisted, contents, beside, usage, quota, percent }) {
  const { words } = StorageBadge;
  const size = contents.reduce((sum, file) => sum + file.size, 0);
  const rows = [
    [words.where, directory ?? words.memory],
    [words.flushes, flushes ? words.proved : words.unproved],
    [words.persisted, persisted ? words.yes : words.no],
    [words.databases, megabytes(size)],
    ...(beside.files ? [[words.attachments, `${beside.files}, ${megabytes(beside.bytes)}`]] : []),
    [words.used, quota ? `${megabytes(usage)} / ${megabytes(quota)} (${percent} %)` : words.unknown],
  ];
  return element('dl', {}, ...rows.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
}

/** @param {number} bytes */
function megabytes(bytes) {
  const amount = new Intl.NumberFormat(document.documentElement.lang || undefined, { maximumFractionDigits: 1 });
  return `${amount.format(bytes / 1e6)} MB`;
}

/** What stands between backticks is code. @param {string} text */
function withCode(text) {
  return text.split('`').map((part, place) => (place % 2 ? element('code', {}, part) : part));
}

/** @param {string} reason */
function sentence(reason) {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** @param {string} text @param {() => unknown} act @param {string} [kind] */
function button(text, act, kind = '') {
  const made = element('button', { type: 'button', part: `button ${kind}`.trim(), class: kind }, text);
  made.addEventListener('click', act);
  return made;
}

// A page may load this module under two addresses.
if (!customElements.get('velocious-storage')) customElements.define('velocious-storage', StorageBadge);
