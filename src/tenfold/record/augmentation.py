"""Training rows grown: how many each model has learnt from, for the figures of a run and in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.augmentation import augmented_bytes, copies_of
from tenfold.candidates.entry import Candidate
from tenfold.candidates.setting import Setting
from tenfold.errors import LimitError
from tenfold.memory import machine_bytes
from tenfold.text import byte_count, shown

__all__ = ["growth_entry", "growth_plan", "growth_sentence", "growth_words"]

_BY = {"shift": "one-pixel shifts"}


def growth_plan(candidates: Mapping[str, Candidate], setting: Setting) -> str | None:
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
    held = {name: augmented_bytes(one, setting) for name, one in candidates.items()}
    most, room = max(held, key=lambda name: held[name]), machine_bytes()
    if 0 < room < held[most]:
        raise LimitError(
            f"--augment {how}: {shown(most, 40)} would hold at least {byte_count(held[most])} of grown images, this "
            f"machine has {byte_count(room)}",
            do="leave that candidate out with --models, or leave out --augment",
        )
    return (
        f"What is learnt from is grown by {_BY[how]}, all {setting.rows:,} images to {_times(how, setting.rows):,}; "
        f"the judged images never are. {shown(most, 40)} will hold at least {byte_count(held[most])} of them at a time."
    )


def growth_entry(how: str | None, folds: NDArray[np.int16]) -> dict[str, Any]:
    """
    Lay out for ``metrics.json`` what models learnt from; nothing where rows were not grown.

    Parameters
    ----------
    how : str or None
    folds : ndarray of int16, shape (n,)

    Examples
    --------
    >>> growth_entry("shift", np.array([0, 1, 1]))["augment"]["folds"]
    [{'rows': 2, 'grown': 10}, {'rows': 1, 'grown': 5}]
    """
    if how is None:
        return {}
    learnt = len(folds) - np.bincount(folds)
    counts = [{"rows": rows, "grown": _times(how, rows)} for rows in (*map(int, learnt), len(folds))]
    return {"augment": {"how": how, "folds": counts[:-1], "model": counts[-1]}}


def growth_words(metrics: Mapping[str, Any]) -> str | None:
    """
    Say in a few words what the models of the folds learnt from; None where rows were not grown.

    Parameters
    ----------
    metrics : mapping
        Content of ``metrics.json``.

    Examples
    --------
    >>> growth_words(growth_entry("shift", np.arange(60_000) % 5))
    '48,000 images grown to 240,000 by one-pixel shifts'
    """
    augment = metrics.get("augment")
    if augment is None:
        return None
    rows, many = (_between(augment["folds"], key) for key in ("rows", "grown"))
    return f"{rows} images grown to {many} by {_BY[augment['how']]}"


def growth_sentence(metrics: Mapping[str, Any]) -> str | None:
    """
    Say what models learnt from; None where rows were not grown.

    Parameters
    ----------
    metrics : mapping
        Content of ``metrics.json``.
    """
    words = growth_words(metrics)
    if words is None:
        return None
    model = metrics["augment"]["model"]
    return (
        f"Each fold was answered by a model of {words}, the saved model is one of {model['rows']:,} grown to "
        f"{model['grown']:,}; judged and tested were images as they came."
    )


def _times(how: str, rows: int) -> int:
    return copies_of(how) * rows


def _between(counts: list[dict[str, int]], key: str) -> str:
    least, most = (end(one[key] for one in counts) for end in (min, max))
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"
