"""Oh! Susanna, by Stephen Foster (1848). Arrangement for a string band: ours."""

from score import Piece

piece = Piece("Oh! Susanna", bpm=118, beats=2, seconds=26.9, seed=48)

fiddle = piece.part("Fiddle", 110, volume=102, reverb=45, gate=0.97, loose_ms=8)
second = piece.part("Second fiddle", 110, volume=74, reverb=45, gate=0.97, loose_ms=12)
harmonica = piece.part("Harmonica", 22, volume=84, reverb=45, loose_ms=10)
banjo = piece.part("Banjo", 105, volume=98, reverb=25, gate=1.4, loose_ms=5)
guitar = piece.part("Guitar", 25, volume=96, reverb=25, gate=0.95, loose_ms=5, strum_ms=9)
bass = piece.part("Double bass", 32, volume=94, reverb=20, gate=0.85, loose_ms=5)
drums = piece.drums(kit=40, volume=88, reverb=25)

pickup = " r:1.5 G4:.25 A4 | "
opening = " B4:.5 D5> D5:.75 E5:.25 | D5:.5 B4> G4:.75 A4:.25 | "
asks = opening + "B4:.5 B4> A4 G4 | A4:1.5> G4:.25 A4 | "
answers = opening + "B4:.5 B4> A4 A4 | "
chorus = "C5:1> C5 | E5:.5 E5:1> E5:.5 | D5 D5> B4 G4 | A4:1.5> G4:.25 A4 |"

fiddle.play(pickup + asks + answers + "G4:1.5 r:.5 |", level=88, to=94)
harmonica.rest(8).play(pickup + asks + answers + "G4:2 |", level=88, to=94)
# Under the harmonica the fiddle holds chords; in the chorus both have the tune.
fiddle.play("B4+D5:2 | B4+D5 | B4+D5 | A4+D5 | B4+D5 | B4+D5 | B4:1 C5 |  B4:1.5 r:.5 |", level=70)
fiddle.play(chorus + answers + "G4+B4:1 G4+D5+B5 | G4+G5:2 |", level=98, to=106)
second.rest(17).play("""
    E4:1 E4 | G4:.5 G4:1 G4:.5 | B4 B4 G4 D4 | F#4:1.5 G4:.25 F#4 |
    G4:.5 B4 B4:.75 C5:.25 | B4:.5 G4 D4:.75 F#4:.25 | G4:.5 G4 F#4 F#4 | D4:2 |""", level=86)
harmonica.play("E5:2 | C5 | D5 | F#4+A4 | G4+B4 | G4+B4 | G4:1 F#4 | G4:1 B4:.5 D5 | G5:2 |", level=78)

chords = "G " + "G G G D G G T G " * 2 + "C C G D G G T G"
rolls = {"G": "G3 B3 D4 G4 B4", "D": "F#3 A3 D4 G4 C5", "C": "G3 C4 E4 G4 C5", "T": "G3 B3 D4 G4 B4"}
forward = "1:.25 3> 4 5 3> 4 5 3 |"
for chord in chords.split():
    if chord == "T":
        banjo.play("G3:.25 D4> G4 B4 F#3 C4> D4 A4 |", level=80)
    else:
        banjo.figure(chord, rolls, forward, level=80)
banjo.play("G4:.25 D4 G3 B3 G3+B3+D4+G4+B4:1 |", level=90)

strums = {"G": "G2 D3 G3 B3 D4 G4", "D": "D3 A2 A3 C4 D4 F#4", "C": "C3 G2 G3 C4 E4 G4"}
for chord in chords.split():
    if chord == "T":
        guitar.play("G2:.5 G3+B3+D4+G4' D3 A3+C4+D4+F#4' |", level=84)
        bass.play("G1:1 D2 |", level=98)
    else:
        guitar.figure(chord, strums, "1:.5 3+4+5+6' 2 3+4+5+6' |", level=84)
        bass.figure(chord, {"G": "G1 D2", "D": "D2 A1", "C": "C2 G1"}, "1:1 2 |", level=98)
guitar.play("G2:.5 B2 G2+D3+G3+B3+D4+G4:1 |", level=94)
bass.play("G1:.5 B1 G1:1 |", level=104)

drums.grid(snare="oox-ooxo", kick="o---o---", bars=9, level=72)
drums.grid(snare="oxXooxXo", kick="x---x---", bars=8, level=76)
drums.grid(snare="oxXooxXo", kick="x---x---", pedal_hat="--x---x-", bars=8, level=82)
drums.grid(snare="X-X-X---", kick="x---x---", level=84)

if __name__ == "__main__":
    piece.main()
