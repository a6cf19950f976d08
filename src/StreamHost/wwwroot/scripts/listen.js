// What this page itself sends to the server: the microphone, a tab's sound, files. Each is a stream like any other.
import { ask } from './address.js';
import { AudioSender, toInt16 } from './audio-sender.js';
import { percent } from './format.js';
import { nameOf } from './genres.js';

const element = id => document.getElementById(id);

// Files are decoded at the rate that the default model hears at: more would be sent for nothing.
const fileRate = 22_050;
const chunkSeconds = 0.1;

// As the server allows: letters, digits and . _ - : /
const clean = name => name.normalize('NFKD').replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 100) || 'file';
const suffix = () => Math.random().toString(36).slice(2, 6);

// One line of the list of what is being sent.
class Line {
  constructor(id, onStop) {
    this.item = element('sender').content.cloneNode(true).firstElementChild;
    this.part = selector => this.item.querySelector(selector);
    const link = this.part('.id');
    link.textContent = id;
    link.href = `#/stream/${encodeURIComponent(id)}`;
    this.part('.stop').addEventListener('click', onStop);
    element('senders').append(this.item);
    element('senders').hidden = false;
  }

  say(state, words) {
    this.item.dataset.state = state;
    this.part('.what').textContent = words;
    if (state === 'failed') {
      this.part('.stop').textContent = 'Dismiss';
    }
  }

  level(samples) {
    let peak = 0;
    for (const sample of samples) {
      peak = Math.max(peak, Math.abs(sample));
    }
    this.part('.level i').style.transform = `scaleX(${Math.min(1, peak)})`;
  }

  progress(share) {
    const bar = this.part('progress');
    bar.hidden = false;
    bar.value = share;
    bar.setAttribute('aria-label', `sent: ${percent(share)}`);
  }

  remove() {
    this.item.remove();
    element('senders').hidden = element('senders').children.length === 0;
  }
}

// A button that is pressed while its sound is being sent.
class LiveButton {
  constructor(button, id, media) {
    this.button = button;
    this.id = id;
    this.media = media;
    button.addEventListener('click', () => this.line ? this.stop() : this.start());
  }

  async start() {
    this.button.setAttribute('aria-pressed', 'true');
    const line = this.line = new Line(this.id, () => this.stop());
    line.say('connecting', 'asks for permission');
    try {
      if (!navigator.mediaDevices) {
        throw new Error('browsers give sound only to pages over HTTPS or from localhost; open this page that way');
      }
      const sound = await this.media();
      if (this.line !== line) {
        // Stopped while the browser asked.
        sound.getTracks().forEach(track => track.stop());
        return;
      }
      this.sound = sound;
      const [track] = this.sound.getAudioTracks();
      if (!track) {
        throw new Error('no sound came with that: tick "Also share tab audio" when choosing');
      }
      this.context = new AudioContext();
      await this.context.audioWorklet.addModule('scripts/capture-worklet.js');
      if (this.line !== line) {
        return;
      }
      const capture = new AudioWorkletNode(this.context, 'capture', { numberOfOutputs: 0 });
      this.sender = new AudioSender(this.id, this.context.sampleRate, (state, words) => line.say(state, words));
      capture.port.onmessage = ({ data }) => {
        this.sender?.send(toInt16(data));
        line.level(data);
      };
      this.context.createMediaStreamSource(new MediaStream([track])).connect(capture);
      track.addEventListener('ended', () => this.stop());
    } catch (error) {
      if (this.line !== line) {
        return;
      }
      this.release();
      line.say('failed', error.name === 'NotAllowedError' ? 'not allowed: the browser or you said no' : error.message);
    }
  }

  release() {
    this.button.setAttribute('aria-pressed', 'false');
    this.sender?.stop();
    this.sender = undefined;
    this.sound?.getTracks().forEach(track => track.stop());
    this.context?.close();
    this.context = undefined;
  }

