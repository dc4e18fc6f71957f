"""Makes mel_chirp.csv: librosa 0.11's mel power of mel_chirp.flac, a frame a line, at the shape of synthesizer inference.

    pip install librosa==0.11 soundfile
    python mel.py           # the powers
    python mel.py chirp     # the chirp too
"""

import os
import sys

import librosa
import numpy as np
import soundfile

HERE = os.path.dirname(os.path.abspath(__file__))
RATE = 22050


def chirp(seconds=0.6, low=40.0, high=10000.0):
    """Its frequency rises by a constant factor a second; 16-bit, half of full scale."""
    t = np.arange(int(seconds * RATE)) / RATE
    growth = np.log(high / low) / seconds
    return 0.5 * np.sin(2 * np.pi * low * (np.exp(growth * t) - 1) / growth)


if __name__ == "__main__":
    assert librosa.__version__.startswith("0.11."), librosa.__version__
    sound = os.path.join(HERE, "mel_chirp.flac")
    if len(sys.argv) > 1:
        soundfile.write(sound, np.round(chirp() * 32767).astype(np.int16), RATE)
    x, rate = soundfile.read(sound, dtype="float64")
    power = librosa.feature.melspectrogram(
        y=x, sr=rate, n_fft=2048, hop_length=1024, window="hann", center=True, pad_mode="constant", power=2.0,
        n_mels=64, fmin=30.0, fmax=11000.0, htk=False, norm="slaney", dtype=np.float64,
    )  # fmt: skip
    np.savetxt(os.path.join(HERE, "mel_chirp.csv"), power.T, delimiter=",", fmt="%.7g")
