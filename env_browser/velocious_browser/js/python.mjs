// Calls Python and turns its exceptions into the structure that crosses the worker's boundary.
//
// The exception is described where it is caught, in Python: by the time that a rejected promise is seen here, another
// request may have failed as well.

import { RemoteError } from './failure.mjs';
import { decode } from './values.mjs';

/** @typedef {(...args: any[]) => Promise<any>} PythonFunction */

/**
 * @param {any} pyodide
 * @param {any} [describe]  Python's function from an exception to what a Failure is made of
 * @returns {(python: any) => PythonFunction}  makes an async function of Python callable from here
 */
export function createCaller(pyodide, describe) {
  const { settle, described: plainly } = pyodide.pyimport('velocious_settling');
  // the application's own describes more, but what fails may be its import
  const described = describe ?? plainly;
  return (python) => (...args) => new Promise((resolve, reject) => {
    const failed = (/** @type {string} */ text) => reject(new RemoteError(decode(text)));
    settle(python, args, resolve, failed, described).catch(reject);
  });
}

/** Python has started: from now on it looks for garbage (velocious_memory). @param {any} pyodide */
export function collectFromNow(pyodide) {
  const memory = pyodide.pyimport('velocious_memory');
  memory.collect_from_now();
  memory.destroy();
}
