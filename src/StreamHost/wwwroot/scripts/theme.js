// Light or dark: the system's choice until somebody makes one here.
import { forgetColors } from './genres.js';

const listeners = new Set();
const system = matchMedia('(prefers-color-scheme: dark)');

export const isDark = () => (document.documentElement.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';

export function onTheme(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function changed() {
  forgetColors();
  for (const listener of listeners) {
    listener();
  }
}

export function startTheme(button) {
  const chosen = localStorage.getItem('theme');
  if (chosen) {
    document.documentElement.dataset.theme = chosen;
  }
  button.addEventListener('click', () => {
    const theme = isDark() ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    localStorage.setItem('theme', theme);
    changed();
  });
  system.addEventListener('change', changed);
}
