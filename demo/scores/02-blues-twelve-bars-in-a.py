"""Twelve Bars in A: a plain shuffle blues, ours. Harmonica calls, guitar answers."""

from score import Piece

piece = Piece("Twelve Bars in A", bpm=112, swing=0.655, seconds=26.4, seed=12)

harmonica = piece.part("Harmonica", 22, volume=104, reverb=60, loose_ms=12, drag_ms=14)
lead = piece.part("Lead guitar", 29, volume=84, reverb=55, loose_ms=10, drag_ms=10)
rhythm = piece.part("Rhythm guitar", 27, volume=84, reverb=30, gate=0.7, loose_ms=6, strum_ms=5)
piano = piece.part("Piano", 0, volume=84, reverb=45, gate=0.8, loose_ms=8, strum_ms=3)
bass = piece.part("Bass", 33, volume=96, reverb=15, gate=0.92, loose_ms=5)
drums = piece.drums(kit=0, volume=104, reverb=35, drag_ms=4)

harmonica.play("""
    A4:.5 C5 D5 E5:1.5/ D5:.5 E5 | G5:1/ E5:.5 D5 C5:1/ A4 | A4:2~ r | r:4 |
    A4:.5 C5 D5 E5:1.5/ D5:.5 E5 | F#5 A5:1/ G5:.5 E5 D5:1 C5:.5/ | C#5 A4:1.5~ r:2 | r:4 |
    B5:1/ B5:.5 G#5 E5:1 D5 | A5/ A5:.5 F#5 D5:1 C5/ | A4:.5 C5 D5 Eb5 E5:1 G5:.5/ A5 | E5 C5/ A4:3~ |""", level=96)

lead.rest(2).play("r:2 r:.5 E4 G4/ A4 | C5:1/ A4:.5 G4 E4/ D4 C4/ A3 |", level=88)
lead.rest(2).play("r:2 A4:.5 C5/ A4 G4 | A4:1~ E4:.5 G4/ A4:1/3 C5 D5 E5:1/ |", level=92)
lead.play("r:4 | r:4 | C5+E5:1/3 C5+E5 C5+E5 C#5+E5:1/ A4:.5 G4 E4 C4/ | C#4 E4 A4+C#5+G5:3~ |", level=82)

# The boogie: fifth and sixth over each root, in swung eighths.
boogie = "1+2:.5 1+2 1+3> 1+3 1+2 1+2 1+3> 1+3 |"
roots = {"A": "A2 E3 F#3", "D": "D3 A3 B3", "E": "E3 B3 C#4"}
rhythm.figure("A D A A D D A A E D A", roots, boogie, level=76, to=84)
rhythm.play("E3+B3:.5 E3+B3+D4' A2+E3+G3+C#4:3 |", level=86)

# Ninth chords on the off-beats, by bar.
ninths = {"A": "G3 C#4 E4 B4", "D": "F#3 C4 E4 A4", "E": "G#3 D4 F#4 B4"}
piano.figure("A D A A D D A A E D A", ninths, "r:.5 1+2+3+4:.5' r:1 r:.5 1+2+3:1 2+3+4:.5' |", level=70, to=80)
piano.play("G#3+D4+F#4+B4:.5 G#3+D4+F#4+B4' G3+C#4+E4+A4:3 |", level=84)

bass.play("""
    A2:1 C#3 E3 F#3 | D3 F#3 A3 Ab3 | A2 C#3 E3 G3 | A3 G3 E3 C#3 |
    D3 F#3 A3 B3 | C4 B3 A3 F#3 | A2 C#3 E3 F#3 | G3 F#3 E3 F3 |
    E3 G#3 B3 E3 | D3 F#3 A3 D3 | A2 C#3 D3 D#3 | E3:.5 E2 A2:3> |""", level=92)

# Twelve steps a bar: swung eighths are the first and third of every three.
drums.grid(ride="x-xX-xx-xX-x", kick="x-----x-o---", snare="--oX----oX-o", pedal_hat="---x-----x--", crash="X-----------", level=84)
drums.grid(ride="x-xX-xx-xX-x", kick="x-----x-x---", snare="--oX----oX-o", pedal_hat="---x-----x--", bars=6, level=84)
drums.grid(ride="x-xX-xx-----", kick="x-----x-x---", snare="--oX--xxxXxX", level=86)
drums.grid(ride="X-xX-xx-xX-x", kick="x-----x-x---", snare="--oX----oX-o", pedal_hat="---x-----x--", bars=3, level=90)
drums.grid(ride="x-x---------", kick="x--X--------", snare="x-x---------", crash="---X--------", level=92)

if __name__ == "__main__":
    piece.main()
