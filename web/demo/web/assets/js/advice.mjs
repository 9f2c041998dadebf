// What went wrong, and what a person can do about it.

/** @typedef {{title: string, text: string, action: 'reload' | 'retry' | 'none', detail?: string}} Advice */

const BY_CODE = {
  storage_unavailable: {
    title: 'This browser cannot keep a database',
    text: 'Open the page in an ordinary window (not a private one) of a current browser, over https or on localhost. The pages of the server work meanwhile.',
    action: 'reload',
  },
  storage_busy: {
    title: 'The database is still held by another tab',
    text: 'Close other tabs of this site, then try again.',
    action: 'reload',
  },
  storage_full: {
    title: 'There is no space left for the database',
    text: 'Free space on this device, or allow this site to use more of it. What was saved is still there.',
    action: 'reload',
  },
  storage_corrupt: {
    title: 'The database files of this site are damaged',
    text: 'Nothing was changed or deleted. Save a copy with the developer tools page before you try anything else.',
    action: 'reload',
  },
  runtime_missing: {
    title: 'The server has no Python for browsers yet',
    text: 'Run `make runtime` (or `pip install velocious-runtime`) where the server is, then reload.',
    action: 'reload',
  },
  offline: {
    title: 'The server does not answer',
    text: 'Start it with `velocious server`. Records of this browser are not affected.',
    action: 'retry',
  },
  boot_failed: {
    title: 'Python did not start, or stopped',
    text: 'What was saved is safe in this browser. Reload to go on.',
    action: 'reload',
  },
};

/** @param {{code?: string | null, message: string}} error @returns {Advice} */
export function advise(error) {
  const offline = error.code === 'backend_unreachable' || /could not be fetched|Failed to fetch|NetworkError/i.test(error.message);
  const known = BY_CODE[offline ? 'offline' : error.code];
  return { ...(known ?? { title: 'Something went wrong', text: error.message, action: 'reload' }), detail: known ? error.message : undefined };
}

/** One line for a toast. */
export function brief(error) {
  if (error.code === 'validation_failed') return `${error.message}.`.replace('..', '.');
  if (error.code === 'record_not_found') return `${error.message}. Somebody may have deleted it.`;
  return error.message;
}
