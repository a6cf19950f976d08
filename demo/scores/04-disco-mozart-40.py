"""Symphony No. 40 in G minor, first theme, by Wolfgang Amadeus Mozart (1788). Arrangement for a disco band with strings: ours."""

from score import Piece

piece = Piece(
    "Symphony No. 40", bpm=122, seconds=26.3, seed=40,
    master="acompressor=threshold=0.15:ratio=3:attack=12:release=120:makeup=2,bass=g=-3:f=80,lowpass=f=8000,alimiter=limit=0.7:attack=3:release=60:level=false",
)
kit = piece.bus("drums", "equalizer=f=7000:t=o:w=2:g=3,acompressor=threshold=0.08:ratio=3:attack=12:release=80:makeup=3")
low = piece.bus("bass", "highpass=f=60,equalizer=f=900:t=o:w=1.5:g=5,acompressor=threshold=0.1:ratio=4:attack=6:release=90:makeup=3")

violins = piece.part("Violins", 48, volume=122, reverb=60, gate=0.9, loose_ms=6)
high = piece.part("Violins, octave above", 48, volume=110, reverb=60, gate=0.9, loose_ms=9)
horns = piece.part("Brass", 61, volume=88, reverb=45, gate=0.8, loose_ms=5)
guitar = piece.part("Guitar", 28, volume=84, reverb=25, gate=0.5, loose_ms=4, strum_ms=3)
piano = piece.part("Electric piano", 4, volume=64, reverb=40, gate=0.9, loose_ms=5)
bass = piece.part("Bass", 33, volume=108, reverb=0, gate=0.7, loose_ms=4, bus=low)
drums = piece.drums(kit=16, volume=118, reverb=20, bus=kit)

theme = """
    D{0}:1 Eb{0}:.5 D{0} D{0}:1 Eb{0}:.5 D{0} | D{0}:1 Bb{0}:2 Bb{0}:.5 A{0} | G{0}:1 G{0}:.5 F{0} Eb{0}:1 Eb{0}:.5 D{0} | C{0}:1 C{0}:2 D{0}:.5 C{0} |
    C{0}:1 D{0}:.5 C{0} C{0}:1 D{0}:.5 C{0} | C{0}:1 A{0}:2 A{0}:.5 G{0} | F#{0}:1 F#{0}:.5 Eb{0} D{0}:1 D{0}:.5 C{0} | {1} """
ending = " D{0}:1 Eb{0}:.5 D{0} D{0}:1 Eb{0}:.5 D{0} | D{0}:1 Bb{0}:2 Bb{0}:.5 A{0} | A{0}:1 F#{0} D{0} F#{0} | G{0}:4 |"
violins.play("r:3 Eb5:.5 D5 |" + theme.format(5, "Bb4:1 Bb4 r Eb5:.5 D5 |") + ending.format(5), level=96)
high.rest(8).play("r:3 Eb6:.5 D6 |" + ending.format(6), level=92)
horns.rest(9).play("r:1 G4+Bb4+D5:.5' r:2 G4+Bb4+D5:.5' | r:4 | r:1 F#4+C5+D5:.5' r F#4+C5+D5:1.5' r:.5 | G4+Bb4+D5:4 |", level=98)

chords = "G G G C C D D D G G G D"
for part, voices, figure, level in (
    (guitar, {"G": "G4 Bb4 D5", "C": "G4 C5 Eb5", "D": "F#4 C5 D5"}, "r:.25 1+2+3' 1+2+3 1+2+3' r 1+2+3' 1+2+3 r r 1+2+3' 1+2+3 1+2+3' r 1+2+3' 1+2+3 1+2+3' |", 96),
    (piano, {"G": "G3 Bb3 D4 F4", "C": "G3 Bb3 C4 Eb4", "D": "F#3 A3 C4 D4"}, "1+2+3+4:1.5 1+2+3+4:2.5 |", 84),
    (bass, {"G": "G1 G2 F2", "C": "C2 C3 Bb2", "D": "D2 D3 C3"}, "1:.5 2' 1 2' 1 2:.25' 2' 1:.5 3' |", 108),
):
    part.figure(chords, voices, figure, level=level)

piano.play("G3+Bb3+D4+F4:4 |", level=88)
bass.play("G1:4 |", level=108)

drums.grid(kick="X---X---X---X---", hat="x-x-x-x-x-x-x-x-", snare="------------xxxX", level=100)
groove = dict(snare="----X-------X---", clap="----X-------X---", open_hat="--X---X---X---X-", hat="xx-xxx-xxx-xxx-x")
four = dict(kick="X---X---X---X---")
drums.grid(crash="X---------------", **four, **groove, level=102)
drums.grid(bars=6, **four, **groove, level=102)
drums.grid(**four, snare="----X-----xxX-xx", open_hat="--X---X---------", level=102)
drums.grid(crash="X---------------", **four, **groove, level=102)
drums.grid(**four, **groove, level=102)
drums.grid(**four, snare="----X-----xxX-xx", open_hat="--X---X---------", level=102)
drums.grid(kick="X---", crash="X---", level=104)

if __name__ == "__main__":
    piece.main()
