// Types of /velocious/use_velocious.mjs, for TypeScript and editors. tests/project/test_javascript_types.py compares them with the module.

import type { App, Arguments } from './client.mjs';

/** What is known now; another object after every change, and the same one until then. */
export interface Snapshot<T> {
  /** The last result; it stays when a later run fails. */
  value: T | undefined;
  /** Of the last run. */
  error: Error | null;
  /** There was neither a result nor an error yet. */
  loading: boolean;
}

/** As React's useSyncExternalStore takes it. */
export interface Store<S> {
  /** Returns what ends it. */
  subscribe: (changed: () => void) => () => void;
  getSnapshot: () => S;
}

/** What is needed of React, or of another library that has it. */
export interface React {
  useSyncExternalStore: <S>(subscribe: Store<S>['subscribe'], getSnapshot: () => S, getServerSnapshot?: () => S) => S;
}

/** A store of what an action returns: now, and whenever the tables that it reads have changed, while somebody listens. */
export function createStore<T = any>(app: App | Promise<App>, action: string, args?: Arguments): Store<Snapshot<T>>;

/** A store of a value that can be watched, such as `app.storage`. */
export function observe<T>(observable: { readonly value: T; subscribe: (watcher: (value: T) => void) => () => void }): Store<T>;

/** Calls `show` now and after every change; returns what ends it. */
export function watch<S>(store: Store<S>, show: (snapshot: S) => void): () => void;

/** Hooks for React, Preact and whoever has a useSyncExternalStore; there is no need to wait for start(). */
export function createHooks(react: React, app: App | Promise<App>): {
  useVelocious<T = any>(action: string, args?: Arguments): Snapshot<T>;
  useObservable<T>(observable: { readonly value: T; subscribe: (watcher: (value: T) => void) => () => void }): T;
};
