"""What a program may predict, whatever its file holds."""

from __future__ import annotations

from typing import Any

import numpy as np

from tenfold.program.program import Program
from tenfold.program.values import Classes, Matrix


def is_known(program: Program, values: dict[str, Any]) -> bool:
    """Whether predictions are finite, and of classes that the program says there are."""
    kind, predicted = program.types[program.outputs.predicted], values["predicted"]
    if not isinstance(kind, Matrix):
        below = kind.count if isinstance(kind, Classes) else 2
        if predicted.dtype != np.int64 or ((predicted < 0) | (predicted >= below)).any():
            return False
    scores = values.get("scores")
    return bool(np.isfinite(predicted).all()) and (scores is None or bool(np.isfinite(scores).all()))
