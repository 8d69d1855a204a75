"""
Tenfold turns labelled data into a classifier you can trust.

>>> import tenfold
>>> tenfold.evaluate([0, 1, 1, 0], [0.2, 0.9, 0.4, 0.1]).metrics["recall"].value
0.5
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tenfold.version import __version__

if TYPE_CHECKING:
    from tenfold.api.judging import Decision, Evaluation, OutOfFold, choose_threshold, evaluate, out_of_fold
    from tenfold.api.loading import Classifier, Dataset, load, load_model
    from tenfold.api.running import Run, denoise, open_run, run
    from tenfold.api.studying import (
        Errors,
        Evidence,
        WeakSpots,
        class_words,
        errors_of,
        evidence_of,
        importance,
        learning_curve,
        training_curve,
        weak_spots,
        write_report,
    )


__all__ = [
    "Classifier",
    "Dataset",
    "Decision",
    "Errors",
    "Evaluation",
    "Evidence",
    "OutOfFold",
    "Run",
    "WeakSpots",
    "__version__",
    "choose_threshold",
    "class_words",
    "denoise",
    "errors_of",
    "evaluate",
    "evidence_of",
    "importance",
    "learning_curve",
    "load",
    "load_model",
    "open_run",
    "out_of_fold",
    "run",
    "training_curve",
    "weak_spots",
    "write_report",
]


_PLACES = {
    "loading": ("Classifier", "Dataset", "load", "load_model"),
    "judging": ("Decision", "Evaluation", "OutOfFold", "choose_threshold", "evaluate", "out_of_fold"),
    "running": ("Run", "denoise", "open_run", "run"),
    "studying": (
        "Errors",
        "Evidence",
        "WeakSpots",
        "class_words",
        "errors_of",
        "evidence_of",
        "importance",
        "learning_curve",
        "training_curve",
        "weak_spots",
        "write_report",
    ),
}
"""Module of `tenfold.api` -> names."""


def __getattr__(name: str) -> Any:
    """Import the libraries behind a name when it is first used: ``import tenfold`` takes milliseconds."""
    for place, names in _PLACES.items():
        if name in names:
            return getattr(import_module(f"tenfold.api.{place}"), name)
    raise AttributeError(f"module 'tenfold' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
