// Sends PCM to the server under a stream id, and comes back by itself when the connection breaks.
import { socketAddress } from './address.js';

// Audio that may wait to be sent; what comes while more does is left out, so that the stream stays live.
const maxWaitingSeconds = 2;
const bytesPerSample = 2;

// The server's close statuses that trying again can't change: what was asked for is wrong, or not allowed.
const final = new Set([4400, 4403, 1007, 1008]);

export class AudioSender {
  // onState(state, words): connecting, live, waiting, ended, failed.
  constructor(id, rate, onState) {
    this.id = id;
    this.rate = rate;
    this.onState = onState;
    this.failures = 0;
    this.left = 0;
    this.open();
  }

  open() {
    this.onState('connecting', 'connecting');
    const socket = new WebSocket(socketAddress(`v1/streams/${encodeURIComponent(this.id)}/audio?encoding=s16le&channels=1&rate=${this.rate}`));
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(data);
      if (message.open) {
        this.failures = 0;
        this.onState('live', 'live');
      }
      this.problem = message.problem?.detail ?? this.problem;
    });
    socket.addEventListener('close', ({ code }) => {
      if (this.stopped) {
        this.onState('ended', 'ended');
      } else if (final.has(code)) {
        this.onState('failed', this.problem ?? `the server closed (${code})`);
      } else {
        const wait = Math.min(10, 2 ** this.failures++);
        this.onState('waiting', `${this.problem ?? 'the connection broke'}; again in ${wait} s`);
        this.problem = undefined;
        this.retry = setTimeout(() => this.open(), wait * 1000);
      }
    });
  }

  get isOpen() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  // samples: Int16Array, mono. False when they had to be left out.
  send(samples) {
    if (!this.isOpen || this.socket.bufferedAmount > maxWaitingSeconds * this.rate * bytesPerSample) {
      this.left += samples.length;
      return false;
    }
    this.socket.send(samples);
    return true;
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.retry);
    if (this.isOpen) {
      this.socket.send('{"end":true}');
    } else {
      this.socket.close();
      this.onState('ended', 'ended');
    }
  }
}

export function toInt16(floats) {
  const samples = new Int16Array(floats.length);
  for (let i = 0; i < floats.length; i++) {
    samples[i] = Math.max(-1, Math.min(1, floats[i])) * 32767;
  }
  return samples;
}
