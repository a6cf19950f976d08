#!/usr/bin/env python3
"""Golden values for TrainingStepParityTests: ten training steps of a small network in PyTorch (made with 1.13, one thread).

    python3 make_training_golden.py > training_golden.json

Data and starting values come from a formula both sides can write down, so only results are stored:
value(i, k) = frac(sin(12.9898 i + 78.233 k) * 43758.5453) - 0.5 in double, i counted over the tensor, k a number of the tensor.
"""
import json
import math
import sys

import torch

torch.set_num_threads(1)
BATCH, HEIGHT, WIDTH, CLASSES, STEPS = 5, 9, 8, 3, 10


def numbers(count, k):
    values = [math.sin(12.9898 * i + 78.233 * k) * 43758.5453 for i in range(count)]
    return torch.tensor([v - math.floor(v) - 0.5 for v in values], dtype=torch.float64)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(1, 4, 3, padding=1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(4)
        self.conv2 = torch.nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=2)
        self.fc = torch.nn.Linear(6, CLASSES)

    def forward(self, x):
        x = torch.nn.functional.max_pool2d(torch.relu(self.bn1(self.conv1(x))), 2)
        x = torch.nn.functional.leaky_relu(self.conv2(x), 0.1)
        return self.fc(x.mean((2, 3)))


def run(make_optimizer, clip):
    net = Net()
    with torch.no_grad():
        for k, (name, p) in enumerate(net.named_parameters()):
            start = numbers(p.numel(), 100 + k)
            p.copy_((start + (1.0 if name == "bn1.weight" else 0.0)).reshape(p.shape))
    decayed = [p for p in net.parameters() if p.dim() >= 2]
    others = [p for p in net.parameters() if p.dim() < 2]
    optimizer = make_optimizer([{"params": decayed}, {"params": others, "weight_decay": 0.0}])
    losses, after_one = [], None
    for step in range(STEPS):
        x = (2 * numbers(BATCH * HEIGHT * WIDTH, step)).float().reshape(BATCH, 1, HEIGHT, WIDTH)
        target = torch.softmax(4 * numbers(BATCH * CLASSES, 1000 + step).reshape(BATCH, CLASSES), 1).float()
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(x), target)
        loss.backward()
        if clip is not None:
            torch.nn.utils.clip_grad_norm_(net.parameters(), clip)
        optimizer.step()
        losses.append(loss.item())
        if step == 0:
            after_one = state(net)
    return {"losses": losses, "after_1": after_one, "after_10": state(net)}


def state(net):
    return {k: [float(f"{x:.9g}") for x in v.flatten().tolist()] for k, v in net.state_dict().items() if "num_batches" not in k}


json.dump({
    "torch": torch.__version__,
    "adamw": run(lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1), None),
    "adam_l2": run(lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.05), None),
    "sgd_momentum": run(lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.01), None),
    "sgd_nesterov_clipped": run(lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True), 0.2),
}, sys.stdout, indent=None, separators=(",", ":"))
print()
