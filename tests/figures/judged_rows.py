"""Small labelled and scored samples, full of ties and empty classes."""

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from tenfold.task import Task
from tenfold.tasks import ClassTask


class Sample(NamedTuple):
    task: Task
    y: np.ndarray
    predicted: np.ndarray
    scores: np.ndarray
    weight: np.ndarray | None


def task_of(k):
    if k == 2:
        return ClassTask(("no", "yes"), positive="yes")
    return ClassTask(tuple(f"class {c}" for c in range(k)))


@st.composite
def samples(draw, k=None, weighted=True, least=1):
    classes, n = draw(st.integers(2, 6) if k is None else k), draw(st.integers(least, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    levels = draw(st.sampled_from([1, 2, 5, 1000]))
    y, predicted = rng.integers(0, draw(st.integers(1, classes)), n), rng.integers(0, draw(st.integers(1, classes)), n)
    scores = rng.integers(0, levels, n if classes == 2 else (n, classes)) / levels
    weight = rng.integers(1, 6, n) / 2 if weighted and draw(st.booleans()) else None
    return Sample(task_of(classes), y, predicted, scores, weight)
