#!/usr/bin/env python3
"""Makes the reference values in this folder from programs and formulas that share nothing with src/.

  python3 make_golden.py        needs numpy, PyWavelets, and ffmpeg on the path

mulaw.csv      code, sample (16-bit): FFmpeg's pcm_mulaw decoder on all 256 codes.
filterbank.csv config, band, bin, weight: dense numpy forms of librosa.filters.mel and of TensorFlow's linear_to_mel_weight_matrix,
               in double precision; every 7th band, non-zero weights only.
wavelet_coefficients.csv
               config, band, index, value: pywt.WaveletPacket in mode "zero" over the same signal; some indices of every band.
wavelet_frames.csv
               config, frame, band, energy: mean squares of those coefficients, cut to frames by the rule in WaveletSpectrogram's summary.
melspec.csv    config, frame, band, energy: numpy.fft.rfft in double precision over the test signal of MelSpectrogramTests.Signal.
"""
import pathlib
import subprocess

import numpy as np
import pywt

HERE = pathlib.Path(__file__).parent

# name: rate, fft, frame, hop, window, centered, bands, low, high, scale, norm, triangle, spectrum
CONFIGS = {
    "default": (22050, 2048, 2048, 1708, "hann", True, 128, 0.0, 11025.0, "slaney", "slaney", "hz", "power"),
    "htk": (16000, 512, 400, 160, "hann", False, 64, 125.0, 7500.0, "htk", "none", "hz", "power"),
    "yamnet": (16000, 512, 400, 160, "hann", False, 64, 125.0, 7500.0, "htk", "none", "mel", "magnitude"),
    "whisper": (16000, 400, 400, 160, "hann", True, 80, 0.0, 8000.0, "slaney", "slaney", "hz", "power"),
    "odd": (8000, 375, 301, 97, "hamming", True, 20, 60.0, 3800.0, "htk", "slaney", "hz", "magnitude"),
}


# name: wavelet, octaves, splits, rate, frame, hop, centered
WAVELETS = {
    "default": ("db4", 5, 3, 22050, 2048, 1708, True),
    "dyadic": ("sym8", 7, 0, 22050, 2048, 512, True),
    "packet": ("db8", 0, 4, 16000, 400, 160, False),
    "haar": ("haar", 2, 2, 8000, 301, 997, True),
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


def wavelet_paths(octaves, splits):
    """Paths of the bands, lowest frequency first: PyWavelets' own frequency order below each part that the octaves leave."""
    order = [""] if splits == 0 else [n.path for n in pywt.WaveletPacket(np.zeros(1 << splits), "haar", "zero", splits).get_level(splits, "freq")]
    # Behind a high-pass filter the spectrum is mirrored.
    return ["a" * octaves + p for p in order] + [
        "a" * o + "d" + p for o in range(octaves - 1, -1, -1) for p in order[::-1]]


def wavelet_delay(wavelet, path):
    """Centroid of the squared impulse response, by running an impulse through numpy's convolution."""
    w = pywt.Wavelet(wavelet)
    response = np.ones(1)
    for level, step in enumerate(path):
        taps = np.asarray(w.dec_lo if step == "a" else w.dec_hi)
        spread = np.zeros((len(taps) - 1) * (1 << level) + 1)
        spread[::1 << level] = taps
        response = np.convolve(response, spread)
    return np.sum(np.arange(len(response)) * response ** 2) / np.sum(response ** 2)


def wavelets():
    coefficient_lines, frame_lines = ["config,band,index,value"], ["config,frame,band,energy"]
    for name, (wavelet, octaves, splits, rate, frame, hop, centered) in WAVELETS.items():
        x = signal(rate)
        packet = pywt.WaveletPacket(x, wavelet, "zero", octaves + splits)
        padding = frame // 2 if centered else 0
        reach = frame - padding
        count = 1 + (len(x) - reach) // hop
        for band, path in enumerate(wavelet_paths(octaves, splits)):
            step = 1 << len(path)
            c = packet[path].data
            for n in range(0, len(x) // step, max(1, len(x) // step // 7)):
                coefficient_lines.append(f"{name},{band},{n},{c[n]:.17g}")
            end = min(reach, frame // 2 - padding + hop // 2 + int(np.round(wavelet_delay(wavelet, path))))
            last = (np.arange(len(c)) + 1) * step - 1
            for f in sorted({0, 1, count // 2, count - 1}):
                begin = f * hop + end - hop
                inside = (last >= begin) & (last < f * hop + end)
                n = (f * hop + end) // step - begin // step
                frame_lines.append(f"{name},{f},{band},{np.sum(c[inside] ** 2) / n:.17g}")
    (HERE / "wavelet_coefficients.csv").write_text("\n".join(coefficient_lines) + "\n")
    (HERE / "wavelet_frames.csv").write_text("\n".join(frame_lines) + "\n")


def main():
    wavelets()
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
