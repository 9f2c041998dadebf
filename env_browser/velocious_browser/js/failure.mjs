// Errors with a stable code, and their way through postMessage (which would keep the text only).

/** @typedef {import('./messages.mjs').Failure} Failure */

/** An error of the runtime: what was wrong, what would have been right, what to do. */
export class RuntimeFailure extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {{details?: unknown, cause?: unknown}} [options]
   */
  constructor(code, message, { details = null, cause } = {}) {
    super(message, { cause });
    this.name = 'RuntimeFailure';
    this.code = code;
    this.details = details;
  }
}

/** An error that happened on the other side of a boundary: in Python, or in the worker. */
export class RemoteError extends Error {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure.message, failure.cause ? { cause: new RemoteError(failure.cause) } : undefined);
    this.name = failure.name;
    this.code = failure.code;
    this.details = failure.details;
    this.traceback = failure.traceback;
  }
}

/**
 * @param {unknown} error
 * @returns {Failure}
 */
export function describe(error) {
  if (!(error instanceof Error)) {
    return { name: 'Error', code: null, message: String(error), details: null, traceback: null };
  }
  if (error instanceof RemoteError) {
    const { name, code, message, details, traceback, cause } = error;
    return { name, code, message, details, traceback, cause: cause ? describe(cause) : null };
  }
  const { code, details } = /** @type {{code?: unknown, details?: unknown}} */ (error);
  return {
    name: error.name,
    code: typeof code === 'string' ? code : null,
    message: error.message,
    details: details ?? null,
    traceback: error.stack ?? null,
  };
}
