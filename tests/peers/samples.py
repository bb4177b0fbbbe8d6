"""What NumPy and SciPy say to the samples: prints one JSON object.

samples.py linreg FILE               least squares with an intercept
samples.py kmeans FILE I,J,K ITERS   Lloyd's iteration on standardised columns, starting from these rows
"""
import json
import sys

import numpy as np
import scipy.linalg


def linreg(path):
    data = np.loadtxt(path, delimiter=",")
    x, y = data[:, :-1], data[:, -1]
    beta, *_ = scipy.linalg.lstsq(np.column_stack([np.ones(len(x)), x]), y)
    residual = y - beta[0] - x @ beta[1:]
    r2 = 1 - (residual @ residual) / ((y - y.mean()) @ (y - y.mean()))
    return {"intercept": beta[0], "beta": beta[1:].tolist(), "r2": r2}


def kmeans(path, start, iterations):
    data = np.loadtxt(path, delimiter=",")
    mean, scale = data.mean(axis=0), data.std(axis=0)
    x = (data - mean) / scale
    c = x[start]
    rounds = 0
    while rounds < iterations:
        distance = ((x[:, None, :] - c[None, :, :]) ** 2).sum(axis=2)
        label = distance.argmin(axis=1)
        moved = np.array([x[label == k].mean(axis=0) if (label == k).any() else c[k] for k in range(len(c))])
        rounds += 1
        done = np.array_equal(moved, c)
        c = moved
        if done:
            break
    distance = ((x[:, None, :] - c[None, :, :]) ** 2).sum(axis=2)
    label = distance.argmin(axis=1)
    return {
        "centroids": (c * scale + mean).tolist(),
        "members": np.bincount(label, minlength=len(c)).tolist(),
        "wss": distance.min(axis=1).sum(),
    }


if sys.argv[1] == "linreg":
    result = linreg(sys.argv[2])
else:
    result = kmeans(sys.argv[2], [int(i) for i in sys.argv[3].split(",")], int(sys.argv[4]))
print(json.dumps(result))
