"""A linear support vector machine."""

from __future__ import annotations

from typing import Any

from sklearn.pipeline import Pipeline
from sklearn.svm import LinearSVC

from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.needs import pipeline_for, usual_scaling
from tenfold.candidates.setting import Setting
from tenfold.models import OffsetSVC

_ON_WORDS = 3.0
"""Of rows of length 1 in thousands of words."""


def build(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Return one detector a class, on a scaled table; on the words of texts with its offset chosen out of fold."""
    model: Any = LinearSVC(random_state=setting.seed)
    if setting.in_blocks:
        from tenfold.models import BlockLinearSVC

        model = BlockLinearSVC(C=_ON_WORDS)
    elif setting.traits.sparse:
        model = OffsetSVC(C=_ON_WORDS, random_state=setting.seed)
    return pipeline_for(setting, model, scaling=usual_scaling(setting), dtype="float64")


def seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return milliseconds a message of mail, more where it is read in blocks; a table takes what its values do."""
    if setting.traits.sparse:
        return (8e-3 if setting.in_blocks else 2e-3) * rows
    return 1e-7 * rows * setting.values * setting.detectors


ENTRY = Entry(
    name="linear-svm",
    summary="linear support vector machine, one-vs-rest",
    good_for="texts and mail: many columns of which a row has few",
    cost="seconds",
    build=build,
    seconds=seconds,
    search_space={"model__C": (0.1, 1.0, 10.0)},
    in_blocks=True,
)
