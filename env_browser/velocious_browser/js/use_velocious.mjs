// Results of Python in the components of a JavaScript framework, without depending on one.
//
//   import { start } from '/velocious/client.mjs';
//   import { createHooks } from '/velocious/use_velocious.mjs';
//   export const { useVelocious, useObservable } = createHooks(React, start());
//
// and in a component of React:
//
//   const { value: tasks, error, loading } = useVelocious('tasks.list', { limit: 10 });
//
// A store has `subscribe(changed)` and `getSnapshot()`, as React's useSyncExternalStore takes them; `watch` is for everybody else.

import { encode } from './values.mjs';

/** @typedef {Pick<import('./client.mjs').App, "subscribe">} App */
/** @typedef {import('./client.mjs').Arguments} Arguments */

/**
 * What is known now; another object after every change, and the same one until then.
 * @template T
 * @typedef {object} Snapshot
 * @property {T | undefined} value  the last result; it stays when a later run fails
 * @property {Error | null} error  of the last run
 * @property {boolean} loading  there was neither a result nor an error yet
 */

/**
 * @template S
 * @typedef {object} Store
 * @property {(changed: () => void) => () => void} subscribe  returns what ends it
 * @property {() => S} getSnapshot
 */

/** @typedef {{useSyncExternalStore: <S>(subscribe: Store<S>["subscribe"], getSnapshot: () => S, getServerSnapshot?: () => S) => S}} React  what is needed of it */

/** Stores that nobody listens to keep what they know, for a component that comes back; this many of them. */
const IDLE = 50;

/** @type {Snapshot<any>} */
const LOADING = { value: undefined, error: null, loading: true };

/**
 * A store of what an action returns. Python runs it while somebody listens, now and whenever the tables that it reads have changed.
 * @param {App | Promise<App>} app
 * @param {string} action
 * @param {Arguments} [args]
 * @returns {Store<Snapshot<any>>}
 */
export function createStore(app, action, args = null) {
  return new ResultStore(app, action, args);
}

/** @implements {Store<Snapshot<any>>} */
class ResultStore {
  #app;
  #action;
  #args;
  #snapshot = LOADING;
  /** @type {Set<() => void>} */
  #listeners = new Set();
  /** Ends the watch of Python. @type {AbortController | null} */
  #watch = null;

  /** @param {App | Promise<App>} app @param {string} action @param {Arguments} args */
  constructor(app, action, args) {
    this.#app = app;
    this.#action = action;
    this.#args = args;
  }

  get isIdle() {
    return this.#listeners.size === 0;
  }

  getSnapshot = () => this.#snapshot;

  /** @param {() => void} changed */
  subscribe = (changed) => {
    // one function may listen twice
    const listener = () => changed();
    this.#listeners.add(listener);
    if (!this.#watch) this.#begin();
    return () => {
      if (this.#listeners.delete(listener) && this.isIdle) this.#end();
    };
  };

  async #begin() {
    const watch = new AbortController();
    this.#watch = watch;
    const { signal } = watch;
    const show = (/** @type {Partial<Snapshot<any>>} */ news) => {
      if (!signal.aborted) this.#change({ ...this.#snapshot, ...news, loading: false });
    };
    const onError = (/** @type {Error} */ error) => show({ error });
    try {
      const app = await this.#app;
      app.subscribe(this.#action, this.#args, (value) => show({ value, error: null }), { onError, signal });
    } catch (error) {
      onError(/** @type {Error} */ (error));
    }
  }

  #end() {
    this.#watch?.abort();
    this.#watch = null;
  }

  /** @param {Snapshot<any>} snapshot */
  #change(snapshot) {
    this.#snapshot = snapshot;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** One store for an action and its arguments, however often a component asks. */
class Stores {
  /** @type {Map<string, ResultStore>} the one that was asked for last at the end */
  #known = new Map();
  #app;

  /** @param {App | Promise<App>} app */
  constructor(app) {
    this.#app = app;
  }

  /** @param {string} action @param {Arguments} args */
  get(action, args) {
    const key = encode([action, args]);
    const store = this.#known.get(key) ?? new ResultStore(this.#app, action, args);
    this.#known.delete(key);
    this.#known.set(key, store);
    this.#forget();
    return store;
  }

  #forget() {
    if (this.#known.size <= IDLE) return;
    const idle = [...this.#known].filter(([, store]) => store.isIdle);
    for (const [key] of idle.slice(0, Math.max(0, idle.length - IDLE))) this.#known.delete(key);
  }
}

/**
 * A store of a value that can be watched, such as `app.storage`.
 * @template T
 * @param {{readonly value: T, subscribe: (watcher: (value: T) => void) => () => void}} observable
 * @returns {Store<T>}
 */
export function observe(observable) {
  return {
    subscribe: (changed) => observable.subscribe(() => changed()),
    getSnapshot: () => observable.value,
  };
}

/**
 * Hooks for React, Preact and whoever has a useSyncExternalStore.
 * @param {React} react
 * @param {App | Promise<App>} app  what start() returned; there is no need to wait for it
 */
export function createHooks(react, app) {
  const stores = new Stores(app);
  /** @type {WeakMap<object, Store<any>>} */
  const observed = new WeakMap();
  return {
    /**
     * What an action returns, now and after every change of what it reads.
     * @param {string} action
     * @param {Arguments} [args]
     * @returns {Snapshot<any>}
     */
    useVelocious(action, args = null) {
      const { subscribe, getSnapshot } = stores.get(action, args);
      return react.useSyncExternalStore(subscribe, getSnapshot, () => LOADING);
    },
    /**
     * The value of `app.storage`, `app.state` and the like.
     * @template T
     * @param {Parameters<typeof observe<T>>[0]} observable
     * @returns {T}
     */
    useObservable(observable) {
      const store = observed.get(observable) ?? observe(observable);
      observed.set(observable, store);
      return react.useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
    },
  };
}

/**
 * For frameworks with another way of watching: calls `show` now and after every change.
 * @template S
 * @param {Store<S>} store
 * @param {(snapshot: S) => void} show
 * @returns {() => void} ends it
 */
export function watch(store, show) {
  show(store.getSnapshot());
  return store.subscribe(() => show(store.getSnapshot()));
}