  stop() {
    const line = this.line;
    this.line = undefined;
    this.release();
    line?.remove();
  }
}

// Sends a decoded file at the pace at which it would be heard.
async function play(file) {
  const id = `${clean(file.name.replace(/\.[^.]*$/, ''))}-${suffix()}`;
  let stopped = false;
  let sender;
  const line = new Line(id, () => {
    stopped = true;
    sender?.stop();
    line.remove();
  });
  line.say('connecting', 'decoding');
  let samples;
  try {
    const decoded = await new OfflineAudioContext(1, 1, fileRate).decodeAudioData(await file.arrayBuffer());
    samples = mono(decoded);
  } catch {
    await classify(file, line);
    return;
  }
  if (stopped) {
    return;
  }
  sender = new AudioSender(id, fileRate, (state, words) => state !== 'ended' && line.say(state, words));
  const chunk = Math.round(fileRate * chunkSeconds);
  let sent = 0;
  let start;
  while (sent < samples.length && !stopped) {
    await new Promise(resolve => setTimeout(resolve, chunkSeconds * 1000));
    if (!sender.isOpen) {
      // Goes on where it was when the connection is back.
      start = undefined;
      continue;
    }
    start ??= performance.now() - sent / fileRate * 1000;

    // Timers of a hidden tab fire once a second: then more is due.
    while (sent < samples.length && sent / fileRate * 1000 <= performance.now() - start) {
      const part = samples.subarray(sent, sent + chunk);
      sender.send(toInt16(part));
      sent += part.length;
      line.level(part);
    }
    line.progress(Math.min(1, sent / samples.length));
  }
  if (!stopped) {
    sender.stop();
    line.say('ended', 'sent to its end');
    line.level([]);
    line.part('.stop').textContent = 'Dismiss';
  }
}

function mono(audio) {
  const samples = new Float32Array(audio.length);
  for (let channel = 0; channel < audio.numberOfChannels; channel++) {
    const data = audio.getChannelData(channel);
    for (let i = 0; i < data.length; i++) {
      samples[i] += data[i] / audio.numberOfChannels;
    }
  }
  return samples;
}

// What the browser can't decode the server may: the file is sent whole, and its genres come back at once.
async function classify(file, line) {
  line.say('connecting', 'this browser can’t decode it: sent to the server as it is');
  try {
    const result = await ask('v1/classify', { method: 'POST', body: file, headers: { 'Content-Type': file.type || 'application/octet-stream' } });
    line.say('ended', result.scores.length ? result.scores.slice(0, 3).map(score => `${nameOf(score.genre)} ${percent(score.score)}`).join(' · ') : 'too short or silent');
  } catch (error) {
    line.say('failed', error.message);
  }
  line.part('.stop').textContent = 'Dismiss';
}

export function startListening() {
  const device = localStorage.getItem('device') ?? suffix();
  localStorage.setItem('device', device);
  const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  new LiveButton(element('microphone'), `microphone-${device}`, () => navigator.mediaDevices.getUserMedia({ audio: plain }));
  new LiveButton(element('tab'), `tab-${device}`, () => navigator.mediaDevices.getDisplayMedia({ audio: plain, video: { frameRate: 1 } }));

  const pick = element('pick');
  element('file').addEventListener('click', () => pick.click());
  pick.addEventListener('change', () => {
    [...pick.files].forEach(play);
    pick.value = '';
  });
  const drop = element('drop');
  const holdsFiles = event => [...event.dataTransfer.types].includes('Files');
  document.addEventListener('dragover', event => {
    if (holdsFiles(event)) {
      event.preventDefault();
      drop.hidden = false;
    }
  });
  document.addEventListener('dragleave', event => {
    if (!event.relatedTarget) {
      drop.hidden = true;
    }
  });
  document.addEventListener('drop', event => {
    drop.hidden = true;
    if (holdsFiles(event)) {
      event.preventDefault();
      [...event.dataTransfer.files].forEach(play);
    }
  });
}
