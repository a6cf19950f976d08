#!/usr/bin/env python3
"""Golden values of recurrent layers, resized pictures, depthwise convolutions and losses from PyTorch (made with 1.13, in double).

    python3 make_operator_golden.py > operator_golden.json

Inputs and weights come from a formula both sides can write down, so only results are stored:
value(i, k) = frac(sin(12.9898 i + 78.233 k) * 43758.5453) - 0.5 in double, i counted over the tensor, k a number of the tensor.
Weights are given in PyTorch's order of gates; the test brings them into ONNX's.
"""
import json
import math
import sys

import torch
import torch.nn.functional as F

BATCH, STEPS, FEATURES, HIDDEN = 3, 5, 4, 6


def numbers(shape, k):
    values = [math.sin(12.9898 * i + 78.233 * k) * 43758.5453 for i in range(math.prod(shape))]
    return torch.tensor([v - math.floor(v) - 0.5 for v in values], dtype=torch.float64).reshape(shape)


def flat(tensor):
    return [float(f"{v:.10g}") for v in tensor.flatten().tolist()]


def recurrent(kind, sequence):
    layer = kind(FEATURES, HIDDEN, batch_first=True).double()
    with torch.no_grad():
        for k, p in enumerate(layer.parameters()):
            p.copy_(2 * numbers(p.shape, 10 + k))
    x = (3 * numbers((BATCH, STEPS, FEATURES), 1)).requires_grad_()
    y = layer(x)[0]
    y = y if sequence else y[:, -1]
    (y * numbers(y.shape, 2)).sum().backward()
    return {"y": flat(y), "x": flat(x.grad)} | {name: flat(p.grad) for name, p in layer.named_parameters()}


def resized(height, width, **mode):
    x = numbers((1, 2, 13, 9), 1).requires_grad_()
    y = F.interpolate(x, (height, width), **mode)
    (y * numbers(y.shape, 2)).sum().backward()
    return {"y": flat(y), "x": flat(x.grad)}


def depthwise(**window):
    x, w, b = numbers((2, 16, 6, 5), 1).requires_grad_(), numbers((16, 1, 3, 3), 3).requires_grad_(), numbers((16,), 4).requires_grad_()
    y = F.conv2d(x, w, b, groups=16, **window)
    (y * numbers(y.shape, 2)).sum().backward()
    return {"y": flat(y), "x": flat(x.grad), "weight": flat(w.grad), "bias": flat(b.grad)}


def loss(function):
    logits = (20 * numbers((5, 4), 1)).requires_grad_()
    value = function(logits)
    value.backward()
    return {"loss": value.item(), "logits": flat(logits.grad)}


def cost_sensitive(z):
    costs = (numbers((4, 4), 4) + 0.5) * (1 - torch.eye(4))
    expected = (TARGETS @ costs * torch.softmax(z, 1)).sum(1).mean()
    return F.cross_entropy(z, TARGETS) + 0.7 * expected


def distilled(z):
    teacher, t = 8 * numbers((5, 4), 3), 3.0
    kl = torch.nn.KLDivLoss(reduction="batchmean")(torch.log_softmax(z / t, 1), torch.softmax(teacher / t, 1))
    return 0.4 * F.cross_entropy(z, TARGETS) + 0.6 * t * t * kl


TARGETS = torch.softmax(6 * numbers((5, 4), 2), 1)
CHANCES = numbers((5, 4), 2) + 0.5

json.dump({
    "torch": torch.__version__,
    "lstm_sequence": recurrent(torch.nn.LSTM, True),
    "lstm_last": recurrent(torch.nn.LSTM, False),
    "gru_sequence": recurrent(torch.nn.GRU, True),
    "gru_last": recurrent(torch.nn.GRU, False),
    "resize_20x16": resized(20, 16, mode="bilinear", align_corners=False),
    "resize_8x5": resized(8, 5, mode="bilinear", align_corners=False),
    "resize_5x4": resized(5, 4, mode="area"),
    "depthwise": depthwise(padding=1),
    "depthwise_strided": depthwise(stride=(2, 1), padding=(0, 1), dilation=(1, 2)),
    "cross_entropy": loss(lambda z: F.cross_entropy(z, TARGETS)),
    "cost_sensitive": loss(cost_sensitive),
    "sigmoid": loss(lambda z: torch.nn.BCEWithLogitsLoss()(z, CHANCES)),
    "distillation": loss(distilled),
    "mean_squared_error": loss(lambda z: F.mse_loss(z, CHANCES)),
    "hard_swish": loss(lambda z: (F.hardswish(z) * CHANCES).sum()),
    "relu6": loss(lambda z: (F.relu6(z) * CHANCES).sum()),
}, sys.stdout, indent=None, separators=(",", ":"))
print()
