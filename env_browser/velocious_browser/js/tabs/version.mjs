// Which of two tabs runs the newer application. There is one order, whoever asks.

import { PROTOCOL } from '../messages.mjs';

/** @typedef {import('../messages.mjs').Boot} Boot */
/** @typedef {import('../messages.mjs').TabVersion} TabVersion */

/** @param {Boot} boot @returns {TabVersion} */
export function versionOf({ version, schema, served }) {
  return { protocol: PROTOCOL, schema: schema ?? '', served: served ?? 0, version: version ?? '' };
}

/**
 * Below 0: *one* is older than *other*; 0: they may share a database.
 * Versions have no order of their own, so what counts is: what the tabs say to each other, then the newest migration, then when it was served.
 * @param {TabVersion} one
 * @param {TabVersion} other
 */
export function compare(one, other) {
  if (one.protocol !== other.protocol) return one.protocol - other.protocol;
  if (one.version === other.version) return 0;
  if (one.schema !== other.schema) return one.schema < other.schema ? -1 : 1;
  if (one.served !== other.served) return one.served - other.served;
  return one.version < other.version ? -1 : 1;
}
