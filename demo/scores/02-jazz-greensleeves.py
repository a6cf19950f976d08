"""Greensleeves: an English ballad, registered in 1580. Arrangement as a waltz for a jazz quartet: ours."""

from score import Piece

piece = Piece("Greensleeves", bpm=168, beats=3, swing=0.64, seconds=27.4, seed=61)

sax = piece.part("Tenor saxophone", 66, volume=104, reverb=60, gate=0.98, loose_ms=12, drag_ms=25)
piano = piece.part("Piano", 0, volume=88, reverb=45, gate=0.9, loose_ms=8, strum_ms=3)
bass = piece.part("Double bass", 32, volume=118, reverb=25, gate=0.95, loose_ms=6)
drums = piece.drums(kit=32, volume=108, reverb=45, drag_ms=3)

sax.rest(3).play("""
    r:2 A4:1 | C5:2/ D5:1 | E5:1.5 F#5:.5 E5:1 | D5:2/ B4:1 | G4:1.5 A4:.5 B4:1 | C5:2/ A4:1 | A4:1.5 G#4:.5 A4:1 |
    B4:1.5/ G#4:.5 F#4 E4 | r:1.5 E4:.5 G4 A4 | C5:1.5/ E5:.5 D5:1 | E5:1 G5:.5/ F#5 E5:1 | D5:1.5 B4:.5 A4 B4 | G4:1 r:.5 A4 B4 D5 |
    C5:1 B4:.5 A4 G4:1 | G#4:1 F#4:.5 G#4 B4 D5 | C5:.5 A4 E4:2_ | E4:1.5 G4:.5/ A4 B4 |
    G5:3/~ | F#5:1 E5:.5 D5 B4 D5 | E5:1/ D5:.5 B4 G4:1 | A4:3~ |""", level=96)

# Two-handed chords, a bar each.
voices = {
    "A": "G3 C4 D4 E4 B4", "D": "F#3 C4 E4 A4 B4", "G": "F3 B3 D4 E4 A4", "C": "E3 B3 D4 E4 G4", "F": "E3 A3 C4 D4 G4", "E": "G#3 D4 F#4 C5 D5",
}
chords = "A D A D | A A G G F F E E | A A G G F E A A | C G G A"
comping = ["1+2+3+4:1.5 2+3+4+5:.5' r:1 |", "r:.5 1+2+3+4:1' r:.5 1+2+3+5:1 |", "r:1 1+2+3+4:.5 r 2+3+4+5:1' |"]
for index, chord in enumerate(chords.replace("|", "").split()):
    piano.figure(chord, voices, comping[index % 3], level=78)
piano.play("G3+C4+D4+E4+B4:3 |", level=80)

walks = {
    "A": "A1 E2 G2", "D": "D2 A2 F#2", "G": "G1 D2 B1", "C": "C2 G2 E2", "F": "F1 C2 A1", "E": "E1 B1 G#1",
}
bass.figure(chords.replace("|", ""), walks, "1:1.5> 2:.5 3:1 |", level=104)
bass.play("A1:3 |", level=100)

# Six steps a bar, swung by the ride cymbal's own pattern.
drums.grid(bars=3, ride="X-xxx-", pedal_hat="--x---", kick="o-----", level=84)
drums.grid(ride="X-xxx-", pedal_hat="--x---", snare="---oxx", kick="o---o-", level=84)
drums.grid(bars=7, ride="X-xxx-", pedal_hat="--x-x-", snare="---o--", kick="o-----", level=88)
drums.grid(ride="X-xxx-", pedal_hat="--x---", snare="-xo-xX", kick="o---x-", level=90)
drums.grid(bars=7, ride="X-xxX-", pedal_hat="--x-x-", snare="o--o-o", kick="o---o-", level=90)
drums.grid(ride="X-xxx-", snare="xoxxoX", kick="o---x-", level=94)
drums.grid(bars=4, ride="X-xxX-", pedal_hat="--x-x-", snare="---o-o", kick="o-----", level=88)
drums.grid(ride="X-----", crash="o-----", kick="x-----", level=84)

if __name__ == "__main__":
    piece.main()
