// Calls Python and turns its exceptions into the structure that crosses the worker's boundary.
//
// The exception is described where it is caught, in Python: by the time that a rejected promise is seen here, another
// request may have failed as well.

import { RemoteError } from './failure.mjs';

/** @typedef {(...args: any[]) => Promise<any>} PythonFunction */

/**
 * @param {any} pyodide
 * @returns {(python: any) => PythonFunction}  makes an async function of Python callable from here
 */
export function createCaller(pyodide) {
  const { settle } = pyodide.pyimport('velocious_settling');
  return (python) => (...args) => new Promise((resolve, reject) => {
    const failed = (/** @type {string} */ text) => reject(new RemoteError(JSON.parse(text)));
    settle(python, args, resolve, failed).catch(reject);
  });
}
