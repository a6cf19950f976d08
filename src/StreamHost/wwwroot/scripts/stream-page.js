// One stream in depth.
import { ask } from './address.js';
import { AreaChart } from './area-chart.js';
import { duration, milliseconds, parseDuration, percent, setText } from './format.js';
import { heardKind, heardName, heardVariable, nameOf, NOTHING, SILENT, UNSURE } from './genres.js';
import { Past } from './past.js';
import { Scores } from './scores.js';
import { Spectrogram } from './spectrogram.js';
import { onStreams, store } from './store.js';
import { onTheme } from './theme.js';

const encodings = { AUDIO_ENCODING_PCM_S16LE: '16-bit', AUDIO_ENCODING_PCM_F32LE: '32-bit float', AUDIO_ENCODING_MULAW: 'µ-law' };
const badges = { LIVE: 'Live', WARMING_UP: 'Warming up', SILENT: 'Silent', ENDED: 'Ended', AWAY: 'Away, waiting for it to come back' };

export class StreamPage {
  constructor(place, id) {
    this.place = place;
    this.id = id;
    place.replaceChildren(document.getElementById('stream-page').content.cloneNode(true));
    this.part = selector => place.querySelector(selector);
    setText(this.part('h1'), id);
    this.facts = new Map();
    this.labels = store.labels;
    this.chart = new AreaChart(this.part('.area'), this.part('.cursor'), this.labels);
    this.scores = new Scores(this.part('.scores'), this.labels);
    this.spectrogram = new Spectrogram(this.part('.spectrogram canvas'), this.part('.pitches'), id);
    this.past = new Past(this.part('.past'), id);
    this.show(NOTHING, undefined);
    this.scores.show();
    const visibility = () => document.hidden ? this.events.close() : this.follow();
    document.addEventListener('visibilitychange', visibility);
    this.stops = [onStreams(() => this.glance()), onTheme(() => this.chart.build()), () => document.removeEventListener('visibilitychange', visibility)];
    this.follow();
    this.describe();
    this.glance();
  }

  follow() {
    this.events?.close();
    clearTimeout(this.retry);
    const events = new EventSource(`v1/streams/${encodeURIComponent(this.id)}/updates?from=${(this.sequence ?? 0) + 1}`);
    this.events = events;
    events.addEventListener('message', message => this.update(JSON.parse(message.data)));
    events.addEventListener('error', () => {
      // Back by itself after a broken connection, from where it was. A stream that is not there (yet, after a restart), or that has begun anew and not
      // come as far, is asked for again from its beginning.
      if (events.readyState === EventSource.CLOSED && events === this.events) {
        this.sequence = 0;
        this.again(2000);
      }
    });
  }

  again(ms) {
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.destroyed || document.hidden || this.follow(), ms);
  }

  async describe() {
    const { streams } = await ask('v1/streams').catch(() => ({ streams: [] }));
    const config = streams.find(stream => stream.streamId === this.id)?.config;
    if (config && !this.destroyed) {
      const channels = config.channels === 1 ? 'mono' : config.channels === 2 ? 'stereo' : `${config.channels} channels`;
      this.fact('Comes in as', `${config.sampleRateHz / 1000} kHz ${channels}, ${encodings[config.encoding] ?? ''}`);
    }
  }

  update(update) {
    const time = Date.parse(update.updateTime) / 1000;
    const state = update.state.replace('STREAM_STATE_', '');
    const read = scores => scores.length ? scores.map(score => score.score) : undefined;
    const rolling = read(update.rollingScores);
    if (state === 'ENDED') {
      this.events.close();

      // Another may begin under its id.
      this.sequence = 0;
      this.again(5000);
    } else {
      this.sequence = Number(update.sequence);
    }
    if (time <= (this.time ?? 0)) {
      return;
    }
    this.time = time;
    this.chart.add(time, parseDuration(update.windowEnd), rolling ?? this.labels.map(() => 0));
    if (update.announcedGenre !== this.announced || state !== this.state) {
      const heard = update.announcedGenre || state === 'SILENT' || state === 'ENDED' || this.announced !== '';
      if (heard && (update.announcedGenre !== this.announced || state === 'SILENT' || state === 'ENDED' || this.state === 'SILENT')) {
        this.past.add(time, update.announcedGenre, update.state, update.streamTitle);
      }
      this.announced = update.announcedGenre;
      this.state = state;
    }
    const heard = update.announcedGenre ? this.labels.indexOf(update.announcedGenre) : state === 'SILENT' ? SILENT : rolling ? UNSURE : NOTHING;
    this.show(heard, update, rolling);
    this.scores.show(rolling, read(update.windowScores));
    this.fact('Latency', milliseconds(parseDuration(update.processingLatency) * 1000));
    this.fact('Heard so far', duration(parseDuration(update.windowEnd)));
    this.fact('Rests on', `${parseDuration(update.smoothedDuration).toFixed(0)} s`);
    this.fact('Dropped windows', update.droppedWindows, Number(update.droppedWindows) > 0);
    this.lost = (this.lost ?? 0) + (this.begun ? Number(update.missedUpdates) : 0);
    this.begun = true;
    if (this.lost) {
      this.fact('Updates not seen here', String(this.lost), true);
    }
  }

  show(heard, update, rolling) {
    const now = this.part('.now');
    now.dataset.heard = heardKind(heard);
    now.style.setProperty('--genre', heardVariable(heard, this.labels));
    setText(now.querySelector('.genre'), heardName(heard, this.labels));
    const top = rolling ? rolling.indexOf(Math.max(...rolling)) : -1;
    setText(now.querySelector('.sure'),
      heard >= 0 ? `${percent(update.confidence)} sure`
        : heard === UNSURE && top >= 0 ? `most like ${nameOf(this.labels[top])}, ${percent(update.confidence)}`
          : heard === SILENT ? 'no sound to judge by' : 'needs three seconds of sound');
  }

  // State, name and title come with all the other streams'.
  glance() {
    const stream = store.streams.get(this.id);
    const badge = this.part('.badge');
    const state = stream?.state ?? 'AWAY';
    badge.dataset.state = state;
    setText(badge, badges[state]);
    setText(this.part('h1'), stream?.name || this.id);
    setText(this.part('.head .title'), stream?.title || (stream?.name ? this.id : ''));
  }

  fact(name, value, bad = false) {
    let fact = this.facts.get(name);
    if (!fact) {
      const row = document.createElement('div');
      const term = Object.assign(document.createElement('dt'), { textContent: name });
      fact = document.createElement('dd');
      row.append(term, fact);
      this.part('.facts dl').append(row);
      this.facts.set(name, fact);
    }
    setText(fact, String(value));
    fact.classList.toggle('bad', bad);
  }

  destroy() {
    this.destroyed = true;
    clearTimeout(this.retry);
    this.events.close();
    this.stops.forEach(stop => stop());
    this.chart.destroy();
    this.spectrogram.destroy();
    this.past.destroy();
    this.place.replaceChildren();
  }
}
