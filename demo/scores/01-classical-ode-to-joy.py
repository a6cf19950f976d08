"""Ode to Joy, from the finale of Ludwig van Beethoven's Ninth Symphony (1824). Setting for orchestra: ours.

Eight quiet bars for strings and bassoon, then the second half of the tune for everyone.
"""

from score import Piece

piece = Piece("Ode to Joy", bpm=154, seconds=27.0, seed=9)
piece.tempo(16, 146)
piece.tempo(17, 138)

violins1 = piece.part("Violins I", 48, volume=104, reverb=80, gate=1.0, loose_ms=9)
violins2 = piece.part("Violins II", 48, volume=88, reverb=80, gate=1.0, loose_ms=9)
violas = piece.part("Violas", 48, volume=88, reverb=80, gate=1.0, loose_ms=9)
cellos = piece.part("Cellos", 48, volume=96, reverb=80, gate=1.0, loose_ms=9)
basses = piece.part("Double basses", 43, volume=92, reverb=70, gate=0.98)
flutes = piece.part("Flutes", 73, volume=70, reverb=80)
oboe = piece.part("Oboe", 68, volume=66, reverb=80)
bassoon = piece.part("Bassoon", 70, volume=86, reverb=80)
horns = piece.part("Horns", 60, volume=80, reverb=90)
trumpets = piece.part("Trumpets", 56, volume=68, reverb=90)
timpani = piece.part("Timpani", 47, volume=100, reverb=80)

# Bars 1 to 8: the tune, piano, growing.
violins1.play("""
    F#4:1 F#4 G4 A4 | A4 G4 F#4 E4 | D4 D4 E4 F#4 | F#4:1.5 E4:.5 E4:2 |
    F#4:1 F#4 G4 A4 | A4 G4 F#4 E4 | D4 D4 E4 F#4 | E4:1.5 D4:.5 D4:2 |""", level=66, to=82)
violins2.play("""
    D4:2 E4:1 F#4 | F#4 E4 D4 C#4 | B3:2 C#4:1 D4 | D4:1.5 C#4:.5 C#4:2 |
    D4:2 E4:1 F#4 | F#4 E4 D4 C#4 | B3:2 C#4:1 D4 | C#4:1.5 A3:.5 A3:2 |""", level=54, to=68)
violas.play("""
    A3:2 C#4:1 D4 | D4 B3 A3:2 | F#3:1 G3 A3:2 | A3:4 |
    A3:2 C#4:1 D4 | D4 B3 A3:2 | F#3:1 G3 A3:2 | G3:1.5 F#3:.5 F#3:2 |""", level=52, to=66)
cellos.play("""
    D3:2 A2:1 D3 | F#3 G3 A3 A2 | B2 G2 A2 D3 | A2:4 |
    D3:2 A2:1 D3 | F#3 G3 A3 A2 | B2 G2 A2 D3 | A2:1.5 D3:.5 D3:2 |""", level=60, to=74)
basses.rest(4).play("D2:2 A1:1 D2 | F#2 G2 A2 A1 | B1 G1 A1 D2 | A1:1.5 D2:.5 D2:2 |", level=60, to=74)
bassoon.rest(4).play("""
    D4:1 A3:.5 B3 C#4:1 D4:.5 C#4 | D4 C#4 B3 C#4 D4 F#3 A3 C#4 |
    D4 C#4 B3 D4 C#4 E4 D4 F#3 | G3:1 A3:.5 F#3 F#3:2 |""", level=72, to=82)

# Bars 9 to 16 and the last chord: everyone, forte. The tune comes in again a beat early, over the bar line.
tune = """
    {E}:1 {E} {F} {D} | {E} {F}:.5 {G} {F}:1 {D} | {E} {F}:.5 {G} {F}:1 {E} | {D} {E} {A} {F}_ |
    {F} {F} {G} {H} | {H} {G} {F} {E} | {D} {D} {E} {F} | {E}:1.5 {D}:.5 {D}:2 | {D}:4 |"""


def at_octave(octave):
    return tune.format(A=f"A{octave - 1}", D=f"D{octave}", E=f"E{octave}", F=f"F#{octave}", G=f"G{octave}", H=f"A{octave}")


violins1.play(at_octave(5), level=98, to=108)
flutes.rest(8).play(at_octave(6), level=84, to=94)
oboe.rest(8).play(at_octave(5), level=84, to=94)
trumpets.rest(8).play(at_octave(4), level=84, to=96)
inner = """
    C#4:2 D4:1 A3 | C#4:2 D4:1 B3 | C#4:2 A3 | B3:1 B3 C#4 D4 |
    D4:2 E4:1 F#4 | F#4 E4 D4 C#4 | B3:2 C#4:1 D4 | C#4:1.5 A3:.5 A3:2 | F#4:4 |"""
low = """
    A3:2 A3:1 F#3 | A3:2 A3:1 F#3 | A3:1 G3 F#3 E3 | F#3 G#3 A3 A3 |
    A3:2 C#4:1 D4 | D4 B3 A3:2 | F#3:1 G3 A3:2 | G3:1.5 F#3:.5 F#3:2 | A3:4 |"""
violins2.play(inner, level=90, to=102)
violas.play(low, level=86, to=98)
horns.rest(8).play(inner, level=78, to=92)
bassoon.play(low, level=84, to=94)
cellos.play("""
    A2:.5 A2 A2 A2 D3 D3 D3 D3 | A2 A2 C#3 C#3 D3 D3 B2 B2 | A2 A2 C#3 C#3 D3 D3 C#3 C#3 | B2 B2 E3 E3 A2 A2 D3 D3 |
    D3 D3 D3 D3 A2 A2 D3 D3 | F#3 F#3 G3 G3 A3 A3 A2 A2 | B2 B2 G2 G2 A2 A2 D3 D3 | A2:1.5 D3:.5 D3:2 | D3:4 |""",
    level=90, to=104)
basses.play("""
    A1:2 D2 | A1:1 C#2 D2 B1 | A1 C#2 D2 C#2 | B1 E2 A1 D2 |
    D2:2 A1:1 D2 | F#2 G2 A2 A1 | B1 G1 A1 D2 | A1:1.5 D2:.5 D2:2 | D2:4 |""", level=92, to=104)
timpani.rest(7).play("""
    r:2 A2:.25 A2 A2 A2 A2 A2 A2 A2 |
    A2:1> r D3> r | A2> r D3> r | A2> r D3 r | r:2 A2:.5 A2 D3:1> |
    D3 r A2 D3 | r:2 A2:.5 A2 A2:1 | r:2 A2:1 D3 | A2:.25 A2 A2 A2 A2 A2 D3:2.5> |
    D3:.125 D3 D3 D3 D3 D3 D3 D3 D3 D3 D3 D3 D3 D3 D3 D3 D3:2> |""", level=84, to=94)

if __name__ == "__main__":
    piece.main()
