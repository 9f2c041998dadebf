// Runs before the page is painted, so that no wrong colours flash.
(() => {
  const chosen = localStorage.getItem('velocious-theme');
  if (chosen) document.documentElement.dataset.theme = chosen;
})();
