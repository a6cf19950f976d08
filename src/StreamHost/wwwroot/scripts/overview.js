// All streams at a glance: what is heard over all, and a row for each that can be found, narrowed and sorted.
import { duration, milliseconds, percent, setText } from './format.js';
import { heardKind, heardName, heardVariable, NOTHING, SILENT, UNSURE } from './genres.js';
import { drawMix } from './mix.js';
import { onStreams, store } from './store.js';
import { describeStrip, drawStrip } from './strip.js';
import { onTheme } from './theme.js';

const element = id => document.getElementById(id);
const rows = new Map();
const states = { LIVE: 'live', WARMING_UP: 'warming up', SILENT: 'silent', ENDED: 'ended', AWAY: 'away' };

const over = stream => stream.state === 'ENDED' || stream.state === 'AWAY';
const shows = {
  all: () => true,
  music: stream => !over(stream) && stream.heard >= 0,
  silent: stream => !over(stream) && stream.heard === SILENT,
  unsure: stream => !over(stream) && stream.heard === UNSURE,
  ended: over,
};
const byName = (a, b) => (a.name || a.id).localeCompare(b.name || b.id, undefined, { numeric: true });
const sorts = {
  name: byName,
  genre: (a, b) => heardName(a.heard, store.labels).localeCompare(heardName(b.heard, store.labels)) || byName(a, b),
  confidence: (a, b) => b.confidence - a.confidence || byName(a, b),
  change: (a, b) => b.changedAt - a.changedAt || byName(a, b),
  latency: (a, b) => b.latencyMs - a.latencyMs || byName(a, b),
};

function rowOf(stream) {
  let row = rows.get(stream.id);
  if (!row) {
    const item = element('row').content.cloneNode(true).firstElementChild;
    const part = name => item.querySelector('.' + name);
    row = {
      item, id: part('id'), title: part('title'), heard: part('heard'), genre: part('genre'), confidence: part('confidence'),
      meter: item.querySelector('.meter i'), strip: part('strip'), state: part('state'), latency: part('latency'), cell: -1, sequence: -1,
    };
    item.firstElementChild.href = `#/stream/${encodeURIComponent(stream.id)}`;
    rows.set(stream.id, row);
  }
  return row;
}

function draw(row, stream) {
  const key = `${stream.sequence} ${stream.state} ${stream.title} ${stream.name}`;
  const cell = Math.floor(Date.now() / 1000 / store.cellSeconds);
  const newest = stream.strip.get(cell);
  if (row.cell !== cell || row.newest !== newest) {
    row.cell = cell;
    row.newest = newest;
    drawStrip(row.strip, stream);
    const words = describeStrip(stream);
    row.strip.setAttribute('aria-label', words);
    row.strip.title = words;
  }
  if (row.key === key) {
    return;
  }
  row.key = key;
  row.item.dataset.state = stream.state;
  row.item.dataset.heard = heardKind(stream.heard);
  row.heard.style.setProperty('--genre', heardVariable(stream.heard, store.labels));
  setText(row.id, stream.name || stream.id);
  setText(row.title, stream.title || (stream.name ? stream.id : ''));
  setText(row.genre, heardName(stream.heard, store.labels));
  setText(row.confidence, stream.heard >= 0 ? percent(stream.confidence)
    : stream.heard === UNSURE && stream.top >= 0 ? `${heardName(stream.top, store.labels)}? ${percent(stream.confidence)}` : '');
  row.meter.style.transform = `scaleX(${stream.heard >= UNSURE ? stream.confidence : 0})`;
  setText(row.state, `${states[stream.state] ?? ''} · ${duration(stream.audioSeconds)}`);
  setText(row.latency, stream.sequence ? milliseconds(stream.latencyMs) : '');
}

function summarise(streams) {
  const playing = streams.filter(stream => !over(stream));
  const counts = new Map();
  for (const stream of playing) {
    counts.set(stream.heard, (counts.get(stream.heard) ?? 0) + 1);
  }
  const told = (heard, word) => counts.get(heard) ? ` · ${counts.get(heard)} ${word}` : '';
  setText(element('counts'), `${playing.length} live${told(SILENT, 'silent')}${told(UNSURE, 'unsure')}${told(NOTHING, 'just begun')}`);
  const parts = [...counts].filter(([heard]) => heard >= UNSURE).sort((a, b) => (a[0] < 0) - (b[0] < 0) || b[1] - a[1])
    .map(([heard, count]) => ({ name: heardName(heard, store.labels), variable: heardVariable(heard, store.labels), share: count / playing.length, count }));
  drawMix(element('mix'), parts);
  const legend = element('mix-legend');
  const words = parts.map(part => `${part.name} ${part.count}`).join();
  if (legend.dataset.words !== words) {
    legend.dataset.words = words;
    legend.replaceChildren(...parts.map(part => {
      const item = document.createElement('li');
      const swatch = document.createElement('i');
      const count = document.createElement('b');
      swatch.className = 'swatch';
      swatch.style.setProperty('--genre', part.variable);
      count.textContent = part.count;
      item.append(swatch, part.name, count);
      return item;
    }));
  }
}

function refresh() {
  if (element('overview').hidden) {
    return;
  }
  const streams = [...store.streams.values()];
  const words = element('search').value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const fits = stream => {
    const text = `${stream.id} ${stream.name} ${stream.title} ${heardName(stream.heard, store.labels)}`.toLowerCase();
    return words.every(word => text.includes(word));
  };
  const shown = streams.filter(shows[element('show').value]).filter(fits).sort(sorts[element('sort').value]);
  const list = element('streams');
  summarise(streams);

  // Rows move only where the order differs: a row that is moved loses the focus it may have.
  let at = list.firstElementChild;
  for (const stream of shown) {
    const row = rowOf(stream);
    draw(row, stream);
    if (row.item === at) {
      at = at.nextElementSibling;
    } else {
      const focused = row.item.contains(document.activeElement);
      list.insertBefore(row.item, at);
      if (focused) {
        row.item.firstElementChild.focus({ preventScroll: true });
      }
    }
  }
  while (at) {
    const next = at.nextElementSibling;
    at.remove();
    at = next;
  }
  for (const id of rows.keys()) {
    if (!store.streams.has(id)) {
      rows.delete(id);
    }
  }
  element('empty').hidden = streams.length > 0 || store.state === 'connecting';
  element('nothing').hidden = shown.length > 0 || streams.length === 0;
  document.querySelector('.columns').hidden = shown.length === 0;
}

export function startOverview() {
  onStreams(refresh);
  onTheme(() => {
    rows.forEach(row => {
      row.cell = -1;
    });
    refresh();
  });
  element('filters').addEventListener('input', refresh);
  element('filters').addEventListener('submit', event => event.preventDefault());
  return refresh;
}
