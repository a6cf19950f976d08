// Rolling probabilities as areas on top of each other over the last ten minutes.
import uPlot from '../lib/uPlot.esm.js';
import { clock, percent } from './format.js';
import { color, nameOf, variableOf } from './genres.js';

const windowSeconds = 600;

// Where more of the clock's time has gone by than of the audio's, there is a gap.
const gapSeconds = 2;

export class AreaChart {
  constructor(place, output, labels) {
    this.place = place;
    this.output = output;
    this.labels = labels;
    this.times = [];
    this.scores = [];
    this.observer = new ResizeObserver(() => this.chart?.setSize({ width: place.clientWidth, height: place.clientHeight }));
    this.observer.observe(place);
    this.build();
  }

  // Points come in the order of time; what is known already is left out. audio: the stream's own time, which begins anew when the stream does.
  add(time, audio, scores) {
    const last = this.times.at(-1) ?? 0;
    if (time <= last) {
      return;
    }
    const heard = audio - this.audio;
    if (this.times.length && (heard < 0 || time - last - heard > gapSeconds)) {
      this.times.push(last + 0.5);
      this.scores.push(null);
    }
    this.audio = audio;
    this.times.push(time);
    this.scores.push(scores);
    const oldest = Date.now() / 1000 - windowSeconds - 10;
    while (this.times[0] < oldest) {
      this.times.shift();
      this.scores.shift();
    }
    this.queued ??= requestAnimationFrame(() => {
      this.queued = undefined;
      this.draw();
    });
  }

  build() {
    this.chart?.destroy();
    const line = { stroke: color('var(--line)'), width: 1 };
    const axis = { stroke: color('var(--quiet)'), grid: { show: false }, ticks: line, font: '11px system-ui' };
    this.chart = new uPlot({
      width: this.place.clientWidth || 600,
      height: this.place.clientHeight || 240,
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      padding: [8, 18, 0, 0],
      scales: {
        x: { time: true, range: () => [Date.now() / 1000 - windowSeconds, Date.now() / 1000] },
        y: { range: [0, 1] },
      },
      axes: [
        { ...axis, space: 90, values: (_, splits) => splits.map(s => clock(s).slice(0, 5)), size: 28 },
        { ...axis, grid: { show: true, ...line }, values: (_, splits) => splits.map(percent), splits: [0, 0.25, 0.5, 0.75, 1], size: 48 },
      ],
      series: [{}, ...this.labels.map(label => ({ label: nameOf(label), fill: color(variableOf(label)), stroke: color('var(--card)'), width: 0.75, points: { show: false }, spanGaps: false }))],
      bands: this.labels.slice(1).map((_, i) => ({ series: [i + 1, i + 2] })),
      hooks: { setCursor: [chart => this.tell(chart.cursor.idx)], draw: [chart => this.name(chart)] },
    }, this.stacked(), this.place);
  }

  // Series i is the sum of the genres from i on: the first lies on top.
  stacked() {
    const series = this.labels.map(() => new Array(this.times.length));
    this.scores.forEach((scores, t) => {
      let sum = 0;
      for (let i = this.labels.length - 1; i >= 0; i--) {
        sum += scores ? scores[i] : 0;
        series[i][t] = scores ? sum : null;
      }
    });
    return [this.times, ...series];
  }

  // Names in the areas themselves, at their newest end, once these are wide enough: colours alone are not told apart by everybody.
  name(chart) {
    const scores = this.scores.at(-1);
    if (!scores) {
      return;
    }
    const { ctx } = chart;
    const left = Math.max(chart.valToPos(this.times[this.scores.lastIndexOf(null) + 1], 'x', true), chart.bbox.left);
    const right = Math.min(chart.valToPos(this.times.at(-1), 'x', true), chart.bbox.left + chart.bbox.width) - 8 * devicePixelRatio;
    if (right < left + 80 * devicePixelRatio) {
      return;
    }
    ctx.save();
    ctx.font = `600 ${12 * devicePixelRatio}px system-ui`;
    ctx.textAlign = 'right';
    ctx.textBaseline = 'middle';
    ctx.lineWidth = 3 * devicePixelRatio;
    ctx.lineJoin = 'round';
    ctx.strokeStyle = color('var(--card)');
    ctx.fillStyle = color('var(--ink)');
    let below = scores.reduce((sum, score) => sum + score, 0);
    scores.forEach((score, i) => {
      if (score > 0.14) {
        const y = chart.valToPos(below - score / 2, 'y', true);
        ctx.strokeText(nameOf(this.labels[i]), right, y);
        ctx.fillText(nameOf(this.labels[i]), right, y);
      }
      below -= score;
    });
    ctx.restore();
  }

  draw() {
    this.chart.setData(this.stacked());
    const newest = this.scores.findLast(scores => scores);
    this.place.setAttribute('aria-label', `Probabilities of the last ten minutes, stacked. Now: ${newest ? this.words(newest, 3) : 'nothing'}`);
  }

  tell(index) {
    const scores = this.scores[index];
    this.output.textContent = scores ? `${clock(this.times[index])}  ${this.words(scores, 3)}` : '';
  }

  words(scores, count) {
    return [...scores].map((score, i) => [score, i]).sort((a, b) => b[0] - a[0]).slice(0, count).map(([score, i]) => `${nameOf(this.labels[i])} ${percent(score)}`).join(' · ');
  }

  destroy() {
    cancelAnimationFrame(this.queued);
    this.observer.disconnect();
    this.chart.destroy();
  }
}
