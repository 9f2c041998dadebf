// Says when a page is back: a tab that was hidden, frozen or put into the back/forward cache may have missed something.

/**
 * @param {() => void} returned
 * @returns {() => void} ends it
 */
export function watchReturn(returned) {
  const ending = new AbortController();
  const { signal } = ending;
  let away = document.hidden;
  const look = () => {
    const back = away && !document.hidden;
    away = document.hidden;
    if (back) returned();
  };
  document.addEventListener('visibilitychange', look, { signal });
  document.addEventListener('resume', returned, { signal });
  window.addEventListener('pageshow', ({ persisted }) => { if (persisted) returned(); }, { signal });
  return () => ending.abort();
}
