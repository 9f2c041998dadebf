// Calls Python and turns its exceptions into the structure that crosses the worker's boundary.
//
// The exception is described where it is caught, in Python: by the time that a rejected promise is seen here, another
// request may have failed as well.

import { RemoteError } from './failure.mjs';

/** @typedef {(...args: any[]) => Promise<any>} PythonFunction */

const SETTLE = `
import json
import traceback

def jsonable(value):
    try:
        return json.loads(json.dumps(value))
    except (TypeError, ValueError):
        return repr(value)

def describe(error):
    code = getattr(error, "code", None)
    return json.dumps({
        "name": type(error).__name__,
        "code": code if isinstance(code, str) else None,
        "message": str(error),
        "details": jsonable(getattr(error, "details", None)),
        "traceback": "".join(traceback.format_exception(error)),
    })

async def settle(function, arguments, done, failed):
    try:
        done(await function(*arguments))
    except BaseException as error:
        failed(describe(error))
`;

/**
 * @param {any} pyodide
 * @returns {(python: any) => PythonFunction}  makes an async function of Python callable from here
 */
export function createCaller(pyodide) {
  const globals = pyodide.toPy({});
  pyodide.runPython(SETTLE, { globals });
  const settle = globals.get('settle');
  return (python) => (...args) => new Promise((resolve, reject) => {
    const failed = (/** @type {string} */ text) => reject(new RemoteError(JSON.parse(text)));
    settle(python, args, resolve, failed).catch(reject);
  });
}
