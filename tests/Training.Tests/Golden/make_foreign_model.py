#!/usr/bin/env python3
"""Writes foreign_model.onnx and foreign_model.json: a small network as PyTorch (1.13) exports it, normalisation left in, with an input and PyTorch's output."""
import json

import torch

torch.manual_seed(5)
net = torch.nn.Sequential(
    torch.nn.Conv2d(1, 3, 3, padding=1), torch.nn.BatchNorm2d(3), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
    torch.nn.Conv2d(3, 4, 3, bias=False), torch.nn.BatchNorm2d(4), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(4, 3))
for m in net.modules():
    if isinstance(m, torch.nn.BatchNorm2d):
        torch.nn.init.uniform_(m.running_mean, -0.5, 0.5)
        torch.nn.init.uniform_(m.running_var, 0.5, 2)
        torch.nn.init.uniform_(m.weight, 0.5, 2)
        torch.nn.init.uniform_(m.bias, -0.5, 0.5)
net.eval()
x = torch.randn(2, 1, 8, 6)
torch.onnx.export(
    net, x, "foreign_model.onnx", input_names=["x"], output_names=["y"], opset_version=16, do_constant_folding=False,
    training=torch.onnx.TrainingMode.PRESERVE, dynamic_axes={"x": {0: "batch"}, "y": {0: "batch"}})
with open("foreign_model.json", "w") as f:
    json.dump({"x": x.flatten().tolist(), "y": net(x).flatten().tolist()}, f)
