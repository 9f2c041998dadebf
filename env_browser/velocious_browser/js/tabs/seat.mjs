// The place of a worker among its application's tabs: it owns the files, or it asks the tab that does. Python follows every change.
//
// Law: the files are open exactly while this worker holds the owner's lock; giving them up happens in one step. A page that is put to sleep
// ends its worker, which frees both: frozen, it could do neither.

import { RuntimeFailure, describe } from '../failure.mjs';
import { Errands } from './errands.mjs';
import { Membership } from './membership.mjs';

/** @typedef {import('../messages.mjs').Boot} Boot */
/** @typedef {import('../messages.mjs').Notice} Notice */
/** @typedef {import('../messages.mjs').Role} Role */
/** @typedef {import('../storage.mjs').Storage} Storage */

/** Milliseconds after which a tab does what need not be done at once: its first answers, and the others', come before. */
const QUIET = 1000;

/** Milliseconds of silence of the owner after which the page says what it waits for. */
const PATIENCE = 3000;
const WAITING = 'another tab of this application owns its database and does not answer yet: this tab goes on when it does, or is closed';
/** @type {Record<import('./membership.mjs').Place, Role["name"]>} */
const ROLES = { joining: 'starting', owner: 'owner', follower: 'follower', outdated: 'outdated', left: 'closed' };

export class Seat {
  #storage;
  #post;
  /** @type {Membership | null} null where there are no locks, hence no files that two tabs could share */
  #tabs;
  /** @type {any} */
  #pyodide = null;
  /** @type {(pyodide: any) => void} */
  #loaded = () => {};
  /** @type {Promise<any>} */
  #python;
  /** @type {Role | null} */
  #role = null;
  #hasJoined = false;
  /** The files are open. */
  #isOpen = false;
  /** Python sees the files. */
  #isSettled = false;
  /** @type {(error: Error) => void} */
  #refuse = () => {};
  /** Fails as soon as a newer version of the application is there. @type {Promise<never>} */
  outdated = new Promise((_, reject) => { this.#refuse = reject; });
  /** @type {any} the module velocious_browser.tabs.entry, once Python takes part */
  #entry = null;
  /** @type {Map<string, any>} its functions */
  #functions = new Map();
  /** @type {any} what Python may ask of this worker */
  host = null;
  /** Called when the files were opened or closed, after the start. @type {() => void} */
  onMove = () => {};
  /** Does in the owner what another tab asks for. @type {import('./errands.mjs').Way["perform"]} */
  perform = async ({ type }) => { throw new RuntimeFailure('not_running', `the tab that owns the database is not ready for ${type} - try again in a moment`); };
  /** What needs the files while another tab has them. */
  errands = new Errands({
    owner: () => this.#tabs?.owner ?? null,
    tell: (id, message) => this.#tabs?.tell(id, message),
    perform: (request, files, post) => this.perform(request, files, post),
    post: (notice) => this.#post(notice),
    refresh: () => this.#tell('refresh'),
  });

  /**
   * @param {Boot} boot
   * @param {Storage} storage
   * @param {(notice: Notice) => void} post
   * @param {{serves?: boolean}} [abilities]  serves: requests of pages can be answered here
   */
  constructor(boot, storage, post, { serves = true } = {}) {
    this.#storage = storage;
    this.#post = post;
    this.outdated.catch(() => undefined); // whoever starts is told
    this.#python = new Promise((resolve) => { this.#loaded = resolve; });
    this.#tabs = navigator.locks ? new Membership(boot, serves, {
      promoted: () => this.#guard(this.#promote()),
      owned: (isKnown) => this.#heed(isKnown),
      asked: (from, content) => this.#tell('hear', from, content),
      answered: (content) => this.#tell('answer', content),
      gone: (id) => this.#tell('gone', id),
      changed: () => this.#announceRole(),
      unsuited: () => this.#guard(this.#makeWay()),
      replaced: (why) => this.#guard(this.#retire(why)),
      told: (message, from) => this.#guard(this.errands.hear(message, from)),
    }) : null;
  }

  get isOwner() {
    return !this.#tabs || this.#tabs.place === 'owner';
  }

  /** Whether Python sees the files: a new owner has to open them first. */
  get hasFiles() {
    return this.#isSettled;
  }

  /** The name of the owner, while another tab is. */
  get owner() {
    return this.#tabs?.owner ?? null;
  }

