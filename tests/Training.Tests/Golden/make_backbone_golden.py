#!/usr/bin/env python3
"""Writes backbone.onnx and backbone.json: a small MobileNet as PyTorch (1.13) exports it, with normalisation left in and shapes worked out by nodes, an
input, PyTorch's features and the gradients of sum(features * r) by the weights from `tail` on, normalisation keeping its statistics."""
import json

import torch
from torch import nn

torch.manual_seed(7)


def block(inputs, outputs, activation, stride=1):
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, 3, stride=stride, padding=1, groups=inputs, bias=False), nn.BatchNorm2d(inputs), activation(),
        nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs))


class Squeeze(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.down, self.up = nn.Conv2d(channels, 2, 1), nn.Conv2d(2, channels, 1)

    def forward(self, x):
        return x * nn.functional.hardsigmoid(self.up(torch.relu(self.down(nn.functional.adaptive_avg_pool2d(x, 1)))))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 4, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU6())
        self.middle = block(4, 4, nn.ReLU6)
        self.tail = block(4, 6, nn.Hardswish, stride=2)
        self.squeeze = Squeeze(6)
        self.classifier = nn.Linear(6 * 2 * 2, 3)

    def features(self, x):
        x = self.stem(x)
        x = x + self.middle(x)
        x = nn.functional.avg_pool2d(self.squeeze(self.tail(x)), 3, stride=2, padding=1)
        return x.view(x.size(0), -1)

    def forward(self, x):
        return self.classifier(self.features(x))


net = Net()
for m in net.modules():
    if isinstance(m, nn.BatchNorm2d):
        nn.init.uniform_(m.running_mean, -0.5, 0.5)
        nn.init.uniform_(m.running_var, 0.5, 2)
        nn.init.uniform_(m.weight, 0.5, 2)
        nn.init.uniform_(m.bias, -0.5, 0.5)
net.eval()
x = 3 * torch.randn(2, 1, 14, 12)
torch.onnx.export(
    net, x, "backbone.onnx", input_names=["image"], output_names=["logits"], opset_version=16, do_constant_folding=False,
    training=torch.onnx.TrainingMode.PRESERVE, dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}})
features = net.features(x)
r = torch.randn_like(features)
(features * r).sum().backward()
trained = {name: p.grad.flatten().tolist() for name, p in net.named_parameters() if name.startswith(("tail", "squeeze"))}
with open("backbone.json", "w") as f:
    json.dump({"x": x.flatten().tolist(), "features": features.flatten().tolist(), "r": r.flatten().tolist(), "gradients": trained}, f)
