// How long each phase of the start takes, where the browser's own tools show it too: as measures of `performance`.

/** @typedef {import('./messages.mjs').Phase} Phase */

const PREFIX = 'velocious:';

/**
 * Measures work of this page or worker.
 * @template T
 * @param {string} name
 * @param {Promise<T>} work  already begun
 * @returns {Promise<T>}
 */
export async function during(name, work) {
  const start = performance.now();
  try {
    return await work;
  } finally {
    since(name, start);
  }
}

/** Measures what began at `start` and is over now. @param {string} name @param {number} start  of performance.now() */
export function since(name, start) {
  performance.measure(PREFIX + name, { start });
}

/**
 * Measures work that does not wait for anything.
 * @template T
 * @param {string} name
 * @param {() => T} work
 * @returns {T}
 */
export function within(name, work) {
  const start = performance.now();
  try {
    return work();
  } finally {
    since(name, start);
  }
}

/**
 * What was measured and fetched here, in milliseconds of the time that `origin` gives.
 * @param {Phase["place"]} place
 * @param {number} [origin]  a timeOrigin of `performance`
 * @returns {Phase[]}
 */
export function phases(place, origin = performance.timeOrigin) {
  const shift = performance.timeOrigin - origin;
  const measures = performance.getEntriesByType('measure').filter(({ name }) => name.startsWith(PREFIX));
  const fetches = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType('resource'));
  return [
    ...measures.map(({ name, startTime, duration }) => ({ place, name: name.slice(PREFIX.length), start: startTime + shift, duration, bytes: 0 })),
    ...fetches.map(({ name, startTime, duration, transferSize }) => ({
      place, name: `fetch ${new URL(name).pathname.split('/').slice(-1)[0]}`, start: startTime + shift, duration: Math.max(duration, 0), bytes: transferSize,
    })),
  ].sort((one, other) => one.start - other.start);
}
