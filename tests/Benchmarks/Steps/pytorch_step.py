"""One training step for each line "step" on stdin; answers with JSON lines. See TrainingStepBenchmark.cs.

usage: pytorch_step.py NETWORK FILE.npz THREADS contiguous|channels-last
"""
import json
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn import functional as F


class Stack(nn.Module):
    def __init__(self, channels, features=None):
        super().__init__()
        inputs, self.depth = 1, len(channels)
        for i, outputs in enumerate(channels, start=1):
            kernel, stride = (5, (2, 1)) if i == 1 else (3, 1)
            self.add_module(f"conv{i}", nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False))
            self.add_module(f"norm{i}", nn.BatchNorm2d(outputs))
            inputs = outputs
        self.features = nn.Linear(2 * inputs, features) if features else None
        self.head = nn.Linear(features or 2 * inputs, 10)

    def forward(self, x):
        for i in range(1, self.depth + 1):
            x = F.relu(self.get_submodule(f"norm{i}")(self.get_submodule(f"conv{i}")(x)))
            if i < self.depth:
                x = F.max_pool2d(x, 2)
        x = torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)
        return self.head(0.1 * self.features(x) if self.features else x)


class Separable(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv0, self.norm0 = nn.Conv2d(1, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16)
        inputs = 16
        for i, (outputs, stride) in enumerate([(32, 1), (64, 2), (64, 1), (128, 2), (128, 1)], start=1):
            self.add_module(f"depthwise{i}", nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False))
            self.add_module(f"norm{i}a", nn.BatchNorm2d(inputs))
            self.add_module(f"pointwise{i}", nn.Conv2d(inputs, outputs, 1, bias=False))
            self.add_module(f"norm{i}b", nn.BatchNorm2d(outputs))
            inputs = outputs
        self.head = nn.Linear(inputs, 10)

    def forward(self, x):
        x = F.relu(self.norm0(self.conv0(x)))
        for i in range(1, 6):
            for convolution, norm in ((f"depthwise{i}", f"norm{i}a"), (f"pointwise{i}", f"norm{i}b")):
                x = F.relu(self.get_submodule(norm)(self.get_submodule(convolution)(x)))
        return self.head(x.mean((2, 3)))


def only_one_bias(lstm):
    """As there; PyTorch's second one would only double the first one's steps."""
    nn.init.zeros_(lstm.bias_hh_l0).requires_grad_(False)


class Crnn(nn.Module):
    def __init__(self):
        super().__init__()
        inputs = 1
        for i, outputs in enumerate([16, 32, 64, 64, 128], start=1):
            self.add_module(f"conv{i}", nn.Conv2d(inputs, outputs, 3, 1, 1, bias=False))
            self.add_module(f"norm{i}", nn.BatchNorm2d(outputs))
            inputs = outputs
        self.lstm = nn.LSTM(4 * inputs, 64, batch_first=True)
        only_one_bias(self.lstm)
        self.dense, self.head = nn.Linear(64, 64), nn.Linear(64, 10)

    def forward(self, x):
        for i in range(1, 6):
            x = F.relu(self.get_submodule(f"norm{i}")(self.get_submodule(f"conv{i}")(x)))
            x = F.max_pool2d(x, 2, ceil_mode=True)
        x = self.lstm(x.permute(0, 3, 1, 2).flatten(2))[0][:, -1]
        return self.head(F.relu(self.dense(x)))


class CnnRnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 8, 4), nn.Conv2d(8, 6, 3)
        self.lstm1, self.lstm2 = nn.LSTM(6 * 18, 128, batch_first=True), nn.LSTM(128, 32, batch_first=True)
        self.dense, self.head = nn.Linear(32, 200), nn.Linear(200, 10)
        for lstm in (self.lstm1, self.lstm2):
            only_one_bias(lstm)

    def forward(self, x):
        for convolution in (self.conv1, self.conv2):
            x = F.max_pool2d(F.relu(convolution(x)), 2)
        x = x.permute(0, 3, 1, 2).flatten(2)
        x = self.lstm2(self.lstm1(x)[0])[0][:, -1]
        return self.head(F.relu(self.dense(x)))


class ParallelCnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.branch_a = nn.ModuleDict({"conv": nn.Conv2d(1, 3, 8)})
        self.branch_b = nn.ModuleDict({"conv": nn.Conv2d(1, 4, 4)})
        self.head = nn.Linear(3 * 20 * 20 + 4 * 38 * 38, 10)

    def forward(self, x):
        a = self.branch_a["conv"](F.pad(x, (3, 4, 3, 4)))
        a = F.max_pool2d(F.leaky_relu(a, 0.3), 4)
        b = F.max_pool2d(F.leaky_relu(self.branch_b["conv"](x), 0.3), 2)
        return self.head(torch.cat([a.flatten(1), b.flatten(1)], 1))


NETWORKS = {
    "conv4": lambda: Stack([32, 64, 96, 192]),
    "efficient": lambda: Stack([32, 64, 96, 192], 1024),
    "accurate": lambda: Stack([48, 96, 144, 288, 384], 1024),
    "crnn": Crnn,
    "cnn-rnn": CnnRnn,
    "parallel-cnn": ParallelCnn,
    "separable": Separable,
}


def in_pytorchs_order(arrays):
    """An LSTM's gates, there in ONNX's order i, o, f, g, in PyTorch's i, f, g, o, under PyTorch's names."""
    result = {}
    for name, value in arrays.items():
        layer, _, part = name.rpartition(".")
        if layer.startswith("lstm"):
            i, o, f, g = value.chunk(4)
            value = torch.cat([i, f, g, o])
            name = f"{layer}.{'bias_ih' if part == 'bias' else part}_l0"
        result[name] = value
    return result


def main():
    name, path, threads, layout = sys.argv[1:]
    torch.set_num_threads(int(threads))
    arrays = {key: torch.from_numpy(value) for key, value in numpy.load(path).items()}
    x, targets = arrays.pop("x"), arrays.pop("targets")
    network = NETWORKS[name]()
    missing, unknown = network.load_state_dict(in_pytorchs_order(arrays), strict=False)
    missing = [key for key in missing if not key.endswith(("num_batches_tracked", "bias_hh_l0"))]
    if missing or unknown:
        sys.exit(f"the two sides' parameters differ: {missing} are missing here, {unknown} are unknown")
    if layout == "channels-last":
        network, x = network.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)

    # As the training here: kernels and matrices decay, biases and norms do not.
    weights = [w for w in network.parameters() if w.requires_grad]
    optimizer = torch.optim.AdamW(
        [
            {"params": [w for w in weights if w.dim() >= 2], "weight_decay": 0.01},
            {"params": [w for w in weights if w.dim() < 2], "weight_decay": 0.0},
        ],
        lr=1e-3,
    )
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for _ in sys.stdin:
        start, busy = time.perf_counter(), time.process_time()
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(network(x), targets)
        loss.backward()
        optimizer.step()
        value = loss.item()
        wall, busy = 1e3 * (time.perf_counter() - start), 1e3 * (time.process_time() - busy)
        print(json.dumps({"loss": value, "milliseconds": wall, "cpu_milliseconds": busy}), flush=True)


main()
