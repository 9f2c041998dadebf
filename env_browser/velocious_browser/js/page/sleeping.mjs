// Says when the browser puts a page to sleep, frozen or kept for the back button, and when the page is awake again.
//
// Law: a page has no second moment after this one: its worker hears nothing any more, not even what was said to it before.

/**
 * @param {() => void} asleep  called once for each sleep, and so is *awake*
 * @param {() => void} awake
 * @param {AbortSignal} [signal]  ends it
 */
export function watchSleep(asleep, awake, signal) {
  let sleeps = false;
  // the back/forward cache says both: `pagehide`, then `freeze`
  const sleep = () => {
    if (sleeps) return;
    sleeps = true;
    asleep();
  };
  const wake = () => {
    if (!sleeps) return;
    sleeps = false;
    awake();
  };
  document.addEventListener('freeze', sleep, { signal });
  document.addEventListener('resume', wake, { signal });
  addEventListener('pagehide', ({ persisted }) => { if (persisted) sleep(); }, { signal });
  addEventListener('pageshow', ({ persisted }) => { if (persisted) wake(); }, { signal });
}
