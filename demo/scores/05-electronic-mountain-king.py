"""In the Hall of the Mountain King, by Edvard Grieg (Peer Gynt, 1875). Arrangement for synthesizers and drum machine: ours.

Everything is synthesised by synth.py; the kick drum ducks bass and pads.
"""

import synth
from score import Piece

piece = Piece(
    "In the Hall of the Mountain King", bpm=132, seconds=26.0, seed=75, lead_in_ms=20,
    master="acompressor=threshold=0.2:ratio=3:attack=10:release=100:makeup=2,lowpass=f=9500,alimiter=limit=0.7:attack=2:release=50:level=false",
)

acid = synth.oscillator(cutoff=500, sweep=3200, sweep_time=0.09, slope=3, decay=0.15, sustain=0.4, drive=2.5)
low = synth.oscillator((-6, 6), cutoff=280, sweep=600, sweep_time=0.06, slope=3, decay=0.2, sustain=0.6, drive=1.5)
strings = synth.oscillator((-14, -6, 0, 6, 14), cutoff=1400, slope=2, attack=0.05, decay=1, sustain=0.8, release=0.3)

theme_line = piece.part("Acid theme", acid, volume=84, reverb=30, gate=0.7, loose_ms=0, bus="synths")
pad = piece.part("Pad", strings, volume=30, reverb=60, gate=1.0, loose_ms=0, bus="synths")
bass = piece.part("Bass", low, volume=100, reverb=0, gate=0.8, loose_ms=0, bus="bass")
drums = piece.drums(kit=synth.machine(), volume=112, reverb=8, loose_ms=0, bus="drums")

# The theme as Grieg has it, in B minor, and its answer in F sharp.
theme = """
    B{0}:.5 C#{1} D{1} E{1} F#{1} D{1} F#{1}:1> | F{1}:.5 C#{1} F{1}:1> E{1}:.5 C{1} E{1}:1> |
    B{0}:.5 C#{1} D{1} E{1} F#{1} D{1} F#{1} B{1} | A{1} F#{1} D{1} F#{1} A{1}:2 |"""
answer = """
    F#{0}:.5 G#{0} A#{0} B{0} C#{1} A#{0} C#{1}:1> | D{1}:.5 A#{0} D{1}:1> C#{1}:.5 A#{0} C#{1}:1> |
    F#{0}:.5 G#{0} A#{0} B{0} C#{1} A#{0} C#{1}:1> | D{1}:.5 A#{0} D{1}:1> C#{1}:.5 A#{0} C#{1}:1> |"""

theme_line.play(theme.format(2, 3), level=84, to=96).play(answer.format(2, 3), level=92, to=104)
theme_line.play(theme.format(2, 3), level=96, to=104)

roots = {"B": "B0", "f": "C#1", "e": "C1", "D": "D1", "F": "F#1", "d": "D1"}
for names in ("B B", "f e", "B B", "D D", "F F", "d F", "F F", "d F", "B B", "f e", "B B", "D D"):
    bass.figure(names, {name: note[:-1] + str(int(note[-1]) + 1) for name, note in roots.items()}, "r:.25 1 1> 1 r 1 1> 1", level=92)

pad.play("""
    B3+D4+F#4:4 | C#4+F4+G#4:2 C4+E4+G4 | B3+D4+F#4:4 | A3+D4+F#4 |
    F#3+A#3+C#4:4 | D3+F#3+A#3:2 F#3+A#3+C#4 | F#3+A#3+C#4:4 | D3+F#3+A#3:2 F#3+A#3+C#4 |
    B3+D4+F#4:4 | C#4+F4+G#4:2 C4+E4+G4 | B3+D4+F#4:4 | A3+D4+F#4 |""", level=84)
pad.pump(1, 12, depth=100)
bass.pump(1, 12, depth=60)

# The last two bars are the orchestra's hammer strokes.
for part, chord in ((theme_line, "B3"), (bass, "B1"), (pad, "B3+D4+F#4")):
    part.play(f"{chord}:.5> r {chord}> r r {chord}:.25 {chord} {chord}:.5> r | {chord}:1.5> r:2.5 |", level=98)

four = dict(kick="X---X---X---X---")
drums.grid(bars=3, **four, hat="--x---x---x---x-", level=96)
drums.grid(**four, hat="--x---x---x---x-", rim="------------x-xx", level=96)
drums.grid(bars=3, **four, rim="---x--x----x--x-", hat="--x---x---x---x-", level=96)
drums.grid(kick="X---X---X-X-X-X-", rim="x---x---x-x-xxxx", hat="--x---x---------", level=98)
drums.grid(bars=4, **four, rim="---x--x----x--x-", hat="o-x-o-x-o-x-o-xx", level=98)
drums.grid(kick="X---X-----xxX---", hat="X---X-----xxX---", level=100)
drums.grid(kick="X---------------", level=100)

if __name__ == "__main__":
    piece.main()
