// How much room is left: said when it runs short, and when there is enough again, not in between.

/** @typedef {import('./messages.mjs').Notice} Notice */
/** @typedef {import('./messages.mjs').Persistence} Persistence */
/** @typedef {import('./storage.mjs').Storage} Storage */

/** The part of the quota from which on space counts as low. */
export const WARN_AT = 0.8;

/**
 * A refused write says more than any estimate: some browsers report a quota that they do not grant.
 * @param {{usage: number, quota: number}} estimate
 * @param {boolean} refused  the newest write found no room
 * @param {number} [warnAt]
 * @returns {{space: Persistence["space"], percent: number | null}}
 */
export function judgeSpace({ usage, quota }, refused, warnAt = WARN_AT) {
  const percent = quota > 0 ? Math.round((usage / quota) * 1000) / 10 : null;
  if (refused) return { space: 'full', percent };
  return { space: percent !== null && percent >= warnAt * 100 ? 'low' : 'enough', percent };
}

/**
 * Tells the page whenever something changes that a person may have to know.
 * @param {Storage} storage
 * @param {(notice: Notice) => void} post
 * @param {() => void} [tell]  also called, after a change
 */
export function announceChanges(storage, post, tell = () => {}) {
  let known = storage.latest();
  storage.onChange = () => {
    const now = storage.latest();
    const before = known;
    known = now;
    if (now.space === before.space && now.state === before.state && (now.files > 0) === (before.files > 0)) return;
    post({ type: 'persistence', persistence: now });
    if (now.space !== before.space) post({ type: 'log', ...words(now) });
    tell();
  };
}

/** @param {Persistence} persistence @returns {{level: "warning" | "info", text: string}} */
function words({ space, percent, usage, quota }) {
  const used = `${usage} of ${quota} bytes (${percent} %) are in use`;
  if (space === 'full') return { level: 'warning', text: 'the storage of this site is full: a write was refused, nothing that was confirmed is lost - delete rows and run db:vacuum, or free space on the disk' };
  if (space === 'low') return { level: 'warning', text: `the storage of this site is nearly full: ${used} - delete rows and run db:vacuum, or free space on the disk` };
  return { level: 'info', text: `the storage of this site has room again: ${used}` };
}
