"""Small images and finished denoising runs."""

import numpy as np
import pytest

from tenfold.data.dataset import Dataset
from tenfold.data.holdout import Ledger
from tenfold.line.restoration.config import DenoiseConfig
from tenfold.line.restoration.steps import execute
from tenfold.show import write_report


def shapes(n=60, side=6, seed=0):
    """Bars of two directions with grey rims: labels a and b."""
    rng = np.random.default_rng(seed)
    X = np.zeros((n, side, side), np.uint8)
    for i in range(n):
        at = rng.integers(1, side - 1)
        if i % 2:
            X[i, :, at] = rng.integers(180, 256)
        else:
            X[i, at, :] = rng.integers(180, 256)
        X[i, 0, 0] = i
    return Dataset("bars", "image", X, np.array(["a", "b"], object)[np.arange(n) % 2], source="memory")


@pytest.fixture
def bars():
    return shapes()


@pytest.fixture
def go(tmp_path):
    """Give a function that goes the whole line on a data set."""

    def run(data, out="run", draw=write_report, **asked):
        config = DenoiseConfig(data.source, **asked)
        return execute(config, tmp_path / out, lambda c: data, draw, ledger=Ledger(tmp_path / "ledger"))

    return run
