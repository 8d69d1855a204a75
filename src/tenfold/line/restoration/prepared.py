"""The first half of a denoising run: test part sealed, noise drawn, folds assigned, every choice made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.entry import BASELINE, Candidate
from tenfold.candidates.setting import Setting
from tenfold.data.dataset import Dataset
from tenfold.data.holdout import SealedTest, row_groups, split
from tenfold.errors import DataError, UsageError
from tenfold.folds.assign import MANY_ROWS, assign_folds, default_folds
from tenfold.line.memory.plan import duration
from tenfold.line.restoration.config import DenoiseConfig
from tenfold.tasks import ClassTask, RestorationTask
from tenfold.tasks.images.catalogue import DEFAULT
from tenfold.tasks.images.noise import Noise, default_noise, parse_noise
from tenfold.tasks.images.pairs import Pairs, classes_of, images_of, pairs, peak_of

__all__ = ["TEST_NOISE", "Prepared", "prepare"]

SAMPLE = 10_000
_FEWEST_SAMPLED, _SAMPLED_VALUES = 200, 80_000_000
_START_SECONDS = 3.0
_TRAINING_NOISE, TEST_NOISE, _DRAW, _SAMPLE_DRAW = range(4)
"""Each use of the seed draws from a stream of its own, so that none depends on how much another drew."""


@dataclass(frozen=True, eq=False)
class RestorationPlan:
    """
    A run with every choice made.

    Parameters
    ----------
    config : DenoiseConfig
        Resolved.
    setting : Setting
    candidates : dict of str to Candidate
        The baseline first.
    sentences : tuple of str
        The plan in words.
    """

    config: DenoiseConfig
    setting: Setting
    candidates: dict[str, Candidate]
    sentences: tuple[str, ...]


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
    task : RestorationTask
    noise : Noise
    training : Pairs
    test : SealedTest
        Of clean images.
    folds : ndarray of int16, shape (n,)
    sample : ndarray of int64, shape (m,)
        Training positions that are restored out of fold, ascending; all of them, or a drawn sample.
    plan : RestorationPlan
    """

    config: DenoiseConfig
    data: Dataset
    task: RestorationTask
    noise: Noise
    training: Pairs
    test: SealedTest[Dataset]
    folds: NDArray[np.int16]
    sample: NDArray[np.int64]
    plan: RestorationPlan

    @property
    def names(self) -> tuple[str, ...]:
        """The candidates, the baseline first."""
        return tuple(self.plan.candidates)

    @property
    def peak(self) -> int:
        """Grey level of white."""
        return self.task.peak

    @property
    def sampled(self) -> bool:
        """Whether only a sample of the training images is restored out of fold."""
        return len(self.sample) < len(self.training)


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
    task = RestorationTask(tuple(data.image_shape or ()), peak_of(data))
    setting = Setting("image", len(data), int(np.prod(task.shape)), int(np.prod(task.shape)), seed=config.seed)
    candidates = {name: task.candidate(name, setting) for name in names}
    noise = parse_noise(config.noise) if config.noise is not None else default_noise(task.peak)
    training, test = _split(data, config)
    training = _draw(training, config)
    folds = _folds(training, config)
    sample = _sample(len(training), setting.values, config.seed)
    resolved = replace(config, models=names, cv=int(folds.max()) + 1, noise=noise.text)
    noisy = pairs(training, noise, task.peak, [config.seed, _TRAINING_NOISE])
    setting = replace(setting, rows=len(training))
    sentences = _sentences(resolved, data, noise, candidates, len(training), test, len(sample))
    plan = RestorationPlan(resolved, setting, candidates, sentences)
    return Prepared(resolved, data, task, noise, noisy, test, folds, sample, plan)


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


def _classes(data: Dataset) -> ClassTask:
    return ClassTask(tuple(sorted(set(data.labels.tolist()))))


def _draw(training: Dataset, config: DenoiseConfig) -> Dataset:
    if config.size is None or config.size >= len(training):
        return training
    if config.size < 2:
        raise UsageError(f"--size {config.size}: learning and judging needs 2 images or more")
    generator = np.random.default_rng([config.seed, _DRAW])
    return training.take(np.sort(generator.choice(len(training), config.size, replace=False)))


def _folds(training: Dataset, config: DenoiseConfig) -> NDArray[np.int16]:
    """Folds with all classes in each where every class has enough images; equal images share a fold."""
    k = config.cv or min(default_folds(len(training)), len(training))
    groups, one, codes = row_groups(training), ClassTask(("image",)), np.zeros(len(training), np.int64)
    if _by_class(training):
        task = _classes(training)
        classes = task.encode(training.labels)
        if np.bincount(classes).min() >= k and groups is None:
            codes, one = classes, task
    return assign_folds(codes, one, k, groups=groups, source=training.source)


def _sample(rows: int, values: int, seed: int) -> NDArray[np.int64]:
    """All training images; of many or large ones a drawn sample, whose restored forms fit into memory."""
    size = min(rows, SAMPLE, max(_FEWEST_SAMPLED, _SAMPLED_VALUES // values))
    if rows <= MANY_ROWS and rows * values <= 2 * _SAMPLED_VALUES:
        return np.arange(rows, dtype=np.int64)
    generator = np.random.default_rng([seed, _SAMPLE_DRAW])
    return np.asarray(np.sort(generator.choice(rows, size, replace=False)), dtype=np.int64)


def _sentences(
    config: DenoiseConfig,
    data: Dataset,
    noise: Noise,
    candidates: Mapping[str, Candidate],
    rows: int,
    test: SealedTest[Dataset],
    sample: int,
) -> tuple[str, ...]:
    size = " x ".join(map(str, (data.image_shape or ())[1::-1]))
    some = "" if sample == rows else f", on {sample:,} drawn images (each by models of all images of the other folds)"
    return (
        f"{data.name}: {rows:,} images of {size} to learn from; {len(test):,} sealed for one test ({test.how}).",
        f"Noise: {noise.words} (--noise {noise.text}).",
        f"{', '.join(candidates)}: each judged on {config.cv} folds by mean absolute error, out of fold{some}.",
        f"Roughly {duration(_estimate(config, data, candidates, rows, len(test), sample))}.",
    )


def _estimate(
    config: DenoiseConfig, data: Dataset, candidates: Mapping[str, Candidate], rows: int, tested: int, sample: int
) -> float:
    values, folds = int(np.prod(data.image_shape or (1,))), config.cv or 2
    in_folds = sum(one.seconds(rows - rows // folds, sample // folds) * folds for one in candidates.values())
    final = max(one.seconds(rows, tested) for one in candidates.values())
    return _START_SECONDS + in_folds + final + 2e-6 * values * sample
