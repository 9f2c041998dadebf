// A tab among the others of its application: who owns the files, who is there, and the way from one to the other.
//
// Laws: the holder of the owner's lock is the owner, nobody else opens the files. A tab holds a lock of its own while it is there, so that the
// browser itself says when it is gone. What a tab says is meant for tabs of its own version; all that others understand of it is who is newer.

import { hold, Lock, request } from '../lock.mjs';
import { hub, inbox, ownerLock, tabLock, tabLocks } from './names.mjs';
import { compare, versionOf } from './version.mjs';

/** @typedef {import('../messages.mjs').Boot} Boot */
/** @typedef {import('../messages.mjs').TabMessage} TabMessage */
/** @typedef {"joining" | "owner" | "follower" | "outdated" | "left"} Place */

/**
 * What a tab hears. None of them may throw.
 * @typedef {object} Events
 * @property {() => void} promoted  this tab has the owner's lock now; `announce` when it can answer
 * @property {(isKnown: boolean) => void} owned  another tab is the owner, or nobody knows yet who will be
 * @property {(from: string, content: Uint8Array) => void} asked
 * @property {(content: Uint8Array) => void} answered
 * @property {(id: string) => void} gone
 * @property {() => void} changed  the role, or the number of tabs
 * @property {() => void} unsuited  this owner cannot answer requests of pages, and a tab came that can: give the files to it
 * @property {(why: string) => void} replaced  a newer version of the application needs the files: give them up, for good
 * @property {(message: any, from: string) => void} told  anything else that the owner and a follower say to each other
 */

const OUTDATED = 'another tab runs a newer version of this application - reload this page to go on';

export class Membership {
  id = crypto.randomUUID();
  /** @type {Place} */
  place = 'joining';
  /** How many tabs run this application, this one included. */
  tabs = 1;
  /** @type {string | null} the owner, once it has said so */
  owner = null;
  /** What the owner tells of the storage with every announcement. @type {unknown} */
  told = null;
  #appId;
  #serves;
  #mine;
  #events;
  #hub;
  #inbox;
  /** @type {Map<string, BroadcastChannel>} */
  #channels = new Map();
  /** @type {Map<string, AbortController>} the tabs whose end the owner waits for */
  #watched = new Map();
  /** @type {AbortController} ends the place in the queue for the owner's lock */
  #queue = new AbortController();
  /** @type {Lock | null} */
  #lock = null;
  /** @type {Lock | null} */
  #own = null;
  #isAnnounced = false;
  /** Settled when a new owner knows who is there. @type {Promise<void>} */
  counted = Promise.resolve();

  /**
   * @param {Boot} boot
   * @param {boolean} serves  whether this tab can answer requests of pages
   * @param {Events} events
   */
  constructor(boot, serves, events) {
    this.#serves = serves;
    this.#appId = boot.appId;
    this.#mine = versionOf(boot);
    this.#events = events;
    this.#hub = new BroadcastChannel(hub(boot.appId));
    this.#inbox = new BroadcastChannel(inbox(boot.appId, this.id));
    this.#hub.onmessage = ({ data }) => this.#hear(data);
    this.#inbox.onmessage = ({ data }) => this.#hear(data);
  }

