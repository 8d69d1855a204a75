"""What the page draws of streamed scores: curves thinned to what an eye sees, and whether probabilities are right."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from tenfold.figures import Calibration, ThresholdCurve, thinned
from tenfold.figures.curves.stretches import joined_stretches
from tenfold.figures.intervals.closed import wilson
from tenfold.figures.streamed.predictions import StreamedAnswers
from tenfold.figures.streamed.ranking import stretches
from tenfold.line.streamed.figures import Figures
from tenfold.record.curves import KeptCurves, keep_curves
from tenfold.storage import writing

__all__ = ["write_curves"]

_POINTS, _STRETCH_POINTS = 2_000, 4_000
_BINS = 20


def write_curves(path: Path, candidates: Mapping[str, Figures]) -> None:
    """
    Write the thinned curves of each candidate, one a score column, and its calibration where it gives probabilities.

    Every point that is kept is an exact one. The bins of the calibration have about equal counts; what is counted in
    them is exact.
    """
    curves = {}
    for name, figures in candidates.items():
        calibrated = _calibration(figures.answers, figures) if figures.result.probabilities else None
        curves[name] = KeptCurves(_curves(figures), calibrated)
    with writing(path) as draft, draft.open("wb") as file:
        keep_curves(file, curves)


def _curves(figures: Figures) -> tuple[ThresholdCurve, ...]:
    class_rows = figures.streamed.survey.counts.sum(axis=1)
    return tuple(
        thinned(joined_stretches([thinned(one, _STRETCH_POINTS) for one in stretches(column, class_rows)]), _POINTS)
        for column in figures.streamed.survey.ordered
    )


def _calibration(answers: StreamedAnswers, figures: Figures) -> Calibration:
    """Of a detector the score of its class; of several classes that of the answer given, and whether it is right."""
    sample = figures.streamed.survey.sample.max(axis=1)
    edges = np.unique(np.sort(sample)[np.arange(1, _BINS) * len(sample) // _BINS])
    rows, positives, total = (np.zeros(len(edges) + 1) for _ in range(3))
    for block in answers.blocks():
        scores = block.scores.max(axis=1)
        happened = block.y == 1 if answers.score_columns == 1 else answers.predicted(block) == block.y
        place = np.searchsorted(edges, scores, side="right")
        rows += np.bincount(place, minlength=len(rows))
        positives += np.bincount(place, happened, len(rows))
        total += np.bincount(place, scores, len(rows))
    used = rows > 0
    rows, positives, total = rows[used], positives[used], total[used]
    low, high = wilson(positives, rows)
    return Calibration(total / rows, positives / rows, low, high, rows.astype(np.int64))
