// The last ten minutes of a stream as cells of colour, one pixel each, which the style sheet stretches. Height says how sure: a genre is full, unsure
// a third, silence a line at the bottom.
import { color, heardVariable, heardName, SILENT, UNSURE } from './genres.js';
import { span } from './format.js';
import { store } from './store.js';

export function drawStrip(canvas, stream) {
  const context = canvas.getContext('2d');
  const height = canvas.height;
  const last = Math.floor(Date.now() / 1000 / store.cellSeconds);
  context.clearRect(0, 0, canvas.width, height);
  for (let i = 0; i < canvas.width; i++) {
    const heard = stream.strip.get(last - canvas.width + 1 + i);
    if (heard === undefined) {
      continue;
    }
    const tall = heard === SILENT ? 1 : heard === UNSURE ? 3 : height;
    context.fillStyle = color(heardVariable(heard, store.labels));
    context.fillRect(i, height - tall, 1, tall);
  }
}

// The same in words.
export function describeStrip(stream) {
  const seconds = new Map();
  for (const heard of stream.strip.values()) {
    seconds.set(heard, (seconds.get(heard) ?? 0) + store.cellSeconds);
  }
  const parts = [...seconds].sort((a, b) => b[1] - a[1]).map(([heard, s]) => `${heardName(heard, store.labels)} ${span(s)}`);
  return parts.length ? `Last ten minutes: ${parts.join(', ')}` : 'Nothing heard yet';
}
