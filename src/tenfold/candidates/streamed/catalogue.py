"""The candidates that are fitted on a stream of rows, by name, and why the others are not."""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.candidates.catalogue import CATALOGUE
from tenfold.candidates.entry import BASELINE
from tenfold.candidates.regressors.catalogue import REGRESSORS as REGRESSORS_IN_MEMORY
from tenfold.candidates.streamed.classifiers import CLASSIFIERS
from tenfold.candidates.streamed.model import StreamedCandidate
from tenfold.candidates.streamed.regressors import REGRESSORS
from tenfold.errors import UsageError
from tenfold.text import near, shown

__all__ = [
    "STREAMED_CANDIDATES",
    "STREAMED_REGRESSORS",
    "refuse_names",
    "refuse_unknown_names",
    "streamed_candidates",
    "streamed_names",
]

STREAMED_CANDIDATES: dict[str, StreamedCandidate] = {one.name: one for one in CLASSIFIERS}
"""Those of classes by name."""

STREAMED_REGRESSORS: dict[str, StreamedCandidate] = {one.name: one for one in REGRESSORS}
"""Those of quantities by name."""

_UNASKED = ("ridge",)
"""Judged where they are asked for."""


def streamed_candidates(classes: int) -> Mapping[str, StreamedCandidate]:
    """Return the candidates of a task with so many classes; 0 where numbers are predicted."""
    return STREAMED_CANDIDATES if classes else STREAMED_REGRESSORS


def streamed_names(names: tuple[str, ...] | None, classes: int) -> tuple[str, ...]:
    """
    Return the candidates of a streamed run, the baseline first; the usual ones by default.

    Examples
    --------
    >>> streamed_names(None, 0), streamed_names(("ridge",), 0)
    (('baseline', 'linear', 'sgd', 'boosting'), ('baseline', 'ridge'))
    """
    usual = (name for name in streamed_candidates(classes) if name not in _UNASKED)
    return tuple(dict.fromkeys((BASELINE, *(names or usual))))


def refuse_unknown_names(names: tuple[str, ...] | None, rows: int, fits: int) -> None:
    """Refuse candidates that no task has on a stream, before the table is read; parameters as for `refuse_names`."""
    unknown = tuple(name for name in names or () if name not in STREAMED_CANDIDATES | STREAMED_REGRESSORS)
    refuse_names(unknown, None, rows, fits)


def refuse_names(names: tuple[str, ...], classes: int | None, rows: int, fits: int) -> None:
    """
    Refuse candidates that cannot be fitted on a stream.

    Parameters
    ----------
    names : tuple of str
    classes : int or None
        0 where numbers are predicted; None where that is not known yet.
    rows : int
        Number of rows of the table.
    fits : int
        Number of rows of its width that fit in memory.

    Raises
    ------
    UsageError
        The message says how many rows fit, and what streams.
    """
    streamed = STREAMED_CANDIDATES | STREAMED_REGRESSORS if classes is None else streamed_candidates(classes)
    in_memory = CATALOGUE if classes else REGRESSORS_IN_MEMORY if classes == 0 else CATALOGUE | REGRESSORS_IN_MEMORY
    for name in names:
        if name in streamed:
            continue
        base = name.split(":")[0]
        choices = ", ".join(streamed)
        known = base in in_memory or (near(base, in_memory) and not near(base, streamed))
        if not known and ":" not in name:
            raise UsageError(f"no model '{shown(name)}'.{near(base, streamed)}", do=f"choose from {choices}")
        raise UsageError(
            f"'{shown(name)}' needs all rows in memory at once: about {fits:,} rows of this table fit, there are "
            f"{rows:,}",
            where="--models",
            do=f"choose from {choices}, or give a part of the table",
        )
