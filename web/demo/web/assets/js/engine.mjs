// Python of this browser: started once, watched by whoever shows it.

import { start } from '../../velocious/client.mjs';

const BOOT = new URL('../../velocious/boot.json', import.meta.url).href;

export const STEPS = [
  ['lock', 'Waiting for the database'],
  ['runtime', 'Loading Python'],
  ['storage', 'Opening the database files'],
  ['application', 'Starting the application'],
];

/** @typedef {{name: string, message: string, code?: string | null}} EngineState */

export class Engine {
  /** @type {any} */
  app = null;
  /** @type {EngineState} */
  state = { name: 'starting', message: '' };
  /** @type {any} */
  storage = null;
  /** @type {Map<string, {label: string, loaded: number, total: number}>} */
  progress = new Map();
  startedAt = performance.now();
  #watchers = new Set();
  #workers = new Set();
  #log = new Set();

  /** @param {(engine: Engine) => void} watcher  called at every change */
  watch(watcher) {
    this.#watchers.add(watcher);
    watcher(this);
  }

  /** @param {(progress: {step: string, label: string, loaded: number, total: number}) => void} listener */
  onWork(listener) {
    this.#workers.add(listener);
    return () => this.#workers.delete(listener);
  }

  /** @param {(level: string, text: string) => void} listener */
  onLog(listener) {
    this.#log.add(listener);
  }

  async start() {
    try {
      this.app = await start({
        boot: BOOT,
        migrate: true,
        onProgress: (progress) => this.#advance(progress),
        onState: (state) => this.#change(state),
        onLog: this.#log.size ? (level, text) => { for (const listener of this.#log) listener(level, text); } : undefined,
      });
      this.app.storage.subscribe((storage) => {
        this.storage = storage;
        this.#tell();
      });
    } catch (error) {
      // the state says it too; a page that only watches needs no second way to hear it
      this.#change({ name: 'failed', message: error.message, code: error.code ?? null });
      return null;
    }
    return this.app;
  }

  get running() {
    return this.app !== null && this.state.name === 'ready';
  }

  #advance(progress) {
    this.progress.set(progress.step, progress);
    if (this.running) for (const listener of this.#workers) listener(progress);
    else this.#tell();
  }

  #change(state) {
    this.state = state;
    this.#tell();
  }

  #tell() {
    for (const watcher of this.#watchers) watcher(this);
  }
}
