// Calls Python and turns its exceptions into the structure that crosses the worker's boundary.
//
// The exception is described where it is caught, in Python: by the time that a rejected promise is seen here, another
// request may have failed as well.

import { RemoteError } from './failure.mjs';
import { decode } from './values.mjs';

/** @typedef {(...args: any[]) => Promise<any>} PythonFunction */

// The application's own `describe` says more, but what fails may be its import.
const SETTLE = `
import json
import traceback

def describe(error):
    code = getattr(error, "code", None)
    details = getattr(error, "details", None)
    return json.dumps({
        "name": type(error).__name__,
        "code": code if isinstance(code, str) else None,
        "message": str(error),
        "details": json.loads(json.dumps(details, default=repr)),
        "traceback": "".join(traceback.format_exception(error)),
    })

async def settle(function, arguments, done, failed, describe):
    try:
        done(await function(*arguments))
    except BaseException as error:
        failed(describe(error))
`;

/**
 * @param {any} pyodide
 * @param {any} [describe]  Python's function from an exception to what a Failure is made of
 * @returns {(python: any) => PythonFunction}  makes an async function of Python callable from here
 */
export function createCaller(pyodide, describe) {
  const globals = pyodide.toPy({});
  pyodide.runPython(SETTLE, { globals });
  const settle = globals.get('settle');
  const described = describe ?? globals.get('describe');
  return (python) => (...args) => new Promise((resolve, reject) => {
    const failed = (/** @type {string} */ text) => reject(new RemoteError(decode(text)));
    settle(python, args, resolve, failed, described).catch(reject);
  });
}
