"""Shapley values by the definition, over all 2^n coalitions: the yardstick for src/prediction/explanation.ts."""
from itertools import combinations
from math import comb

import numpy as np


def shapley(predict, x, reference):
    """Contribution of each feature to predict(x) - predict(reference); absent players take the reference's value."""
    n = len(x)
    coalitions = [frozenset(c) for size in range(n + 1) for c in combinations(range(n), size)]
    inputs = np.tile(reference, (len(coalitions), 1)).astype(np.float32)
    for row, members in enumerate(coalitions):
        for member in members:
            inputs[row, member] = x[member]
    value = dict(zip(coalitions, predict(inputs)))
    return [
        float(sum((value[c | {i}] - value[c]) / (n * comb(n - 1, len(c))) for c in coalitions if i not in c))
        for i in range(n)
    ]
