"""A unit's result as the bytes of an ``.npz`` file: the same wherever the unit was done."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np

from tenfold.folds.unit import UnitResult

__all__ = ["pack_result", "unpack_result"]


def pack_result(result: UnitResult) -> bytes:
    """
    Give a unit's result as bytes.

    Parameters
    ----------
    result : UnitResult

    Examples
    --------
    >>> done = UnitResult(np.array([3]), np.array([1]), None, False, 0.5, 0.25, 0, ("no luck",))
    >>> again = unpack_result(pack_result(done))
    >>> again.positions.tolist(), again.scores, again.fit_seconds, again.complaints
    ([3], None, 0.5, ('no luck',))
    """
    arrays: dict[str, Any] = {"positions": result.positions, "predicted": result.predicted}
    arrays |= {} if result.scores is None else {"scores": result.scores}
    about = {
        "probabilities": result.probabilities,
        "fit_seconds": result.fit_seconds,
        "predict_seconds": result.predict_seconds,
        "peak_bytes": result.peak_bytes,
        "complaints": list(result.complaints),
    }
    buffer = io.BytesIO()
    np.savez(buffer, about=np.array(json.dumps(about)), **arrays)
    return buffer.getvalue()


def unpack_result(content: bytes) -> UnitResult:
    """
    Read what `pack_result` gave.

    Raises
    ------
    ValueError, KeyError, TypeError, zipfile.BadZipFile
        The bytes are something else.
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as kept:
        about = json.loads(str(kept["about"]))
        return UnitResult(
            kept["positions"],
            kept["predicted"],
            kept.get("scores"),
            **{**about, "complaints": tuple(about["complaints"])},
        )
