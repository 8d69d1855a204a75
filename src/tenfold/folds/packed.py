"""What came of a unit as the bytes of an ``.npz`` file: the same wherever the unit was done."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from tenfold.folds.nearest import NearestRows
from tenfold.folds.unit import UnitResult

__all__ = ["pack_results", "unpack_results"]

_SCALARS = ("probabilities", "fit_seconds", "predict_seconds", "peak_bytes", "complaints")


def pack_results(results: Sequence[UnitResult]) -> bytes:
    """
    Give the results of a unit, one a setting, as bytes.

    Parameters
    ----------
    results : sequence of UnitResult
        All of the same rows.

    Examples
    --------
    >>> done = UnitResult(np.array([3]), np.array([1]), None, False, 0.5, 0.25, 0, ("no luck",))
    >>> (again,) = unpack_results(pack_results([done]))
    >>> again.positions.tolist(), again.scores, again.fit_seconds, again.complaints
    ([3], None, 0.5, ('no luck',))
    """
    arrays: dict[str, Any] = {"positions": results[0].positions}
    for number, result in enumerate(results):
        arrays[f"predicted:{number}"] = result.predicted
        arrays |= {} if result.scores is None else {f"scores:{number}": result.scores}
    nearest = results[0].nearest
    arrays |= {} if nearest is None else {"nearest": nearest.rows, "distances": nearest.distances}
    about = [{name: getattr(result, name) for name in _SCALARS} for result in results]
    buffer = io.BytesIO()
    np.savez(buffer, about=np.array(json.dumps(about)), **arrays)
    return buffer.getvalue()


def unpack_results(content: bytes) -> tuple[UnitResult, ...]:
    """
    Read what `pack_results` gave.

    Raises
    ------
    ValueError, KeyError, TypeError, zipfile.BadZipFile
        The bytes are something else.
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        nearest = NearestRows(arrays["nearest"], arrays["distances"]) if "nearest" in arrays else None
        return tuple(
            UnitResult(
                arrays["positions"],
                arrays[f"predicted:{number}"],
                arrays.get(f"scores:{number}"),
                **{**about, "complaints": tuple(about["complaints"])},
                nearest=nearest if number == 0 else None,
            )
            for number, about in enumerate(json.loads(str(arrays["about"])))
        )
