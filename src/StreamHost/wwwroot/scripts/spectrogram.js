// A stream's mel spectrogram as it plays: bytes from a WebSocket, one column after the other, scrolling to the left.
import { isDark, onTheme } from './theme.js';
import { socketAddress } from './address.js';

const seconds = 30;

// What lies this far under the loudest of late is dark.
const rangeDb = 70;
const dark = [[8, 10, 16], [52, 24, 92], [143, 40, 118], [226, 92, 82], [252, 176, 92], [252, 244, 196]];
const light = [[252, 250, 245], [214, 214, 236], [150, 152, 218], [86, 84, 186], [48, 36, 118], [18, 10, 44]];
const still = matchMedia('(prefers-reduced-motion: reduce)');

function palette(stops) {
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    const x = i / 255 * (stops.length - 1);
    const k = Math.min(stops.length - 2, Math.floor(x));
    const [r, g, b] = stops[k].map((from, c) => Math.round(from + (stops[k + 1][c] - from) * (x - k)));
    table[i] = 0xff000000 | b << 16 | g << 8 | r;
  }
  return table;
}

export class Spectrogram {
  constructor(canvas, pitches, id) {
    this.canvas = canvas;
    this.pitches = pitches;
    this.id = id;
    this.queue = [];
    this.columns = 0;
    this.stopTheme = onTheme(() => this.repaint());
    this.onVisibility = () => document.hidden ? this.close() : this.open();
    document.addEventListener('visibilitychange', this.onVisibility);
    this.open();
  }

  open() {
    if (this.socket || this.destroyed) {
      return;
    }
    const socket = new WebSocket(socketAddress(`v1/streams/${encodeURIComponent(this.id)}/spectrogram`));
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') {
        this.begin(JSON.parse(data));
      } else {
        this.queue.push(new Uint8Array(data));
        this.frame ??= requestAnimationFrame(time => this.tick(time));
      }
    });
    socket.addEventListener('close', () => {
      if (this.socket === socket) {
        this.socket = undefined;
        this.retry = setTimeout(() => document.hidden || this.open(), 2000);
      }
    });
  }

  close() {
    const socket = this.socket;
    this.socket = undefined;
    clearTimeout(this.retry);
    socket?.close();
  }

  begin(format) {
    if (this.format?.bands === format.bands && this.bytes) {
      return;
    }
    this.format = format;
    this.width = Math.round(seconds * format.columnsPerSecond);
    this.bytes = new Uint8Array(this.width * format.bands);
    this.canvas.width = this.width;
    this.canvas.height = format.bands;
    this.context = this.canvas.getContext('2d');
    this.loudest = 120;
    this.mark();
    this.repaint();
  }

  // Pitches at their height on the mel scale that the bands are on.
  mark() {
    const { minFrequencyHz: low, maxFrequencyHz: high, melScale } = this.format;
    const mel = melScale === 'Htk' ? f => Math.log(1 + f / 700) : f => f < 1000 ? f * 3 / 200 : 15 + Math.log(f / 1000) * 27 / Math.log(6.4);
    this.pitches.replaceChildren(...[250, 1000, 4000].filter(f => f > low && f < high).map(f => {
      const item = document.createElement('li');
      item.textContent = f < 1000 ? `${f} Hz` : `${f / 1000} kHz`;
      item.style.bottom = `${(mel(f) - mel(low)) / (mel(high) - mel(low)) * 100}%`;
      return item;
    }));
  }

  tick(time) {
    this.frame = undefined;
    if (this.destroyed || !this.format) {
      return;
    }
    const waits = still.matches && time - (this.drawn ?? 0) < 1000;
    if (!waits) {
      this.drawn = time;
      this.take();
    }
    if (this.queue.length) {
      this.frame = requestAnimationFrame(next => this.tick(next));
    }
  }

  // Messages come some four columns at a time; a frame takes one of them, or more when it has fallen behind.
  take() {
    const { bands } = this.format;
    const due = still.matches ? this.queue.length : Math.max(1, Math.ceil(this.queue.length / 4));
    const parts = this.queue.splice(0, due);
    let count = parts.reduce((sum, part) => sum + part.length / bands, 0);
    const fresh = new Uint8Array(count * bands);
    let offset = 0;
    for (const part of parts) {
      fresh.set(part, offset);
      offset += part.length;
    }
    const kept = count > this.width ? fresh.subarray((count - this.width) * bands) : fresh;
    count = kept.length / bands;
    this.bytes.copyWithin(0, kept.length);
    this.bytes.set(kept, this.bytes.length - kept.length);
    this.columns += count;
    let loudest = 0;
    for (const byte of kept) {
      loudest = byte > loudest ? byte : loudest;
    }
    this.loudest = Math.max(loudest, this.loudest - 0.02 * count, 100);
    this.context.globalCompositeOperation = 'copy';
    this.context.drawImage(this.canvas, -count, 0);
    this.paint(this.width - count, count);
  }

  paint(from, count) {
    const { bands, stepDb } = this.format;
    const image = new ImageData(count, bands);
    const pixels = new Uint32Array(image.data.buffer);
    const scale = 255 * stepDb / rangeDb;
    for (let column = 0; column < count; column++) {
      for (let band = 0; band < bands; band++) {
        // A byte of 0 is where nothing has come yet, or digital silence: the ground shows through.
        const byte = this.bytes[(from + column) * bands + band];
        const level = 255 - (this.loudest - byte) * scale;
        pixels[(bands - 1 - band) * count + column] = byte === 0 ? 0 : this.table[Math.max(0, Math.min(255, level | 0))];
      }
    }
    this.context.putImageData(image, from, 0);
  }

  repaint() {
    this.table = palette(isDark() ? dark : light);
    if (this.format) {
      this.paint(0, this.width);
    }
  }

  destroy() {
    this.destroyed = true;
    cancelAnimationFrame(this.frame);
    document.removeEventListener('visibilitychange', this.onVisibility);
    this.stopTheme();
    this.close();
  }
}
