"""Makes descriptors_*.csv: librosa 0.11's seven descriptors of the recordings beside this file, at this project's framing.

    pip install librosa==0.11 soundfile
    python descriptors.py                # the curves, from the excerpts that are here
    python descriptors.py path/to/audio  # the excerpts too, cut from the original recordings
"""

import csv
import glob
import os
import sys

import librosa
import numpy as np
import soundfile

HERE = os.path.dirname(os.path.abspath(__file__))

# excerpt: original, first second, seconds; authors and licences are in LICENCES.md
EXCERPTS = {
    "descriptors_cello": ("orchestral/cello/cello-staccato-C4-mf-rr2-bigcat_cello.flac", 0.0, 0.8),
    "descriptors_alto_sax": ("orchestral/alto_sax/alto_sax-sustain-Cs4-p-rr1-weresax.flac", 0.2, 0.5),
    "descriptors_conga": ("percussion/conga/conga-Tumba_HitFM-v4-rr1-vcsl.flac", 0.0, 0.5),
    "descriptors_trumpet": ("harmonic/rendered/gm056_trumpet/gm056_trumpet-059-050.flac", 0.0, 0.8),
}


def cut(root):
    for name, (original, start, seconds) in EXCERPTS.items():
        x, rate = soundfile.read(os.path.join(root, original), dtype="int16")
        soundfile.write(os.path.join(HERE, name + ".flac"), x[int(start * rate) : int((start + seconds) * rate)], rate)


def curves(x, rate, window, hop):
    """Measurement i is centred on sample (i + 1/2) hop, zeros outside the signal."""
    count = -(-len(x) // hop)
    left = window // 2 - hop // 2
    y = np.zeros(count * hop + window, dtype=np.float32)
    y[left : left + len(x)] = x
    spectrum = np.abs(librosa.stft(y, n_fft=window, hop_length=hop, window="hann", center=False))[:, :count]
    return {
        "rms": librosa.feature.rms(y=y, frame_length=window, hop_length=hop, center=False)[0][:count],
        "centroid": librosa.feature.spectral_centroid(S=spectrum, sr=rate)[0],
        "bandwidth": librosa.feature.spectral_bandwidth(S=spectrum, sr=rate)[0],
        "flatness": librosa.feature.spectral_flatness(S=spectrum)[0],
        "rolloff": librosa.feature.spectral_rolloff(S=spectrum, sr=rate, roll_percent=0.85)[0],
        "zero_crossings": librosa.feature.zero_crossing_rate(y=y, frame_length=window, hop_length=hop, center=False)[0][:count],
        "pitch": librosa.yin(y, fmin=50, fmax=2000, sr=rate, frame_length=window, hop_length=hop, center=False)[:count],
    }


if __name__ == "__main__":
    assert librosa.__version__.startswith("0.11."), librosa.__version__
    if len(sys.argv) > 1:
        cut(sys.argv[1])
    for path in sorted(glob.glob(os.path.join(HERE, "descriptors_*.flac"))):
        x, rate = soundfile.read(path, dtype="float32")
        window, hop = (1024, 256) if rate <= 16000 else (2048, 512)
        columns = curves(x, rate, window, hop)
        with open(path.replace(".flac", ".csv"), "w", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow([f"window={window}", f"hop={hop}"] + list(columns))
            for i, row in enumerate(zip(*columns.values())):
                writer.writerow([i, i * hop + hop // 2] + [f"{v:.9g}" for v in row])
