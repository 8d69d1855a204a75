"""The real MNIST, and its out-of-fold predictions through the same loop as every run."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.catalogue import resolve
from tenfold.candidates.entry import Candidate
from tenfold.candidates.setting import setting_of
from tenfold.data.dataset import Dataset
from tenfold.data.sources import load
from tenfold.errors import PartsFailedError
from tenfold.folds.assign import assign_folds
from tenfold.folds.executor import Executor, InlineExecutor
from tenfold.folds.job import Job
from tenfold.folds.loop import judge_out_of_fold
from tenfold.folds.processes import ProcessExecutor
from tenfold.folds.result import OutOfFold
from tenfold.folds.start import usable_cores
from tenfold.task import Task, infer_task

__all__ = ["mnist_test_part", "mnist_training_part", "out_of_fold_of", "pixel_rows"]

FOLDS = 3


def mnist_training_part() -> Dataset:
    """The 60,000 training images in original order."""
    return _parts()[0]


def mnist_test_part() -> Dataset:
    """The 10,000 test images in original order; the classic figures that need them are known, nothing is chosen."""
    return _parts()[1]


@cache
def _parts() -> tuple[Dataset, Dataset]:
    mnist = load("mnist")
    if mnist.official_test is None:
        raise ValueError("MNIST has a test part of its own")
    training = int((~mnist.official_test).sum())
    return mnist.take(slice(0, training)), mnist.take(slice(training, len(mnist)))


def pixel_rows(data: Dataset) -> NDArray[np.float64]:
    """Images as rows of raw float64 pixels, shape (n, 784)."""
    return np.asarray(data.X, np.float64).reshape(len(data), -1)


@cache
def out_of_fold_of(candidate: str, positive: str | None = None) -> tuple[NDArray[np.int64], OutOfFold]:
    """
    Return true classes and the out-of-fold predictions of a candidate on MNIST, 3 stratified folds in order.

    Parameters
    ----------
    candidate : str
        Of the catalogue.
    positive : str, optional
        The digit to detect; all ten classes otherwise.
    """
    training = mnist_training_part()
    task = infer_task(training.labels, positive=positive)
    return judged_on(training, task, candidate, None)


def judged_on(training: Dataset, task: Task, name: str, live: Candidate | None) -> tuple[NDArray[np.int64], OutOfFold]:
    """Judge one candidate of the catalogue, or a live one in this process."""
    codes, setting = task.encode(training.labels), setting_of(training, task)
    with tempfile.TemporaryDirectory(prefix="tenfold-") as folder:
        candidates = {name: live or resolve(name, setting)}
        folds = assign_folds(codes, task, FOLDS)
        job = Job(Path(folder), training, codes, folds, task, setting, candidates)
        executor: Executor = InlineExecutor() if live else ProcessExecutor(usable_cores())
        results = judge_out_of_fold(job, [name], executor)
    if name not in results.results:
        raise PartsFailedError(f"{name} failed: {results.failures[name]}")
    return codes, results.results[name][0]
