"""A score written as text, and its way into a Standard MIDI File.

A line of music is a string of notes and bar lines, read left to right:

    "D5:1 G4:.5 A4 | B4+D5:1.5> r:.5"

    D5, F#4, Bb3      a pitch; C4 is middle C (MIDI 60)
    B4+D5             notes struck together
    r                 a rest
    :1.5              length in quarter notes (fractions such as :1/3 too); holds until the next one given
    |                 a bar line: the bar must be full here, so a slip of the pen is an error

and after the length, any of

    >   accent        '   short       _   tied to the next note of the same pitch
    /   bent up from a semitone below      ~   vibrato

Numbers that shape the performance (swing, looseness, drag) are in the parts and pieces; the randomness is seeded, so
a score always gives the same files. Python's standard library is all that is needed, except for parts played by synth.py.
"""

import random
import re
import struct
import sys
from fractions import Fraction

TICKS_PER_QUARTER = 480
DRUM_CHANNEL = 9
BEND_CENTRE = 8192
BEND_SEMITONE = 4096  # General MIDI's default bend range is two semitones each way

DRUMS = {
    "kick": 36, "rim": 37, "snare": 38, "clap": 39, "snare2": 40, "low_tom": 43, "hat": 42, "pedal_hat": 44,
    "mid_tom": 47, "open_hat": 46, "crash": 49, "high_tom": 50, "ride": 51, "china": 52, "bell": 53,
    "tambourine": 54, "crash2": 57, "maracas": 70,
}

_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_PITCH = re.compile(r"^([A-G])([#b]?)(-?\d)$")
_TOKEN = re.compile(r"^(?P<what>[A-Gr][^:>'_/~]*)(?::(?P<length>[\d.]+(?:/\d+)?))?(?P<marks>[>'_/~]*)$")
_GRID = {"-": 0, "o": -26, "x": 0, "X": 18}


def pitch(name):
    """The MIDI number of a pitch name such as F#4."""
    match = _PITCH.match(name)
    if not match:
        raise ValueError(f"'{name}' is no pitch; write a letter A to G, # or b, and the octave, as in F#4")
    letter, accidental, octave = match.groups()
    return 12 * (int(octave) + 1) + _STEPS[letter] + {"#": 1, "b": -1, "": 0}[accidental]


class Part:
    """One instrument on one MIDI channel, written from its cursor onwards."""

    def __init__(self, piece, channel, name, program, volume, reverb, chorus, gate, loose_ms, drag_ms, strum_ms, bus):
        self.piece, self.channel, self.name, self.bus = piece, channel, name, bus
        self.gate, self.loose_ms, self.drag_ms, self.strum_ms = gate, loose_ms, drag_ms, strum_ms
        self.at = Fraction(0)
        self.notes = []  # (start quarter, end quarter, pitch, velocity, marks, index within the chord)
        self.controls = [(Fraction(0), 7, volume), (Fraction(0), 91, reverb), (Fraction(0), 93, chorus)]
        self.program = program

    def rest(self, bars):
        """Leaves out whole bars."""
        self.at += bars * self.piece.beats
        return self

    def play(self, music, level=80, to=None):
        """Plays a line; `level` is the MIDI velocity, moving evenly to `to` at the line's end where that is given."""
        start, length, first = self.at, Fraction(1), len(self.notes)
        tied = {}
        for token in music.split():
            if token == "|":
                if (self.at % self.piece.beats) != 0:
                    raise ValueError(f"{self.name}: the bar before quarter {float(self.at)} is not full in '{music.strip()[:60]}'")
                continue
            match = _TOKEN.match(token)
            if not match:
                raise ValueError(f"{self.name}: '{token}' is no note")
            if match["length"]:
                length = Fraction(match["length"])
            marks = match["marks"]
            if match["what"] != "r":
                for index, name in enumerate(match["what"].split("+")):
                    key = pitch(name)
                    begin = tied.pop(key, self.at)
                    if "_" in marks:
                        tied[key] = begin
                    else:
                        self.notes.append([begin, self.at + length, key, level, marks, index])
            self.at += length
        if tied:
            raise ValueError(f"{self.name}: a tie leads to no note in '{music.strip()[:60]}'")
        if to is not None and self.at > start:
            for note in self.notes[first:]:
                note[3] = level + float((note[0] - start) / (self.at - start)) * (to - level)
        return self

    def figure(self, chords, voicings, pattern, level=80, to=None):
        """Plays `pattern` once for each chord named in `chords`; a number in it is that note of the chord's voicing."""
        bars = []
        for chord in chords.replace("|", " ").split():
            tones = voicings[chord].split()
            bars.append(re.sub(r"(?<![:\d./])(\d+)(?![\d./]*/)", lambda m, t=tones: t[int(m[1]) - 1], pattern))
        return self.play(" ".join(bars), level, to)

    def control(self, number, value, at=None):
        """Sets a MIDI controller at a quarter, or at the cursor."""
        self.controls.append((self.at if at is None else Fraction(at), number, value))
        return self

    def swell(self, first_bar, bars, low, high):
        """Moves expression (controller 11) evenly over whole bars, counted from 1."""
        steps = bars * 8
        for step in range(steps + 1):
            at = self.piece.beats * (first_bar - 1 + Fraction(bars * step, steps))
            self.control(11, round(low + (high - low) * step / steps), at)
        return self

    def pump(self, first_bar, bars, depth=70):
        """Ducks expression on every quarter and lets it rise again, as a compressor keyed by the kick drum does."""
        for quarter in range((first_bar - 1) * self.piece.beats, (first_bar - 1 + bars) * self.piece.beats):
            for step in range(8):
                self.control(11, round(127 - depth * (1 - step / 7) ** 1.5), quarter + Fraction(step, 8))
        return self


