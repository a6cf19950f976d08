// What was heard and when: the server's history where it keeps one, else what the page has seen of the last ten minutes.
import { ask } from './address.js';
import { clock, span } from './format.js';
import { nameOf, variableOf } from './genres.js';
import { drawMix } from './mix.js';

const everyMs = 30_000;
const redrawMs = 5000;
const hours = 6;
const mostChanges = 30;

export class Past {
  constructor(section, id) {
    this.section = section;
    this.id = id;
    this.seen = [];
    this.load();
    this.timers = [setInterval(() => this.load(), everyMs), setInterval(() => this.draw(), redrawMs)];
  }

  async load() {
    try {
      const since = new Date(Date.now() - hours * 3600_000).toISOString();
      const history = await ask(`v1/streams/${encodeURIComponent(this.id)}/history?since=${since}`);
      this.history = (history.changes ?? []).map(change => ({ time: Date.parse(change.time) / 1000, genre: change.toGenre, state: change.state, title: change.streamTitle }));
      this.shares = history.shares ?? [];
    } catch {
      this.history = undefined;
    }
    this.draw();
  }

  // A change as the page sees it, at once.
  add(time, genre, state, title) {
    if (time > (this.seen.at(-1)?.time ?? 0)) {
      this.seen.push({ time, genre, state, title });
      this.seen.splice(0, this.seen.length - 200);
      this.draw();
    }
  }

  draw() {
    if (this.stopped) {
      return;
    }
    const known = this.history ?? [];
    const last = known.at(-1)?.time ?? 0;
    const changes = [...known, ...this.seen.filter(change => change.time > last + 0.5)];
    const now = Date.now() / 1000;
    const rows = changes.map((change, i) => ({ ...change, seconds: (changes[i + 1]?.time ?? now) - change.time })).filter(change => change.seconds > 0.5);
    const shares = this.sharesOf(rows);
    drawMix(this.section.querySelector('.mix'), shares.map(([genre, share]) => ({ name: nameOf(genre), variable: variableOf(genre), share })));
    this.section.querySelector('.span').textContent = changes.length ? `since ${clock(changes[0].time).slice(0, 5)}` : '';
    this.section.querySelector('.changes').replaceChildren(...rows.slice(-mostChanges).reverse().map(change => this.row(change)));
  }

  sharesOf(rows) {
    if (this.history && this.shares.length) {
      return this.shares.filter(share => share.share > 0.005).map(share => [share.genre, share.share]);
    }
    const seconds = new Map();
    rows.filter(row => row.genre).forEach(row => seconds.set(row.genre, (seconds.get(row.genre) ?? 0) + row.seconds));
    const all = [...seconds.values()].reduce((sum, s) => sum + s, 0);
    return [...seconds].sort((a, b) => b[1] - a[1]).map(([genre, s]) => [genre, s / all]);
  }

  row({ time, genre, state, title, seconds }) {
    const item = document.createElement('li');
    const [when, swatch, what, long] = ['time', 'i', 'span', 'span'].map(tag => document.createElement(tag));
    when.textContent = clock(time);
    when.dateTime = new Date(time * 1000).toISOString();
    swatch.className = 'swatch';
    if (genre) {
      swatch.style.setProperty('--genre', variableOf(genre));
    }
    swatch.dataset.heard = genre ? 'genre' : /SILENT|ENDED/.test(state) ? 'none' : 'unsure';
    what.className = genre ? 'what' : 'what none';
    what.textContent = genre ? nameOf(genre) : state === 'STREAM_STATE_SILENT' ? 'Silent' : state === 'STREAM_STATE_ENDED' ? 'Ended' : 'Unsure';
    if (title) {
      what.append(Object.assign(document.createElement('small'), { textContent: title }));
    }
    long.className = 'long';
    long.textContent = state === 'STREAM_STATE_ENDED' ? '' : span(seconds);
    item.append(when, swatch, what, long);
    return item;
  }

  destroy() {
    this.stopped = true;
    this.timers.forEach(clearInterval);
  }
}
