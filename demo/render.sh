#!/usr/bin/env bash
# Renders every score in scores/ to a 22,050 Hz mono 16-bit WAV beside this script.
# Needs python3 with numpy, fluidsynth, ffmpeg and the sound font (Debian: python3-numpy fluidsynth ffmpeg fluid-soundfont-gm).
# usage: demo/render.sh [OUT_DIR]      SOUND_FONT=/path/to/FluidR3_GM.sf2, PYTHON=/path/to/python3 for other places
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:-$here}
sound_font=${SOUND_FONT:-/usr/share/sounds/sf2/FluidR3_GM.sf2}
python=${PYTHON:-python3}
[ -f "$sound_font" ] || { echo "no sound font at $sound_font: install fluid-soundfont-gm or set SOUND_FONT" >&2; exit 1; }

target_lufs=-16
ceiling=0.8413951 # -1.5 dBFS, so that the wave between the samples stays under full scale
fade_seconds=0.5

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

for score in "$here"/scores/[0-9]*.py; do
    name=$(basename "$score" .py)
    PYTHONDONTWRITEBYTECODE=1 "$python" "$score" "$work/$name" > "$work/$name.plan"
    { read -r seconds; read -r master; } < "$work/$name.plan"

    # Each bus on its own: the sound font plays its MIDI file, unless synth.py has made its WAV; then its effects.
    inputs=() effects="" labels="" count=0
    while read -r bus chain; do
        wav="$work/$name.$bus.wav"
        [ -f "$wav" ] || fluidsynth -ni -q -g 0.5 -r 44100 -o synth.cpu-cores=1 -o synth.polyphony=512 \
            -o synth.reverb.room-size=0.55 -o synth.reverb.damp=0.3 -o synth.reverb.width=0.8 -o synth.reverb.level=0.6 \
            -T wav -O float -F "$wav" "$sound_font" "$work/$name.$bus.mid" > "$work/$name.log" 2>&1
        inputs+=(-i "$wav")
        effects+="[$count:a]aformat=sample_fmts=fltp:channel_layouts=stereo,$chain[bus$count];"
        labels+="[bus$count]"
        count=$((count + 1))
    done < <(tail -n +3 "$work/$name.plan")
    ffmpeg -nostdin -v error -y "${inputs[@]}" -filter_complex \
        "$effects${labels}amix=inputs=$count:normalize=0,$master" -c:a pcm_f32le "$work/$name.stereo.wav"

    # Mono, band-limited to 22,050 Hz, cut to length, faded. Loudness is measured on this and set by one gain.
    fade_start=$("$python" -c "print($seconds - $fade_seconds)")
    ffmpeg -nostdin -v error -y -i "$work/$name.stereo.wav" -af \
        "pan=mono|c0=.5*c0+.5*c1,highpass=f=25,aresample=22050:filter_size=128:cutoff=0.97,apad=whole_dur=$seconds,atrim=0:$seconds,afade=t=out:st=$fade_start:d=$fade_seconds" \
        -c:a pcm_f32le "$work/$name.mono.wav"
    measured=$(ffmpeg -nostdin -hide_banner -i "$work/$name.mono.wav" -af ebur128 -f null - 2>&1 | awk '/^ *I:/ { lufs = $2 } END { print lufs }')
    gain=$("$python" -c "print($target_lufs - ($measured))")
    ffmpeg -nostdin -v error -y -i "$work/$name.mono.wav" \
        -af "volume=${gain}dB,alimiter=limit=$ceiling:attack=4:release=60:level=false,aresample=osf=s16" \
        -map_metadata -1 -fflags +bitexact -flags +bitexact -c:a pcm_s16le "$out/$name.wav"
    printf '%-36s %6.2f s  %8d bytes  gain %+.1f dB\n' "$name.wav" "$seconds" "$(stat -c %s "$out/$name.wav")" "$gain"
done
