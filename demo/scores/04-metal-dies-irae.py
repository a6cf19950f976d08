"""Dies irae, the plainchant sequence of the 13th century. Arrangement for a metal band: ours.

The chant's notes are the roots of the power chords; the lead guitars sing it above from the fifth bar.
"""

from score import Piece

piece = Piece("Dies irae", bpm=138, seconds=25.4, seed=66)

left = piece.part("Rhythm guitar, left", 30, volume=118, reverb=15, gate=0.92, loose_ms=5)
right = piece.part("Rhythm guitar, right", 30, volume=112, reverb=15, gate=0.92, loose_ms=7)
lead = piece.part("Lead guitar", 30, volume=112, reverb=55, chorus=20, gate=1.0, loose_ms=6)
harmony = piece.part("Lead guitar, lower", 30, volume=96, reverb=55, chorus=20, gate=1.0, loose_ms=9)
bass = piece.part("Bass, with a pick", 34, volume=78, reverb=5, gate=0.9, loose_ms=4)
drums = piece.drums(kit=16, volume=98, reverb=30, loose_ms=3)

fifths = {
    "E": "E2 B2 E3", "D": "D2 A2 D3", "F#": "F#2 C#3 F#3", "G": "G2 D3 G3", "A": "A2 E3 A3", "B": "B2 F#3 B3", "C": "C3 G3 C4",
}
lows = {name: tones.split()[0][:-1] + str(int(tones.split()[0][-1]) - 1) for name, tones in fifths.items()}

held = "1+2+3:1.5> 1:.25' 1'"
gallop = "1+2+3:.5> 1:.25' 1' 1:.5' 1:.25' 1'"


def half_bars(names, figure):
    """Power chords, two to a bar, for both rhythm guitars and the bass."""
    for index, name in enumerate(names.split()):
        bar = " |" if index % 2 else ""
        for guitar in (left, right):
            guitar.figure(name, fifths, figure + bar, level=100)
        bass.figure(name, lows, figure.replace("1+2+3", "1") + bar, level=100)


# The chant: di-es i-rae | di-es il-la, | sol-vet sae-clum | in fa-vil-la.
half_bars("G F# G E F# D E E", held)
half_bars("G F# G E F# D E E", gallop)
half_bars("G A F# D G E E E", gallop)
for guitar in (left, right):
    guitar.play("C3+G3+C4:1> r:.5 C3+G3+C4> D3+A3+D4:1> r:.5 D3+A3+D4> | E2+B2+E3:4> |", level=108)
bass.play("C2:1> r:.5 C2> D2:1> r:.5 D2> | E1:4> |", level=106)

lead.rest(4).play("""
    G4:2 F#4 | G4 E4:1.5 D4:.5 | F#4:1.5 E4:.5 D4:2 | E4:1 B4:.5 G4 E5:2~ |
    G5:1 G5 A5 G5 | F#5 E5 D5 F#5 | G5:1.5 F#5:.5 E5:2~ |
    E5:.25 G5 F#5 E5 D5 F#5 E5 D5 C5 E5 D5 C5 B4 D5 C5 B4 |
    C5:1.5 C5:.5> D5:1.5 D5:.5> | E5:4~ |""", level=104)
harmony.rest(4).play("""
    E4:2 D4 | E4 B3:1.5 B3:.5 | D4:1.5 C4:.5 B3:2 | B3:1 G4:.5 E4 B4:2~ |
    E5:1 E5 F#5 E5 | D5 C5 B4 D5 | E5:1.5 D5:.5 B4:2~ |
    C5:.25 E5 D5 C5 B4 D5 C5 B4 A4 C5 B4 A4 G4 B4 A4 G4 |
    G4:1.5 G4:.5> A4:1.5 A4:.5> | B4:4~ |""", level=98)

heavy = dict(kick="x---x-x-x---x-xx", snare="----X-------X---", china="x---x---x---x---")
double = dict(kick="x-xxx-xxx-xxx-xx", snare="----X-------X---", hat="X-x-X-x-X-x-X-x-")
drums.grid(crash="X---------------", **{**heavy, "china": "----x---x---x---"}, level=100)
drums.grid(bars=2, **heavy, level=100)
drums.grid(kick="x---x-x-x-x-x-x-", snare="----X---xxxx----", high_tom="------------xx--", low_tom="--------------xX", level=104)
drums.grid(crash="X---------------", **double, level=104)
drums.grid(bars=2, **double, level=104)
drums.grid(kick="x-xxx-xxx-xxx-xx", snare="----X---x-xxXxXx", hat="X-x-X-x---------", level=106)
drums.grid(crash="X---------------", kick="xxxxxxxxxxxxxxxx", snare="----X-------X---", ride="X-x-X-x-X-x-X-x-", level=104)
drums.grid(bars=2, kick="xxxxxxxxxxxxxxxx", snare="----X-------X---", ride="X-x-X-x-X-x-X-x-", level=104)
drums.grid(kick="xxxxxxxxxxxxxxxx", snare="----X---X-X-XXXX", ride="X-x-X-x---------", level=106)
drums.grid(kick="x-----x-x-----x-", snare="X-----X-X-----X-", crash="X-------X-------", level=108)
drums.grid(kick="x---------------", crash="X---------------", crash2="X---------------", level=110)

if __name__ == "__main__":
    piece.main()
