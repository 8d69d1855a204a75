"""Training rows grown: how many each model has learnt from, for the figures of a run and in words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.augmentation import augmented_bytes, copies_of
from tenfold.candidates.entry import Candidate
from tenfold.candidates.setting import Setting
from tenfold.errors import LimitError
from tenfold.memory import machine_bytes
from tenfold.record.entries.metrics import Augmentation, Metrics, RowCounts
from tenfold.text import byte_count, shown

__all__ = ["augmentation", "augmentation_plan", "augmentation_sentence", "augmentation_words"]

_BY = {"shift": "one-pixel shifts"}


def augmentation_plan(candidates: Mapping[str, Candidate], setting: Setting) -> str | None:
    """
    Say before the start how rows are grown and what that takes; None where they are not.

    Raises
    ------
    LimitError
        What the final fit of a candidate would hold is more than this machine has.
    """
    how = setting.augment
    if how is None:
        return None
    memory = {name: augmented_bytes(one, setting) for name, one in candidates.items()}
    most, room = max(memory, key=lambda name: memory[name]), machine_bytes()
    if 0 < room < memory[most]:
        raise LimitError(
            f"--augment {how}: {shown(most, 40)} would hold at least {byte_count(memory[most])} of grown images, this "
            f"machine has {byte_count(room)}",
            do="leave that candidate out with --models, or leave out --augment",
        )
    return (
        f"What is learnt from is grown by {_BY[how]}, all {setting.rows:,} images to {_times(how, setting.rows):,}; "
        f"the judged images never are. {shown(most, 40)} will hold at least {byte_count(memory[most])} of them at a "
        "time."
    )


def augmentation(how: str, folds: NDArray[np.int16]) -> Augmentation:
    """
    Return how many rows the models of each fold and the saved one are fitted on.

    Parameters
    ----------
    how : str
    folds : ndarray of int16, shape (n,)

    Examples
    --------
    >>> augmentation("shift", np.array([0, 1, 1])).folds
    (RowCounts(rows=2, grown=10), RowCounts(rows=1, grown=5))
    """
    fitted = len(folds) - np.bincount(folds)
    counts = [RowCounts(rows, _times(how, rows)) for rows in (*map(int, fitted), len(folds))]
    return Augmentation(how, tuple(counts[:-1]), counts[-1])


def augmentation_words(metrics: Metrics) -> str | None:
    """
    Say in a few words what the models of the folds were fitted on; None where rows were not augmented.

    Parameters
    ----------
    metrics : Metrics
    """
    augment = metrics.augment
    return None if augment is None else _fold_words(augment)


def augmentation_sentence(metrics: Metrics) -> str | None:
    """
    Say what models were fitted on; None where rows were not augmented.

    Parameters
    ----------
    metrics : Metrics
    """
    augment = metrics.augment
    if augment is None:
        return None
    return (
        f"Each fold was answered by a model of {_fold_words(augment)}, the saved model is one of "
        f"{augment.model.rows:,} grown to {augment.model.grown:,}; judged and tested were images as they came."
    )


def _fold_words(augment: Augmentation) -> str:
    """
    Say how many rows the models of the folds were fitted on.

    Examples
    --------
    >>> _fold_words(augmentation("shift", np.arange(60_000) % 5))
    '48,000 images grown to 240,000 by one-pixel shifts'
    """
    rows, augmented = (_between([getattr(one, key) for one in augment.folds]) for key in ("rows", "grown"))
    return f"{rows} images grown to {augmented} by {_BY.get(augment.how, shown(augment.how, 40))}"


def _times(how: str, rows: int) -> int:
    return copies_of(how) * rows


def _between(counts: list[int]) -> str:
    least, most = min(counts, default=0), max(counts, default=0)
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"
