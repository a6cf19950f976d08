#!/usr/bin/env python3
"""scikit-learn's logistic regression on a few rows, for LogisticRegressionTests: python3-sklearn 1.2."""
import json
import numpy as np
from sklearn.linear_model import LogisticRegression

PENALTY = 0.05


def numbers(count, k, scale=1.0):
    value = np.sin(12.9898 * np.arange(count) + 78.233 * k) * 43758.5453
    return (scale * (value - np.floor(value) - 0.5)).astype(np.float32).astype(np.float64)


labels = np.array([0] * 20 + [1] * 14 + [2] * 6)
rows = numbers(40 * 6, 1, 4).reshape(40, 6) * [1, 2, 0.5, 1, 3, 0.1] + np.eye(3, 6)[labels]
mean, deviation = rows.mean(0), rows.std(0)
deviation += 0.3 * deviation.mean()
model = LogisticRegression(C=1 / (len(rows) * PENALTY), class_weight="balanced", max_iter=100000, tol=1e-12)
model.fit((rows - mean) / deviation, labels)
with open("regression_golden.json", "w") as file:
    json.dump({"penalty": PENALTY, "probabilities": np.round(model.predict_proba((rows - mean) / deviation), 7).reshape(-1).tolist()}, file)
    file.write("\n")
