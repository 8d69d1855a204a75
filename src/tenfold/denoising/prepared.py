"""The first half of a denoising run: test part sealed, noise drawn, folds assigned, every choice made."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tenfold.data.dataset import Dataset
from tenfold.data.holdout import SealedTest, row_groups, split
from tenfold.denoising.catalogue import BASELINE, DEFAULT, entry_of
from tenfold.denoising.config import DenoiseConfig
from tenfold.denoising.noise import Noise, default_noise, parse_noise
from tenfold.denoising.pairs import Pairs, classes_of, images_of, pairs, peak_of
from tenfold.errors import DataError, UsageError
from tenfold.folds.assign import assign_folds
from tenfold.line.plan import duration
from tenfold.task import Task
from tenfold.tasks import ClassTask, RestorationTask

__all__ = ["TEST_NOISE", "Prepared", "prepare"]

JUDGED = 10_000
_FEWEST_JUDGED, _JUDGED_VALUES = 200, 80_000_000
_MANY_ROWS = 20_000
_FEW_FOLDS, _FOLDS = 3, 5
_START_SECONDS = 3.0
_TRAINING_NOISE, TEST_NOISE, _DRAW, _JUDGED_DRAW = range(4)
"""Each use of the seed draws from a stream of its own, so that none depends on how much another drew."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """
    Everything that is fixed before the first fit.

    Parameters
    ----------
    config : DenoiseConfig
        Resolved: nothing that steers the run is None any more, but `size` where all rows are learnt from.
    data : Dataset
        All clean images.
    task : Task
        Multioutput; one output a pixel value.
    noise : Noise
    peak : int
        Grey level of white.
    training : Pairs
    test : SealedTest
        Of clean images.
    folds : ndarray of int16, shape (n,)
    judged : ndarray of int64, shape (m,)
        Training positions that are answered out of fold, ascending; all of them, or a drawn sample.
    sentences : tuple of str
        The plan in words.
    """

    config: DenoiseConfig
    data: Dataset
    task: Task
    noise: Noise
    peak: int
    training: Pairs
    test: SealedTest[Dataset]
    folds: NDArray[np.int16]
    judged: NDArray[np.int64]
    sentences: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The candidates, the baseline first."""
        return self.config.models or ()

    @property
    def sampled(self) -> bool:
        """Whether only a sample of the training images is answered out of fold."""
        return len(self.judged) < len(self.training)


def prepare(config: DenoiseConfig, data: Dataset) -> Prepared:
    """
    Make every choice that is left open, and refuse what cannot work, before the first fit.

    Parameters
    ----------
    config : DenoiseConfig
    data : Dataset
        Clean images.

    Raises
    ------
    DataError, LimitError, UsageError
    """
    images_of(data)
    names = tuple(dict.fromkeys((BASELINE, *(config.models or DEFAULT))))
    for name in names:
        entry_of(name)
    peak = peak_of(data)
    noise = parse_noise(config.noise) if config.noise is not None else default_noise(peak)
    training, test = _split(data, config)
    training = _drawn(training, config)
    folds = _folds(training, config)
    judged = _judged(len(training), int(np.prod(data.image_shape or (1,))), config.seed)
    resolved = replace(config, models=names, cv=int(folds.max()) + 1, noise=noise.text)
    task = RestorationTask(_outputs(data.image_shape or ()))
    made = pairs(training, noise, peak, [config.seed, _TRAINING_NOISE])
    told = _sentences(resolved, data, noise, len(training), test, len(judged))
    return Prepared(resolved, data, task, noise, peak, made, test, folds, judged, told)


def _outputs(shape: tuple[int, ...]) -> tuple[str, ...]:
    """Name each pixel value by its place: row, column and, in colour, channel."""
    return tuple(",".join(map(str, place)) for place in np.ndindex(*shape))


