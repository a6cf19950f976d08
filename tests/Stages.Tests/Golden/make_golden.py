#!/usr/bin/env python3
"""Makes the reference values in this folder from programs and formulas that share nothing with src/.

  python3 make_golden.py        needs numpy, and ffmpeg on the path

mulaw.csv      code, sample (16-bit): FFmpeg's pcm_mulaw decoder on all 256 codes.
filterbank.csv config, band, bin, weight: dense numpy forms of librosa.filters.mel and of TensorFlow's linear_to_mel_weight_matrix,
               in double precision; every 7th band, non-zero weights only.
melspec.csv    config, frame, band, energy: numpy.fft.rfft in double precision over the test signal of MelSpectrogramTests.Signal.
"""
import pathlib
import subprocess

import numpy as np

HERE = pathlib.Path(__file__).parent

# name: rate, fft, frame, hop, window, centered, bands, low, high, scale, norm, triangle, spectrum
CONFIGS = {
    "default": (22050, 2048, 2048, 1708, "hann", True, 128, 0.0, 11025.0, "slaney", "slaney", "hz", "power"),
    "htk": (16000, 512, 400, 160, "hann", False, 64, 125.0, 7500.0, "htk", "none", "hz", "power"),
    "yamnet": (16000, 512, 400, 160, "hann", False, 64, 125.0, 7500.0, "htk", "none", "mel", "magnitude"),
    "whisper": (16000, 400, 400, 160, "hann", True, 80, 0.0, 8000.0, "slaney", "slaney", "hz", "power"),
    "odd": (8000, 375, 301, 97, "hamming", True, 20, 60.0, 3800.0, "htk", "slaney", "hz", "magnitude"),
}


def to_mel(scale, hz):
    hz = np.asarray(hz, dtype=np.float64)
    if scale == "htk":
        return 2595.0 * np.log10(1.0 + hz / 700.0)
    return np.where(hz >= 1000.0, 15.0 + np.log(np.maximum(hz, 1e-9) / 1000.0) / (np.log(6.4) / 27.0), hz * 3.0 / 200.0)


def to_hz(scale, mel):
    if scale == "htk":
        return 700.0 * (10.0 ** (mel / 2595.0) - 1.0)
    return np.where(mel >= 15.0, 1000.0 * np.exp(np.log(6.4) / 27.0 * (mel - 15.0)), 200.0 / 3.0 * mel)


def filter_bank(rate, fft, bands, low, high, scale, norm, triangle):
    mel = np.linspace(to_mel(scale, low), to_mel(scale, high), bands + 2)
    hz = to_hz(scale, mel)
    frequencies = np.arange(fft // 2 + 1) * rate / fft
    axis, at = (hz, frequencies) if triangle == "hz" else (mel, to_mel(scale, frequencies))
    ramps = axis[:, None] - at[None, :]
    difference = np.diff(axis)
    weights = np.maximum(0, np.minimum(-ramps[:-2] / difference[:-1, None], ramps[2:] / difference[1:, None]))
    if triangle == "mel":
        weights[:, 0] = 0
    if norm == "slaney":
        weights *= (2.0 / (hz[2:] - hz[:-2]))[:, None]
    return weights


def signal(rate):
    # The arguments stay small whole multiples, so that every language's sine agrees.
    n = np.arange(int(rate * 1.2))
    x = 0.4 * np.sin(2 * np.pi * 440 * n / rate) + 0.2 * np.sin(2 * np.pi * 1234.5 * n / rate) + 0.05 * np.sin(2 * np.pi * 3100 * n / rate)
    return (x + 0.1 * ((n * 7919) % 1009 / 1009.0 - 0.5)).astype(np.float32).astype(np.float64)


def main():
    codes = bytes(range(256))
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "mulaw", "-ar", "8000", "-ac", "1", "-i", "-", "-f", "s16le", "-"],
        input=codes, stdout=subprocess.PIPE, check=True).stdout
    lines = [f"{code},{sample}" for code, sample in enumerate(np.frombuffer(raw, "<i2"))]
    (HERE / "mulaw.csv").write_text("code,sample\n" + "\n".join(lines) + "\n")

    bank_lines, spectrum_lines = ["config,band,bin,weight"], ["config,frame,band,energy"]
    for name, (rate, fft, frame, hop, window, centered, bands, low, high, scale, norm, triangle, spectrum) in CONFIGS.items():
        bank = filter_bank(rate, fft, bands, low, high, scale, norm, triangle)
        for band in range(0, bands, 7):
            for k in np.flatnonzero(bank[band]):
                bank_lines.append(f"{name},{band},{k},{bank[band, k]:.17g}")
        x = signal(rate)
        count = 1 + len(x) // hop if centered else 1 + (len(x) - frame) // hop
        if centered:
            x = np.concatenate([np.zeros(frame // 2), x, np.zeros(frame)])
        turn = np.cos(2 * np.pi * np.arange(frame) / frame)
        w = 0.5 - 0.5 * turn if window == "hann" else 0.54 - 0.46 * turn
        for f in sorted({0, 1, count // 2, count - 1}):
            z = np.fft.rfft(x[f * hop:f * hop + frame] * w, fft)
            s = np.abs(z) ** 2 if spectrum == "power" else np.abs(z)
            for band, energy in enumerate(bank @ s):
                if band % 5 == 0:
                    spectrum_lines.append(f"{name},{f},{band},{energy:.17g}")
    (HERE / "filterbank.csv").write_text("\n".join(bank_lines) + "\n")
    (HERE / "melspec.csv").write_text("\n".join(spectrum_lines) + "\n")


if __name__ == "__main__":
    main()
