// Shares of genres as one bar.
import { percent } from './format.js';

// parts: [{ name, variable, share }], shares of one.
export function drawMix(element, parts) {
  while (element.children.length > parts.length) {
    element.lastElementChild.remove();
  }
  while (element.children.length < parts.length) {
    element.append(document.createElement('i'));
  }
  parts.forEach(({ name, variable, share }, i) => {
    const part = element.children[i];
    part.style.flexGrow = share;
    part.style.setProperty('--genre', variable);
    part.title = `${name} ${percent(share)}`;
  });
  element.setAttribute('aria-label', parts.map(part => `${part.name} ${percent(part.share)}`).join(', '));
}