def _split(data: Dataset, config: DenoiseConfig) -> tuple[Dataset, SealedTest[Dataset]]:
    """Split by class where there are classes, so that every class is on both sides; else at random."""
    classed = data if _by_class(data) else replace(data, y=np.full(len(data), "", dtype=object))
    if len(data) < 4 and data.official_test is None:
        what = f"{len(data)} image{'' if len(data) == 1 else 's'}: too few to learn from, judge on and test"
        raise DataError(what, where=data.source, do="give at least 4, better some hundreds")
    training, test = split(classed, _classes(classed), test_size=config.test_size, seed=config.seed)
    return replace(training, y=training.y if _by_class(data) else None), test


def _by_class(data: Dataset) -> bool:
    """Whether the images have classes; what is nearly as many as the images is a name of each."""
    labels = classes_of(data)
    return labels is not None and len(set(labels.tolist())) <= len(data) / 2


def _classes(data: Dataset) -> Task:
    return ClassTask(tuple(sorted(set(data.labels.tolist()))))


def _drawn(training: Dataset, config: DenoiseConfig) -> Dataset:
    if config.size is None or config.size >= len(training):
        return training
    if config.size < 2:
        raise UsageError(f"--size {config.size}: learning and judging needs 2 images or more")
    generator = np.random.default_rng([config.seed, _DRAW])
    return training.take(np.sort(generator.choice(len(training), config.size, replace=False)))


def _folds(training: Dataset, config: DenoiseConfig) -> NDArray[np.int16]:
    """Folds with all classes in each where every class has enough images; equal images share a fold."""
    k = config.cv or (_FEW_FOLDS if len(training) > _MANY_ROWS else min(_FOLDS, len(training)))
    groups, one = row_groups(training), ClassTask(("image",))
    codes = np.zeros(len(training), np.int64)
    if _by_class(training):
        task = _classes(training)
        classes = task.encode(training.labels)
        if np.bincount(classes).min() >= k and groups is None:
            codes, one = classes, task
    return assign_folds(codes, one, k, groups=groups, source=training.source)


def _judged(rows: int, values: int, seed: int) -> NDArray[np.int64]:
    """All training images; of many or large ones a drawn sample, whose restored forms fit into memory."""
    size = min(rows, JUDGED, max(_FEWEST_JUDGED, _JUDGED_VALUES // values))
    if rows <= _MANY_ROWS and rows * values <= 2 * _JUDGED_VALUES:
        return np.arange(rows, dtype=np.int64)
    generator = np.random.default_rng([seed, _JUDGED_DRAW])
    return np.asarray(np.sort(generator.choice(rows, size, replace=False)), dtype=np.int64)


def _sentences(
    config: DenoiseConfig, data: Dataset, noise: Noise, rows: int, test: SealedTest[Dataset], judged: int
) -> tuple[str, ...]:
    size = " x ".join(map(str, (data.image_shape or ())[1::-1]))
    names = config.models or ()
    some = "" if judged == rows else f", on {judged:,} drawn images (each by models of all images of the other folds)"
    return (
        f"{data.name}: {rows:,} images of {size} to learn from; {len(test):,} sealed for one test ({test.how}).",
        f"Noise: {noise.words} (--noise {noise.text}).",
        f"{', '.join(names)}: each judged on {config.cv} folds by mean absolute error, out of fold{some}.",
        f"Roughly {duration(_estimate(config, data, rows, len(test), judged))}.",
    )


def _estimate(config: DenoiseConfig, data: Dataset, rows: int, tested: int, judged: int) -> float:
    values, folds = int(np.prod(data.image_shape or (1,))), config.cv or 2
    costs = [entry_of(name).seconds for name in config.models or ()]
    in_folds = sum(cost(rows - rows // folds, judged // folds, values) * folds for cost in costs)
    final = max(cost(rows, tested, values) for cost in costs)
    return _START_SECONDS + in_folds + final + 2e-6 * values * judged
