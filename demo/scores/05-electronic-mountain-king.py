"""In the Hall of the Mountain King, by Edvard Grieg (Peer Gynt, 1875). Arrangement for synthesizers and drum machine: ours."""

from score import Piece

piece = Piece("In the Hall of the Mountain King", bpm=130, seconds=26.0, seed=75, lead_in_ms=20)

pluck = piece.part("Square pluck", 80, volume=90, reverb=45, chorus=30, gate=0.55, loose_ms=1)
lead = piece.part("Saw lead", 81, volume=104, reverb=55, chorus=50, gate=0.85, loose_ms=1)
bass = piece.part("Synth bass", 38, volume=94, reverb=0, gate=0.8, loose_ms=1)
sub = piece.part("Sub bass", 39, volume=72, reverb=0, gate=0.9, loose_ms=1)
pad = piece.part("Pad", 90, volume=88, reverb=70, chorus=70, gate=1.0, loose_ms=1)
stab = piece.part("Stabs", 62, volume=90, reverb=60, chorus=40, gate=0.6, loose_ms=1)
drums = piece.drums(kit=24, volume=122, reverb=15, loose_ms=0)

# The theme as Grieg has it, in B minor, and its answer in F sharp.
theme = """
    B{0}:.5 C#{1} D{1} E{1} F#{1} D{1} F#{1}:1> | F{1}:.5 C#{1} F{1}:1> E{1}:.5 C{1} E{1}:1> |
    B{0}:.5 C#{1} D{1} E{1} F#{1} D{1} F#{1} B{1} | A{1} F#{1} D{1} F#{1} A{1}:2 |"""
answer = """
    F#{0}:.5 G#{0} A#{0} B{0} C#{1} A#{0} C#{1}:1> | D{1}:.5 A#{0} D{1}:1> C#{1}:.5 A#{0} C#{1}:1> |
    F#{0}:.5 G#{0} A#{0} B{0} C#{1} A#{0} C#{1}:1> | D{1}:.5 A#{0} D{1}:1> C#{1}:.5 A#{0} C#{1}:1> |"""

pluck.play(theme.format(3, 4), level=84, to=92).play(answer.format(4, 5), level=92, to=100)
lead.rest(4).play(answer.format(3, 4), level=80, to=96).play(theme.format(4, 5), level=108, to=114)
# Sixteenths between the notes of the theme.
pluck.play("""
    B4:.25 F#4 B4 F#4 B4 F#4 B4 F#4 B4 F#4 B4 F#4 B4 F#4 B4 F#4 | F5 C#5 F5 C#5 F5 C#5 F5 C#5 E5 C5 E5 C5 E5 C5 E5 C5 |
    B4 F#4 B4 F#4 B4 F#4 B4 F#4 D5 B4 D5 B4 D5 B4 D5 B4 | D5 A4 D5 A4 D5 A4 D5 A4 D5 A4 F#5 A4 A5 F#5 D5 A4 |""", level=84)

roots = {"B": "B1 B2", "F": "F#1 F#2", "f": "C#2 C#3", "e": "C2 C3", "D": "D2 D3", "d": "D2 D3"}
octaves = "1:.25 1 2> 1 1 1 2> 1"
for names in ("B B", "f e", "B B", "D D", "F F", "d F", "F F", "d F", "B B", "f e", "B B", "D D"):
    bass.figure(names, roots, octaves, level=98)
sub.rest(4)
for names in ("F F", "d F", "F F", "d F", "B B", "f e", "B B", "D D"):
    sub.figure(names, {name: tones.split()[0] for name, tones in roots.items()}, "r:.5 1 r 1", level=92)

pad.rest(4).play("""
    F#3+A#3+C#4:4 | D3+F#3+A#3:2 F#3+A#3+C#4 | F#3+A#3+C#4:4 | D3+F#3+A#3:2 F#3+A#3+C#4 |
    B3+D4+F#4:4 | C#4+F4+G#4:2 C4+E4+G4 | B3+D4+F#4:4 | A3+D4+F#4 |""", level=84)
pad.pump(5, 8)
stab.rest(8).play("""
    r:.5 B3+D4+F#4' r:1 r:.5 B3+D4+F#4' r:1 | r:.5 C#4+F4+G#4' r:1 r:.5 C4+E4+G4' r:1 |
    r:.5 B3+D4+F#4' r:1 r:.5 B3+D4+F#4' r:1 | r:.5 A3+D4+F#4' r:1 A3+D4+F#4:.5' r A3+D4+F#4' r |""", level=90)

# The last two bars are the orchestra's hammer strokes.
for part, chord in ((lead, "B4+F#5"), (stab, "B3+D4+F#4+B4"), (bass, "B1"), (pluck, "B4")):
    part.play(f"{chord}:.5> r {chord}> r r {chord}:.25 {chord} {chord}:.5> r | {chord}:1.5> r:2.5 |", level=108)

four = dict(kick="X---X---X---X---")
drums.grid(bars=3, **four, hat="--o---o---o---o-", level=98)
drums.grid(**four, hat="--o---o---o---o-", clap="------------x-xx", level=98)
drums.grid(crash="X---------------", **four, clap="----x-------x---", open_hat="--x---x---x---x-", hat="x--xx--xx--xx--x", level=100)
drums.grid(bars=2, **four, clap="----x-------x---", open_hat="--x---x---x---x-", hat="x--xx--xx--xx--x", level=100)
drums.grid(kick="X---X---X-X-X-X-", snare="x---x---x-x-xxxx", open_hat="--x---x---------", level=102)
drums.grid(crash="X---------------", **four, clap="----X-------X---", open_hat="--X---X---X---X-", hat="xxoxxxoxxxoxxxox", level=104)
drums.grid(bars=3, **four, clap="----X-------X---", open_hat="--X---X---X---X-", hat="xxoxxxoxxxoxxxox", level=104)
drums.grid(kick="X---X-----xxX---", clap="X---X-----xxX---", crash="X---------------", level=106)
drums.grid(kick="X---------------", crash="X---------------", clap="X---------------", level=108)

if __name__ == "__main__":
    piece.main()