  /** Takes the owner's lock, if it is free, or a place in the queue for it. @returns {Promise<boolean>} whether this tab is the owner */
  async join() {
    this.#own ??= await hold(tabLock(this.#appId, this.id));
    const lock = await request(ownerLock(this.#appId), { ifAvailable: true });
    if (lock) {
      this.#take(lock);
      await this.counted;
      return true;
    }
    this.#follow();
    return false;
  }

  /** The owner can answer now. @param {unknown} told  of the storage */
  announce(told) {
    this.told = told;
    this.#isAnnounced = true;
    this.#say(this.#hub, this.#announcement());
  }

  /** @param {Uint8Array} content */
  ask(content) {
    if (this.owner) this.#say(this.#to(this.owner), { type: 'ask', content });
  }

  /** @param {string} id @param {Uint8Array} content */
  answer(id, content) {
    this.#say(this.#to(id), { type: 'answer', content });
  }

  /** Anything else, for one tab, or for all (null). @param {string | null} id @param {any} message */
  tell(id, message) {
    this.#say(id === null ? this.#hub : this.#to(id), { type: 'tell', message });
  }

  /** @returns {string[]} the other tabs that the owner knows of */
  get others() {
    return [...this.#watched.keys()];
  }

  /** Gives the owner's lock up and goes to the end of the queue; the files must be closed. */
  rejoin() {
    this.#release();
    this.#follow();
  }

  /** Is not there any more. */
  leave() {
    if (this.place !== 'outdated') this.#stand('left');
    this.#release();
    this.#own?.release();
    this.#own = null;
    for (const channel of [this.#hub, this.#inbox, ...this.#channels.values()]) channel.close();
  }

  /** @param {Lock} lock */
  #take(lock) {
    this.#lock = lock;
    this.owner = null;
    this.#isAnnounced = false;
    this.#stand('owner');
    this.counted = this.#watchAll();
  }

  async #watchAll() {
    const held = (await navigator.locks.query()).held ?? [];
    const start = tabLocks(this.#appId);
    if (this.place !== 'owner') return;
    for (const { name } of held) if (name?.startsWith(start)) this.#watch(name.slice(start.length));
  }

  #follow() {
    this.#stand('follower');
    this.#queue = new AbortController();
    const { signal } = this.#queue;
    request(ownerLock(this.#appId), { signal }).then((lock) => {
      // given up while the browser was handing it over
      if (signal.aborted || this.place !== 'follower') return lock?.release();
      this.#take(/** @type {Lock} */ (lock));
      this.#events.promoted();
    }, (error) => {
      if (error.name !== 'AbortError') throw error;
    });
    this.#say(this.#hub, { type: 'hello', serves: this.#serves });
  }

  #release() {
    this.#queue.abort();
    for (const watching of this.#watched.values()) watching.abort();
    this.#watched.clear();
    this.#lock?.release();
    this.#lock = null;
    this.owner = null;
  }

  /** @param {Place} place */
  #stand(place) {
    this.place = place;
    this.#events.changed();
  }

  /** @returns {TabMessage} */
  #announcement() {
    return { type: 'owner', tabs: this.tabs, told: this.told };
  }

  /**
   * @param {BroadcastChannel} channel
   * @param {TabMessage} message
   */
  #say(channel, message) {
    channel.postMessage({ ...message, from: this.id, version: this.#mine });
  }

  /** @param {string} id */
  #to(id) {
    let channel = this.#channels.get(id);
    if (!channel) this.#channels.set(id, channel = new BroadcastChannel(inbox(this.#appId, id)));
    return channel;
  }

  /** @param {TabMessage & {from: string, version: import('../messages.mjs').TabVersion}} message */
  #hear(message) {
    const { from, version } = message;
    if (this.place === 'outdated' || this.place === 'left') return;
    const order = compare(this.#mine, version);
    if (order < 0) return this.#beReplaced();
    // An older tab gives way as soon as it hears of this one.
    if (order > 0) return message.type === 'newer' ? undefined : this.#say(this.#to(from), { type: 'newer' });
    switch (message.type) {
      case 'hello': return this.#greet(from, message.serves);
      case 'owner': return this.#heed(from, message);
      case 'tabs': return this.#count(message.tabs);
      case 'ask': return this.place === 'owner' ? this.#events.asked(from, message.content) : undefined;
      case 'answer': return from === this.owner ? this.#events.answered(message.content) : undefined;
      case 'tell': return this.#events.told(message.message, from);
    }
  }

  /** @param {string} id @param {boolean} serves */
  #greet(id, serves) {
    if (this.place !== 'owner') return;
    this.#watch(id);
    if (!this.#isAnnounced) return;
    if (serves && !this.#serves) this.#events.unsuited();
    else this.#say(this.#to(id), this.#announcement());
  }

  /** @param {string} id @param {{tabs: number, told: unknown}} announcement */
  #heed(id, { tabs, told }) {
    if (this.place !== 'follower') return;
    this.told = told;
    const isNew = this.owner !== id;
    this.owner = id;
    this.#count(tabs);
    if (isNew) this.#events.owned(true);
  }

  /** @param {number} tabs */
  #count(tabs) {
    this.tabs = tabs;
    this.#events.changed();
  }

  #beReplaced() {
    this.#stand('outdated');
    this.#events.replaced(OUTDATED);
  }

  /** After `replaced`, when the files are closed. */
  retire() {
    this.#release();
    this.#own?.release();
    this.#own = null;
  }

  /** Waits for the end of another tab, whose lock is free then. @param {string} id */
  #watch(id) {
    if (id === this.id || this.#watched.has(id)) return;
    const watching = new AbortController();
    this.#watched.set(id, watching);
    this.#recount();
    request(tabLock(this.#appId, id), { signal: watching.signal }).then((lock) => {
      lock?.release();
      if (watching.signal.aborted) return;
      this.#watched.delete(id);
      this.#channels.get(id)?.close();
      this.#channels.delete(id);
      this.#recount();
      this.#events.gone(id);
    }, (error) => {
      if (error.name !== 'AbortError') throw error;
    });
  }

  #recount() {
    this.#count(this.#watched.size + 1);
    if (this.#isAnnounced) this.#say(this.#hub, { type: 'tabs', tabs: this.tabs });
  }
}
