"""
Tenfold turns labelled data into a classifier you can trust.

>>> import tenfold
>>> tenfold.evaluate([0, 1, 1, 0], [0.2, 0.9, 0.4, 0.1]).metrics["recall"].value
0.5
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenfold.version import __version__

if TYPE_CHECKING:
    from tenfold.api import (
        Classifier,
        Dataset,
        Decision,
        Errors,
        Evaluation,
        OutOfFold,
        Run,
        WeakSpots,
        choose_threshold,
        denoise,
        errors_of,
        evaluate,
        importance,
        learning_curve,
        load,
        load_model,
        open_run,
        out_of_fold,
        run,
        weak_spots,
        write_report,
    )


__all__ = [
    "Classifier",
    "Dataset",
    "Decision",
    "Errors",
    "Evaluation",
    "OutOfFold",
    "Run",
    "WeakSpots",
    "__version__",
    "choose_threshold",
    "denoise",
    "errors_of",
    "evaluate",
    "importance",
    "learning_curve",
    "load",
    "load_model",
    "open_run",
    "out_of_fold",
    "run",
    "weak_spots",
    "write_report",
]


def __getattr__(name: str) -> Any:
    """Import the libraries behind a name when it is first used, so that ``import tenfold`` takes milliseconds."""
    if name in __all__:
        from tenfold import api

        return getattr(api, name)
    raise AttributeError(f"module 'tenfold' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
