// Light, dark, or what the system says.

import { announce, byId } from './dom.mjs';

const KEY = 'velocious-theme';
const NEXT = { auto: 'light', light: 'dark', dark: 'auto' };
const NAMES = { auto: 'as the system', light: 'light', dark: 'dark' };

export function themeButton() {
  const button = byId('theme');
  const chosen = () => document.documentElement.dataset.theme ?? 'auto';
  const label = () => {
    button.title = `Colours: ${NAMES[chosen()]}`;
    button.setAttribute('aria-label', button.title);
  };
  button.addEventListener('click', () => {
    choose(NEXT[chosen()]);
    label();
    announce(button.title);
  });
  label();
}

function choose(theme) {
  if (theme === 'auto') {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem(KEY);
  } else {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem(KEY, theme);
  }
}
