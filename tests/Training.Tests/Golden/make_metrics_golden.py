#!/usr/bin/env python3
"""Golden values for the tests of Metrics: scikit-learn's and SciPy's figures (made with scikit-learn 1.2.1, SciPy 1.10).

    python3 make_metrics_golden.py > metrics_golden.json

Scores come from a formula both sides can write down, so only results are stored:
value(i, k) = frac(sin(12.9898 i + 78.233 k) * 43758.5453) - 0.5 in double. "tied" are the same scores rounded to one decimal, so that many are equal.
"""
import json
import math
import sys

import numpy
import scipy.stats
import sklearn
from sklearn import metrics

ITEMS, LABELS = 120, 5


def numbers(count, k):
    values = [math.sin(12.9898 * i + 78.233 * k) * 43758.5453 for i in range(count)]
    return numpy.array([v - math.floor(v) - 0.5 for v in values])


truth = numpy.minimum((numbers(ITEMS, 1) + 0.5) ** 1.5 * LABELS, LABELS - 1).astype(int)  # uneven: the first labels have more
one_hot = numpy.eye(LABELS)[truth]
logits = 4 * numbers(ITEMS * LABELS, 2).reshape(ITEMS, LABELS) + 1.5 * one_hot
scores = numpy.exp(logits) / numpy.exp(logits).sum(1, keepdims=True)
heard = scores.argmax(1)


def average_precision_at(k, y, s):
    """Written apart from the C#: the definition, item by item. At k = all items it is scikit-learn's average precision (asserted below)."""
    order = numpy.argsort(-s, kind="stable")
    hits = y[order][:k] > 0
    precisions = [hits[: i + 1].mean() for i in range(len(hits)) if hits[i]]
    return sum(precisions) / min(k, int(y.sum()))


def rankings(s):
    return {
        "average_precision": [metrics.average_precision_score(one_hot[:, c], s[:, c]) for c in range(LABELS)],
        "roc_auc": [metrics.roc_auc_score(one_hot[:, c], s[:, c]) for c in range(LABELS)],
        "micro_average_precision": metrics.average_precision_score(one_hot, s, average="micro"),
        "macro_average_precision": metrics.average_precision_score(one_hot, s, average="macro"),
        "micro_roc_auc": metrics.roc_auc_score(one_hot, s, average="micro"),
    }


def curve(c):
    precision, recall, threshold = metrics.precision_recall_curve(one_hot[:, c], scores[:, c])
    return {"precision": precision[:-1][::-1].tolist(), "recall": recall[:-1][::-1].tolist(), "threshold": threshold[::-1].tolist()}


def calibration(confidence, right, bins=15):
    accuracy, mean_confidence = metrics_calibration(right, confidence, bins)
    counts = numpy.histogram(confidence, numpy.linspace(0, 1, bins + 1))[0]
    counts = counts[counts > 0]
    return {"accuracy": accuracy.tolist(), "confidence": mean_confidence.tolist(), "count": counts.tolist(),
            "expected_error": float((counts * abs(accuracy - mean_confidence)).sum() / counts.sum())}


def metrics_calibration(right, confidence, bins):
    from sklearn.calibration import calibration_curve
    return calibration_curve(right, confidence, n_bins=bins)


def multi_label():
    has = (numbers(ITEMS * LABELS, 3).reshape(ITEMS, LABELS) > 0.2).astype(int)
    p = 1 / (1 + numpy.exp(-(4 * numbers(ITEMS * LABELS, 4).reshape(ITEMS, LABELS) + 1.2 * has - 0.6)))
    at = (p >= 0.5).astype(int)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(has, at, zero_division=0)
    return {
        "micro_f1": metrics.f1_score(has, at, average="micro"),
        "macro_f1": metrics.f1_score(has, at, average="macro"),
        "subset_accuracy": metrics.accuracy_score(has, at),
        "mean_average_precision": metrics.average_precision_score(has, p, average="macro"),
        "macro_roc_auc": metrics.roc_auc_score(has, p, average="macro"),
        "label_ranking_average_precision": metrics.label_ranking_average_precision_score(has, p),
        "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(), "support": support.tolist(),
        "average_precision": [metrics.average_precision_score(has[:, c], p[:, c]) for c in range(LABELS)],
        "roc_auc": [metrics.roc_auc_score(has[:, c], p[:, c]) for c in range(LABELS)],
        "log_loss": metrics.log_loss(has.ravel(), p.ravel()),
        "brier": metrics.brier_score_loss(has.ravel(), p.ravel()),
        "calibration": calibration(p.ravel(), has.ravel() == 1),
    }


def averages(average):
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(truth, heard, average=average, zero_division=0)
    return [precision, recall, f1]


for c in range(LABELS):
    assert abs(average_precision_at(ITEMS, one_hot[:, c], scores[:, c]) - metrics.average_precision_score(one_hot[:, c], scores[:, c])) < 1e-12

precision, recall, f1, support = metrics.precision_recall_fscore_support(truth, heard, zero_division=0)


def wilson(right, items):
    interval = scipy.stats.binomtest(right, items).proportion_ci(0.95, "wilson")
    return [right, items, interval.low, interval.high]


json.dump({
    "sklearn": sklearn.__version__,
    "confusion": metrics.confusion_matrix(truth, heard).tolist(),
    "accuracy": metrics.accuracy_score(truth, heard),
    "top3": metrics.top_k_accuracy_score(truth, scores, k=3),
    "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(), "support": support.tolist(),
    "macro": averages("macro"),
    "weighted": averages("weighted"),
    "distinct": rankings(scores),
    "tied": rankings(numpy.floor(scores * 10 + 0.5) / 10),
    "curve": curve(1),
    "average_precision_at_10": [average_precision_at(10, one_hot[:, c], scores[:, c]) for c in range(LABELS)],
    "log_loss": metrics.log_loss(truth, scores),
    "brier": sum(metrics.brier_score_loss(one_hot[:, c], scores[:, c]) for c in range(LABELS)),
    "calibration": calibration(scores.max(1), heard == truth),
    "multi_label": multi_label(),
    "wilson": [wilson(0, 7), wilson(125, 197), wilson(20, 20)],
    "mcnemar": [[b, c, scipy.stats.binomtest(min(b, c), b + c, 0.5).pvalue] for b, c in [(3, 12), (8, 8), (40, 71), (1, 0)]],
}, sys.stdout, indent=None, separators=(",", ":"))
print()
