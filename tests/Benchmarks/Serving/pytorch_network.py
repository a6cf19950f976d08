"""An ONNX graph run by PyTorch: answers each line BATCH SECONDS on stdin with a JSON line. See PyTorchNetwork.cs.

usage: pytorch_network.py GRAPH.json WEIGHTS.npz cpu|cuda THREADS
"""
import json
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn import functional as F


def spatial(attributes, weights=None):
    """Stride, padding, dilation and groups as PyTorch's functions want them; what they can't say is refused."""
    pads = attributes.get("pads", [0, 0, 0, 0])
    if pads[:2] != pads[2:] or attributes.get("auto_pad", "NOTSET") != "NOTSET":
        sys.exit(f"PyTorch has no padding {attributes}")
    return {"stride": attributes.get("strides", [1, 1]), "padding": pads[:2], "dilation": attributes.get("dilations", [1, 1])}


def gemm(a, x, w, b=None):
    x, w = x.T if a.get("transA") else x, w if a.get("transB") else w.T
    if a.get("alpha", 1.0) != 1.0 or a.get("beta", 1.0) != 1.0:
        sys.exit(f"PyTorch's linear layer does not scale: {a}")
    return F.linear(x, w, b)


OPERATORS = {
    "Add": lambda a, x, y: x + y,
    "AveragePool": lambda a, x: F.avg_pool2d(x, a["kernel_shape"], a.get("strides"), spatial(a)["padding"], count_include_pad=bool(a.get("count_include_pad"))),
    "BatchNormalization": lambda a, x, scale, bias, mean, variance: F.batch_norm(x, mean, variance, scale, bias, eps=a.get("epsilon", 1e-5)),
    "Clip": lambda a, x, low=None, high=None: torch.clamp(x, low, high),
    "Concat": lambda a, *x: torch.cat(x, a["axis"]),
    "Conv": lambda a, x, w, b=None: F.conv2d(x, w, b, groups=a.get("group", 1), **spatial(a)),
    "Flatten": lambda a, x: torch.flatten(x, a.get("axis", 1)),
    "Gemm": gemm,
    "GlobalAveragePool": lambda a, x: x.mean((2, 3), keepdim=True),
    "GlobalMaxPool": lambda a, x: x.amax((2, 3), keepdim=True),
    "HardSwish": lambda a, x: F.hardswish(x),
    "Identity": lambda a, x: x,
    "LeakyRelu": lambda a, x: F.leaky_relu(x, a.get("alpha", 0.01)),
    "MatMul": lambda a, x, y: x @ y,
    "MaxPool": lambda a, x: F.max_pool2d(x, a["kernel_shape"], ceil_mode=bool(a.get("ceil_mode")), **spatial(a)),
    "Mul": lambda a, x, y: x * y,
    "Relu": lambda a, x: F.relu(x),
    "Sigmoid": lambda a, x: torch.sigmoid(x),
    "Softmax": lambda a, x: F.softmax(x, a.get("axis", -1)),
}


class Network(nn.Module):
    def __init__(self, graph, weights):
        super().__init__()
        unknown = sorted({node["op"] for node in graph["nodes"]} - set(OPERATORS))
        if unknown:
            sys.exit(f"pytorch_network.py has no operator {', '.join(unknown)}")
        self.nodes, self.input, self.output = graph["nodes"], graph["input"], graph["output"]
        self.keys = {name: f"weight{i}" for i, name in enumerate(weights)}
        for name, value in weights.items():
            self.register_buffer(self.keys[name], torch.from_numpy(value))

    def forward(self, x):
        values = {name: getattr(self, key) for name, key in self.keys.items()}
        values[self.input] = x
        for node in self.nodes:
            inputs = [values[name] if name else None for name in node["inputs"]]
            values[node["outputs"][0]] = OPERATORS[node["op"]](node["attributes"], *inputs)
        return values[self.output]


def rate(network, x, device, seconds):
    """Windows a second, from page-locked memory to the logits in ordinary memory; by the clock and by processor time."""
    for _ in range(3):
        network(x.to(device)).cpu()
    runs, start, busy = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - start < seconds:
        network(x.to(device, non_blocking=True)).cpu()
        runs += 1
    return runs * len(x) / (time.perf_counter() - start), runs * len(x) / (time.process_time() - busy)


def main():
    graph, weights, device, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.backends.cudnn.benchmark = True
    if device == "cuda" and not torch.cuda.is_available():
        sys.exit("this PyTorch finds no CUDA device")
    arrays = dict(numpy.load(weights))
    sample = torch.from_numpy(arrays.pop("x"))
    with open(graph) as file:
        network = Network(json.load(file), arrays).eval().to(device)
    with torch.inference_mode():
        logits = network(sample.to(device)).cpu()
    with torch.no_grad():
        frozen = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(network, sample.to(device))))
    name = torch.cuda.get_device_name() if device == "cuda" else "cpu"
    print(json.dumps({"torch": torch.__version__, "device": name, "logits": logits.flatten().tolist()}), flush=True)
    for line in sys.stdin:
        batch, seconds = line.split()
        x = sample[:1].expand(int(batch), *sample.shape[1:]).contiguous()
        x = x.pin_memory() if device == "cuda" else x
        with torch.inference_mode():
            rates = {kind: rate(f, x, device, float(seconds) / 2) for kind, f in (("eager", network), ("frozen", frozen))}
        print(json.dumps(rates), flush=True)


main()
