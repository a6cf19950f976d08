"""Go Down, Moses: an American spiritual, printed by 1872. Arrangement for a reggae band: ours.

One drop: the drummer leaves the first beat empty and strikes the third; guitar and piano have the off-beats.
"""

from score import Piece

piece = Piece(
    "Go Down, Moses", bpm=148, swing=0.56, seconds=26.6, seed=38,
    master="acompressor=threshold=0.15:ratio=2.5:attack=15:release=150:makeup=1.5,lowpass=f=9000,alimiter=limit=0.7:attack=4:release=80:level=false",
)

deep = piece.bus("bass", "lowpass=f=900,equalizer=f=75:t=o:w=1.2:g=6,acompressor=threshold=0.1:ratio=4:attack=10:release=120:makeup=2")
dub = piece.bus("skank", "highpass=f=350,lowpass=f=5000,volume=0dB")
kit = piece.bus("drums", "equalizer=f=70:t=o:w=1:g=4,lowpass=f=8000,acompressor=threshold=0.1:ratio=4:attack=8:release=90:makeup=3")

trombone = piece.part("Trombone", 57, volume=64, reverb=30, loose_ms=12, drag_ms=15)
organ = piece.part("Organ", 16, volume=80, reverb=10, gate=0.35, loose_ms=5)
guitar = piece.part("Guitar", 27, volume=112, reverb=8, gate=0.35, loose_ms=4, strum_ms=4, bus=dub)
piano = piece.part("Piano", 0, volume=92, reverb=8, gate=0.35, loose_ms=5, strum_ms=2, bus=dub)
bass = piece.part("Bass", 33, volume=122, reverb=5, gate=0.85, loose_ms=5, bus=deep)
drums = piece.drums(kit=0, volume=122, reverb=15, bus=kit)

# Two bars of the band alone, then two verses.
verse = """
    r:3 E4:1 | C5 C5 B4 B4 | C5 C5 A4:2 | r:2 E4:2 | E4:1.5 E4:.5 G#4:1 G#4 | A4:4 |"""
trombone.rest(2).play(verse, level=96).play(verse, level=98)

chords = "A A A A A E E A A A A E E A A A"
skank = {"A": "A3 C4 E4 A4", "E": "G#3 B3 E4 G#4"}
for part, level in ((guitar, 104), (piano, 92)):
    part.figure(chords, skank, "r:1 1+2+3+4 r 1+2+3+4 |", level=level)
organ.figure(chords, {"A": "A3 C4 E4", "E": "G#3 B3 E4"}, "r:.5 1+2+3 r 1+2+3 r 1+2+3 r 1+2+3 |", level=78)
bass.figure(chords, {"A": "A1 C2 E2 G2", "E": "E1 G#1 B1 D2"}, "1:1 r:.5 1 3:1 4:.5 3 |", level=108)

drums.grid(snare="x-xxX-xX", high_tom="--xx----", level=96)
drums.grid(bars=7, kick="----X---", rim="----X---", hat="x-X-x-Xo", level=100)
drums.grid(kick="----X---", rim="----X---", hat="x-X-x-Xo", open_hat="X-------", level=100)
drums.grid(bars=6, kick="----X---", rim="----X--o", hat="x-X-x-Xo", level=100)
drums.grid(kick="----X---", snare="----X-xX", hat="x-X-x-Xo", level=100)

if __name__ == "__main__":
    piece.main()
