// Turns an exception of Python into the structure that crosses the worker's boundary.

import { describe } from './failure.mjs';

/** @typedef {import('./messages.mjs').Failure} Failure */

const DESCRIBE = `
import json
import sys
import traceback

def jsonable(value):
    try:
        return json.loads(json.dumps(value))
    except (TypeError, ValueError):
        return repr(value)

def describe_last():
    error = sys.last_exc
    code = getattr(error, "code", None)
    return json.dumps({
        "name": type(error).__name__,
        "code": code if isinstance(code, str) else None,
        "message": str(error),
        "details": jsonable(getattr(error, "details", None)),
        "traceback": "".join(traceback.format_exception(error)),
    })
`;

/**
 * Call the result in the very turn in which the error arrived: it reads the interpreter's last exception.
 * @param {any} pyodide
 * @returns {(error: unknown) => Failure}
 */
export function explainer(pyodide) {
  const globals = pyodide.toPy({});
  pyodide.runPython(DESCRIBE, { globals });
  const describeLast = globals.get('describe_last');
  return (error) => (error instanceof pyodide.ffi.PythonError ? JSON.parse(describeLast()) : describe(error));
}
