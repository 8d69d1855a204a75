"""Curves and calibration of a streamed run, kept in its folder: its predictions are too many to be read for a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from tenfold.errors import DataError
from tenfold.figures import Calibration, ThresholdCurve
from tenfold.record.reading import read_run_arrays

__all__ = ["KeptCurves", "keep_curves", "read_curves"]

_CURVE = ("thresholds", "true_positives", "false_positives")
_CALIBRATION = ("mean_score", "observed", "low", "high", "n")


@dataclass(frozen=True, eq=False)
class KeptCurves:
    """
    What is drawn of one candidate's scores.

    Parameters
    ----------
    curves : tuple of ThresholdCurve
        Thinned; of a detector one, else one a class.
    calibration : Calibration or None
        Where the scores are probabilities.
    """

    curves: tuple[ThresholdCurve, ...]
    calibration: Calibration | None


def keep_curves(file: IO[bytes], curves: Mapping[str, KeptCurves]) -> None:
    """Write the curves of all candidates as an ``.npz`` file."""
    arrays: dict[str, Any] = {"candidates": np.array(json.dumps(list(curves)))}
    for place, one in enumerate(curves.values()):
        for c, curve in enumerate(one.curves):
            arrays |= {f"{place}.{c}.{name}": getattr(curve, name) for name in _CURVE}
            arrays[f"{place}.{c}.sizes"] = np.array([curve.positives, curve.negatives], np.int64)
        if one.calibration is not None:
            arrays |= {f"{place}.calibration.{name}": getattr(one.calibration, name) for name in _CALIBRATION}
    np.savez(file, **arrays)


def read_curves(path: Path) -> dict[str, KeptCurves]:
    """
    Read what `keep_curves` wrote.

    Raises
    ------
    DataError
        The file is damaged.
    """
    arrays = read_run_arrays(path, path.parent)
    try:
        names = json.loads(str(arrays["candidates"]))
        return {name: _of(arrays, place) for place, name in enumerate(names)}
    except (ValueError, KeyError, RecursionError) as fault:
        raise DataError(f"damaged: {fault}", where=path, do="repeat the run") from fault


def _of(arrays: Any, place: int) -> KeptCurves:
    curves: list[ThresholdCurve] = []
    while f"{place}.{len(curves)}.sizes" in arrays:
        start = f"{place}.{len(curves)}"
        positives, negatives = arrays[f"{start}.sizes"].tolist()
        thresholds, true, false = (arrays[f"{start}.{name}"] for name in _CURVE)
        curves.append(ThresholdCurve(thresholds, true, false, positives, negatives))
    calibrated = f"{place}.calibration.n" in arrays
    calibration = Calibration(*(arrays[f"{place}.calibration.{name}"] for name in _CALIBRATION)) if calibrated else None
    return KeptCurves(tuple(curves), calibration)