  /** Takes the files, if no tab has them, or a place in the queue. */
  async take() {
    if (this.#tabs && !(await this.#tabs.join())) return this.#storage.follow(() => /** @type {any} */ (this.#tabs).told);
    await this.#storage.open();
    this.#isOpen = true;
    if (!this.isOwner) this.#giveUp(); // a newer version came meanwhile
  }

  /** Python is loaded: it sees the files from now on, where this worker has them. @param {any} pyodide */
  async seat(pyodide) {
    this.#pyodide = pyodide;
    this.#storage.mount(pyodide);
    this.#loaded(pyodide);
    if (!this.#isOpen) {
      this.#complain();
      setTimeout(() => this.#prepare(), QUIET);
    } else if (!this.#isSettled) {
      this.#settle();
      await this.#prove();
    }
  }

  /** What Python is told of the tabs: JSON text, empty where there can be no others. */
  describe() {
    if (!this.#tabs) return '';
    this.#hasJoined = true;
    const { id, owner, others } = this.#tabs;
    return JSON.stringify({ name: id, owns: this.#isSettled, isKnown: owner !== null, others });
  }

  /** @param {Uint8Array} content */
  ask(content) {
    this.#tabs?.ask(content);
  }

  /** @param {string} id @param {Uint8Array} content */
  answer(id, content) {
    this.#tabs?.answer(id, content);
  }

  /** The tables have changed: what the other tabs know of them is wrong. */
  announceSchema() {
    this.#tabs?.tell(null, { kind: 'schema' });
  }

  /** The files are closed by whoever opened them; this tab is not there any more. */
  leave() {
    this.#close();
    this.#tabs?.leave();
  }

  /** @param {boolean} isKnown */
  #heed(isKnown) {
    this.errands.abandon();
    this.#tell('follow', isKnown);
    this.onMove();
  }

  /** The owner cannot do what a new tab can: it goes to the end of the queue. */
  async #makeWay() {
    if (this.#hasJoined) await this.#function('rest')();
    if (!this.#tabs || !this.#isOpen) return;
    this.#giveUp();
    this.#tabs.rejoin();
    this.#tell('follow', false);
  }

  /** The lock came to this tab. */
  async #promote() {
    this.errands.abandon();
    const began = performance.now();
    await Promise.all([this.#storage.open(), this.#tabs?.counted]);
    this.#isOpen = true;
    const pyodide = await this.#python;
    if (!this.isOwner) return this.#close(); // a newer version came meanwhile
    if (!this.#isSettled) {
      this.#storage.mount(pyodide);
      this.#settle();
      setTimeout(() => this.#isSettled && this.#guard(this.#prove()), QUIET);
    }
    this.onMove();
    this.#log(`this tab owns the database now, after ${Math.round(performance.now() - began)} ms`);
  }

  /** The files are open and Python is there: say so. The others can ask while this tab opens the database for itself. */
  #settle() {
    this.#isSettled = true;
    this.#tabs?.announce(this.#storage.latest());
    if (this.#hasJoined) this.#tell('own', JSON.stringify(this.#tabs?.others ?? []));
  }

  /** How safe what is written is: say that, too. */
  async #prove() {
    this.#storage.prove(this.#pyodide);
    this.#tabs?.announce(await this.#storage.persistence());
  }

  /** What this tab needs as the owner is made ready while another one is. */
  async #prepare() {
    if (this.#tabs?.place !== 'follower') return;
    try {
      this.#function('prepare')();
      await this.#storage.prepare();
    } catch (error) {
      // it is tried again when this tab becomes the owner
      this.#post({ type: 'log', level: 'warning', text: `velocious: this tab is not ready to take over: ${describe(error).message}` });
    }
  }

  #close() {
    this.#isOpen = this.#isSettled = false;
    this.#storage.close();
  }

  #giveUp() {
    this.#tell('give_up');
    this.#close();
    this.#storage.follow(() => /** @type {any} */ (this.#tabs).told);
    if (this.#pyodide) this.#storage.mount(this.#pyodide);
    this.#log('this tab gave the database up');
  }

  /** A newer version of the application is there. @param {string} why */
  async #retire(why) {
    if (this.#pyodide && this.#hasJoined) {
      await this.#function('rest')();
      this.#tell('outdated', why);
    }
    this.#close();
    this.#storage.follow(() => null);
    if (this.#pyodide) this.#storage.mount(this.#pyodide);
    this.#tabs?.retire();
    this.#post({ type: 'state', name: 'outdated', message: why, code: 'reload_needed' });
    this.#refuse(new RuntimeFailure('reload_needed', why));
    this.#log(why);
  }

  /**
   * Python hears of it, if it takes part by now; what it does not hear it asks for when it does.
   * @param {string} name
   * @param {any[]} args
   */
  #tell(name, ...args) {
    if (!this.#pyodide) return;
    try {
      // an owner learns that there are others when one of them asks for something
      if (name === 'hear' && !this.#hasJoined) this.#join();
      if (!this.#hasJoined) return;
      this.#function(name)(...args);
    } catch (error) {
      this.#post({ type: 'log', level: 'error', text: `the tabs of this application: ${describe(error).message}` });
    }
  }

  #join() {
    this.#function('join')(this.host);
  }

  /** Looked up once: each look makes another proxy. @param {string} name */
  #function(name) {
    this.#entry ??= this.#pyodide.pyimport('velocious_browser.tabs.entry');
    let found = this.#functions.get(name);
    if (!found) this.#functions.set(name, found = this.#entry[name]);
    return found;
  }

  #complain() {
    setTimeout(() => {
      if (this.#tabs?.place !== 'follower' || this.owner) return;
      this.#post({ type: 'state', name: 'waiting', message: WAITING });
    }, PATIENCE);
  }

  #announceRole() {
    if (!this.#tabs) return;
    const role = { name: ROLES[this.#tabs.place], tabs: this.#tabs.tabs };
    if (this.#role?.name === role.name && this.#role.tabs === role.tabs) return;
    this.#role = role;
    this.#post({ type: 'role', ...role });
  }

  /** @param {string} text */
  #log(text) {
    this.#post({ type: 'log', level: 'info', text: `velocious: ${text}` });
  }

  /** What fails while the page runs ends it: a database that this tab cannot open is open nowhere. @param {Promise<void>} work */
  #guard(work) {
    Promise.resolve(work).catch((error) => {
      const { message, code } = describe(error);
      this.#tell('outdated', message);
      this.leave();
      this.#post({ type: 'state', name: 'failed', message, code });
    });
  }
}