class Drums(Part):
    """The drum kit: every bar is a grid of equal steps, one row a drum (- nothing, o soft, x plain, X accented)."""

    def grid(self, bars=1, level=88, **rows):
        for _ in range(bars):
            for drum, row in rows.items():
                row = row.replace(" ", "").replace("|", "")
                step = Fraction(self.piece.beats, len(row))
                for index, mark in enumerate(row):
                    if mark not in _GRID:
                        raise ValueError(f"{drum}: '{mark}' is none of - o x X")
                    if mark != "-":
                        at = self.at + index * step
                        self.notes.append([at, at + Fraction(1, 4), DRUMS[drum], level + _GRID[mark], "", 0])
            self.rest(1)
        return self


class Piece:
    """A piece of music: tempo, metre and parts. `swing` is where the off-beat eighth falls (1/2 even, 2/3 triplets)."""

    def __init__(self, title, bpm, beats=4, swing=0.5, seconds=26.0, seed=1, lead_in_ms=40, master="anull"):
        self.master, self.buses = master, {}
        self.title, self.bpm, self.beats, self.swing, self.seconds = title, bpm, beats, swing, seconds
        self.seed, self.lead_in_ms = seed, lead_in_ms
        self.parts, self.tempi = [], [(Fraction(0), bpm)]

    def bus(self, name, effects):
        """Sends the parts of a bus through FFmpeg filters (an amplifier, a compressor) before they are mixed."""
        self.buses[name] = effects
        return name

    def part(
        self, name, program, volume=100, reverb=50, chorus=0, gate=0.95, loose_ms=7, drag_ms=0, strum_ms=0, bus="band"
    ):
        """Adds an instrument: its General MIDI program, counted from 0, or a voice of synth.py."""
        channel = len([p for p in self.parts if p.channel != DRUM_CHANNEL])
        channel += channel >= DRUM_CHANNEL
        part = Part(self, channel, name, program, volume, reverb, chorus, gate, loose_ms, drag_ms, strum_ms, bus)
        self.parts.append(part)
        return part

    def drums(self, kit=0, volume=100, reverb=40, loose_ms=4, drag_ms=0, bus="band"):
        """Adds drums: a General MIDI kit (0 standard, 8 room, 16 power, 32 jazz, 40 brushes), or a machine of synth.py."""
        part = Drums(self, DRUM_CHANNEL, "Drums", kit, volume, reverb, 0, 1.0, loose_ms, drag_ms, 0, bus)
        self.parts.append(part)
        return part

    def tempo(self, bar, bpm):
        """Changes the tempo from a bar, counted from 1 (a fraction reaches into the bar)."""
        self.tempi.append((Fraction(bar - 1) * self.beats, bpm))

    def save(self, stem):
        """Writes STEM.BUS.mid for each bus of the sound font's instruments and STEM.BUS.wav for each of synth.py's voices."""
        for bus in dict.fromkeys(part.bus for part in self.parts):
            parts = [(index, part) for index, part in enumerate(self.parts) if part.bus == bus]
            synthesised = {callable(part.program) for _, part in parts}
            if len(synthesised) != 1:
                raise ValueError(f"bus '{bus}' has parts of the sound font and of synth.py; give these a bus of their own")
            if synthesised.pop():
                import synth  # needs numpy, which a score for the sound font alone can do without

                synth.save(f"{stem}.{bus}.wav", self, [(part, self._performance(part, index)) for index, part in parts])
                continue
            tracks = [self._conductor()] + [self._track(part, index) for index, part in parts]
            with open(f"{stem}.{bus}.mid", "wb") as file:
                file.write(b"MThd" + struct.pack(">IHHH", 6, 1, len(tracks), TICKS_PER_QUARTER))
                for track in tracks:
                    file.write(b"MTrk" + struct.pack(">I", len(track)) + track)

    def main(self):
        """What a score file does when run: writes its files, prints the seconds to keep, the master's effects, each bus's."""
        if len(sys.argv) != 2:
            sys.exit(f"usage: {sys.argv[0]} STEM")
        self.save(sys.argv[1])
        print(self.seconds)
        print(self.master)
        for bus in dict.fromkeys(part.bus for part in self.parts):
            print(bus, self.buses.get(bus, "anull"))

    def _swung(self, at):
        within = at % 1
        if self.swing == 0.5 or within.denominator not in (2, 4):
            return float(at)
        within = float(within)
        moved = 2 * within * self.swing if within <= 0.5 else self.swing + (2 * within - 1) * (1 - self.swing)
        return float(at // 1) + moved

    def _ticks(self, milliseconds):
        return milliseconds / 1000 * self.bpm / 60 * TICKS_PER_QUARTER

    def _conductor(self):
        events = [(0, 0, b"\xff\x03" + _sized(self.title.encode()))]
        for at, bpm in self.tempi:
            events.append((round(float(at) * TICKS_PER_QUARTER), 1, b"\xff\x51\x03" + round(60e6 / bpm).to_bytes(3, "big")))
        return _pack(events)

    def _performance(self, part, index):
        """The notes as played: [start tick, end tick, key, velocity, marks, exact start, exact length]."""
        rng = random.Random(f"{self.seed}/{index}")
        lead_in = self._ticks(self.lead_in_ms)
        played = []
        for begin, end, key, level, marks, strummed in sorted(part.notes, key=lambda n: (n[0], n[5])):
            late = self._ticks(part.drag_ms + strummed * part.strum_ms + rng.gauss(0, part.loose_ms))
            start = max(0, self._swung(begin) * TICKS_PER_QUARTER + lead_in + late)
            length = (self._swung(end) - self._swung(begin)) * TICKS_PER_QUARTER
            length *= 0.45 if "'" in marks else part.gate
            velocity = level + (14 if ">" in marks else 0) - 3 * strummed + rng.gauss(0, 3.5)
            played.append([round(start), round(start + max(length, 20)), key, max(1, min(127, round(velocity))), marks, start, length])
        return played

    def _track(self, part, index):
        channel = part.channel
        events = [(0, 0, b"\xff\x03" + _sized(part.name.encode())), (0, 1, bytes([0xC0 | channel, part.program]))]
        for at, number, value in part.controls:
            events.append((round(float(at) * TICKS_PER_QUARTER), 2, bytes([0xB0 | channel, number, value])))

        def bend(tick, semitones):
            value = max(0, min(16383, round(BEND_CENTRE + BEND_SEMITONE * semitones)))
            events.append((max(0, round(tick)), 2, bytes([0xE0 | channel, value & 127, value >> 7])))

        played = self._performance(part, index)
        for _, _, _, _, marks, start, length in played:
            if "/" in marks:
                for step in range(9):
                    bend(start + self._ticks(12 * step), step / 8 - 1)
            if "~" in marks:
                for step in range(int(length // 24)):
                    bend(start + self._ticks(120) + 24 * step, 0.22 * min(1, step / 8) * ((step % 4) - 1.5) / 1.5)
                bend(start + length, 0)

        # A key struck again must be let go first, or its second note would be cut by the first one's release.
        following = {}
        for note in sorted(played, reverse=True):
            note[1] = max(note[0] + 1, min(note[1], following.get(note[2], note[1] + 2) - 1))
            following[note[2]] = note[0]
        for start, end, key, velocity, *_ in played:
            events.append((start, 4, bytes([0x90 | channel, key, velocity])))
            events.append((end, 3, bytes([0x80 | channel, key, 0])))
        return _pack(events)


def _sized(data):
    return _variable(len(data)) + data


def _variable(value):
    out = [value & 127]
    while value := value >> 7:
        out.append(value & 127 | 128)
    return bytes(reversed(out))


def _pack(events):
    out, now = bytearray(), 0
    for tick, _, data in sorted(events, key=lambda e: (e[0], e[1])):
        out += _variable(tick - now) + data
        now = tick
    return bytes(out + b"\x00\xff\x2f\x00")
