"""Streams an exported ONNX model: python3 stream.py MODEL.onnx. Needs onnxruntime and numpy.

Prints what the model holds, that blocks of any size give the same samples, and its speed on one core.
"""
import json
import sys
import time

import numpy as np
import onnxruntime


class Stream:
    """call(audio=..., controls=...) takes [batch, channels, frames] of whole ticks and goes on from call to call."""

    def __init__(self, path, batch=1):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.facts = self.session.get_modelmeta().custom_metadata_map
        self.states = json.loads(self.facts["states"])
        self.ports = [i for i in self.session.get_inputs() if not i.name.startswith("state_")]
        self.reset(batch)

    def reset(self, batch=1):
        self.now = {s["name"]: np.zeros([batch, *s["shape"]], s["type"]) for s in self.states}

    def call(self, **inputs):
        out, *states = self.session.run(None, {**inputs, **self.now})
        self.now = {s["name"]: value for s, value in zip(self.states, states)}
        return out

    def frames(self, port):
        """Frames of a port a tick."""
        return int(self.facts["tick_" + port])


def main(path):
    stream = Stream(path)
    rate, tick = int(stream.facts["sample_rate"]), int(stream.facts["tick"])
    print(f"{rate} Hz, ticks of {tick} samples, latency {stream.facts['latency']}, {len(stream.states)} states")
    for control in json.loads(stream.facts["controls"]):
        print("  control {name}: -1 is {low:g} and 1 is {high:g} {unit}, {scale} between".format(**control))
    random, ticks = np.random.default_rng(1), 64
    sound = {p.name: random.uniform(-0.5, 0.5, [1, p.shape[1], ticks * stream.frames(p.name)]).astype("float32")
             for p in stream.ports}

    def play(size):
        stream.reset()
        return np.concatenate([stream.call(**{name: x[:, :, t * n:(t + size) * n] for name, x in sound.items()
                                              for n in [stream.frames(name)]})
                               for t in range(0, ticks, size)], 2)

    whole = play(ticks)
    print("largest difference of single ticks from one call:", np.abs(play(1) - whole).max())
    start = time.process_time()
    play(1)
    print(f"{ticks * tick / rate / (time.process_time() - start):.1f} times real time, tick by tick")


if __name__ == "__main__":
    main(*sys.argv[1:])
