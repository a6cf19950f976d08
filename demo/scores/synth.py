"""A small synthesizer and drum machine, for the sounds that a sound font has not got. Needs numpy.

A voice is a function (key, seconds, velocity) -> samples, mono at 44,100 Hz; a machine is a voice whose key is a drum's.
Oscillators are sums of harmonics below 18 kHz, so that nothing folds back; filters are the levels of those harmonics.
All noise comes from fixed seeds.
"""

import struct

import numpy as np

from score import DRUMS, TICKS_PER_QUARTER

RATE = 44100
_TOP_HZ = 18000


def hertz(key):
    return 440 * 2 ** ((key - 69) / 12)


def envelope(seconds, attack, decay, sustain, release):
    """Linear attack, exponential decay (time constant) to the sustain level, linear release after `seconds`."""
    time = np.arange(int((seconds + release) * RATE)) / RATE
    level = sustain + (1 - sustain) * np.exp(-np.maximum(0, time - attack) / decay)
    return np.minimum(time / attack, 1) * level * np.clip((seconds + release - time) / release, 0, 1)


def noise(seconds, low, high, seed):
    """White noise between two frequencies, of unit RMS."""
    count = int(seconds * RATE)
    spectrum = np.fft.rfft(np.random.RandomState(seed).standard_normal(count))
    frequency = np.fft.rfftfreq(count, 1 / RATE)
    spectrum *= 1 / (1 + (low / np.maximum(frequency, 1)) ** 6) / (1 + (frequency / high) ** 6)
    signal = np.fft.irfft(spectrum, count)
    return signal / np.sqrt(np.mean(signal**2))


def oscillator(
    detunes=(0.0,), cutoff=2000, sweep=0, sweep_time=0.2, slope=2,
    attack=0.003, decay=0.3, sustain=0.5, release=0.05, drive=0, seed=1,
):
    """A voice of saw waves, one for each detune in cents, through a low-pass of `slope` * 6 dB an octave.

    The filter opens `sweep` Hz above its cutoff at the start and falls back with the time constant `sweep_time`.
    """

    def voice(key, seconds, velocity):
        amplitude = envelope(seconds, attack, decay, sustain, release)
        time = np.arange(len(amplitude)) / RATE
        corner = cutoff + sweep * (velocity / 100) * np.exp(-time / sweep_time)
        out = np.zeros(len(time))
        random = np.random.RandomState(seed * 1000 + key)
        for cents in detunes:
            frequency = hertz(key + cents / 100)
            turns = frequency * time + random.uniform()
            for harmonic in range(1, int(min(_TOP_HZ / frequency, 120)) + 1):
                out += np.sin(2 * np.pi * harmonic * turns) / harmonic / (1 + (harmonic * frequency / corner) ** (2 * slope)) ** 0.5
        out *= amplitude / np.sqrt(len(detunes))
        return (np.tanh(drive * out) / np.tanh(drive) if drive else out) * (velocity / 100) ** 1.3

    return voice


def _kick(high, low, fall, length, click, drive):
    time = np.arange(int(length * 5 * RATE)) / RATE
    turns = low * time + (high - low) * fall * (1 - np.exp(-time / fall))
    body = np.sin(2 * np.pi * turns) * np.exp(-((time / length) ** 1.5))
    body[: int(0.02 * RATE)] += click * noise(0.02, 1500, 9000, 3) * np.linspace(1, 0, int(0.02 * RATE)) ** 2
    return np.tanh(drive * body) / np.tanh(drive)


def _struck(seconds, decay, low, high, seed):
    signal = noise(seconds, low, high, seed)
    return signal * np.exp(-np.arange(len(signal)) / RATE / decay)


def _snare(tone, decay, low, high, seed):
    signal = 0.55 * _struck(decay * 5, decay, low, high, seed)
    time = np.arange(len(signal)) / RATE
    signal += 0.8 * np.sin(2 * np.pi * (tone * time + 0.6 * (1 - np.exp(-time / 0.015)))) * np.exp(-time / 0.07)
    return np.tanh(1.5 * signal)


def _clap():
    out = 0.6 * _struck(0.5, 0.09, 800, 9000, 21)
    for index in range(3):
        start = int(0.011 * index * RATE)
        burst = _struck(0.03, 0.006, 800, 9000, 22 + index)
        out[start : start + len(burst)] += burst
    return np.tanh(0.8 * out)


def machine(kick=(250, 48, 0.03, 0.25, 0.4, 2.0), snare=(185, 0.11, 500, 11000, 11), hats=(6000, 16000)):
    """A drum machine. kick: start Hz, end Hz, fall s, length s, click, drive; snare: tone Hz, decay s, noise from, to Hz, seed."""
    sounds = {
        "kick": _kick(*kick),
        "snare": _snare(*snare),
        "clap": _clap(),
        "rim": 0.8 * _struck(0.08, 0.012, 1200, 6000, 31),
        "hat": 0.3 * _struck(0.15, 0.028, *hats, 41),
        "open_hat": 0.3 * _struck(0.7, 0.17, *hats, 43),
    }
    by_key = {DRUMS[name]: sound for name, sound in sounds.items()}

    def voice(key, seconds, velocity):
        if key not in by_key:
            raise ValueError(f"the machine has no drum of MIDI key {key}; it has {', '.join(sounds)}")
        return by_key[key] * (velocity / 100) ** 1.3

    return voice


def _reverberated(signal, wet, decay):
    tail = noise(decay * 4, 200, 7000, 77) * np.exp(-np.arange(int(decay * 4 * RATE)) / RATE / decay)
    size = 1 << (len(signal) + len(tail)).bit_length()
    echo = np.fft.irfft(np.fft.rfft(signal, size) * np.fft.rfft(tail, size), size)[: len(signal)]
    return signal + wet * echo / np.sqrt(np.sum(tail**2))


def save(path, piece, performances):
    """Renders one bus: parts' volume and reverb as in MIDI (0..127), pump() as the level's dip. 32-bit float mono WAV."""
    second = piece.bpm / 60 * TICKS_PER_QUARTER
    out = np.zeros(int((piece.seconds + 4) * RATE))
    for part, notes in performances:
        dry = np.zeros(len(out))
        controls = {number: value for _, number, value in part.controls[:3]}
        for start, end, key, velocity, *_ in notes:
            sound = part.program(key, (end - start) / second, velocity)
            first = int(start / second * RATE)
            dry[first : first + len(sound)] += sound[: len(dry) - first]
        moves = sorted((float(at) * 60 / piece.bpm + piece.lead_in_ms / 1000, value) for at, number, value in part.controls if number == 11)
        if moves:
            times, values = zip(*moves)
            dry *= np.interp(np.arange(len(dry)) / RATE, times, np.array(values) / 127)
        out += _reverberated(dry, controls[91] / 127, 0.45) * (controls[7] / 100) ** 2 if controls[91] else dry * (controls[7] / 100) ** 2
    data = (0.25 * out).astype("<f4").tobytes()
    with open(path, "wb") as file:
        file.write(b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 3, 1, RATE, 4 * RATE, 4, 32))
        file.write(b"data" + struct.pack("<I", len(data)) + data)
