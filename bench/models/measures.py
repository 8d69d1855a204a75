"""What is measured of one saved model: start, one row, 10,000 rows and bytes, beside the estimator that it was."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from bench.models.cases import Case, Fitted
from tenfold.errors import ModelError
from tenfold.models.denoising.grey_levels import whole_levels
from tenfold.models.threads import limited_to

__all__ = ["Line", "measure"]

_ONE_ROW_SECONDS = 0.4
_FEWEST_ROUNDS, _MOST_ROUNDS, _ROUND_SECONDS, _LONG_SECONDS = 3, 50, 1, 5
"""Of calls with one row, of model and estimator in turns."""
_PEAK, _NOISE = 16, "uniform"
_PROOF_ROWS = 1_000

_IMAGES = """
import sys
import numpy as np
import tenfold
tenfold.load_model(sys.argv[1]).predict(np.load(sys.argv[2]))
"""
_DENOISER = """
import sys
from pathlib import Path
import numpy as np
from tenfold.record.bundle.denoiser_files import load_denoiser
load_denoiser(Path(sys.argv[1])).restore(np.load(sys.argv[2]))
"""
_TABLE = """
import sys
from tenfold.cli import main
main(["predict", sys.argv[1], sys.argv[2], "--out", sys.argv[2] + ".predicted.csv"])
"""


@dataclass(frozen=True)
class Line:
    """
    A line of the table.

    Parameters
    ----------
    data, candidate : str
    rows : int
        Training rows.
    fit_seconds : float
    start_seconds : float
        A new process that loads the model and predicts one row.
    start_before : float or None
        The same of the model as scikit-learn objects; None where it cannot be kept so.
    row_ms, row_ms_before : float
        One row by the loaded model, and by the fitted estimator: medians.
    many_seconds, many_before : float
        10,000 rows, in one thread: the least of three.
    difference : float
        Largest difference of scores (of grey levels) relative to the largest.
    disagreements : int
        Of 10,000 rows (of a denoiser: of pixels), those predicted otherwise.
    bytes, bytes_before : int or None
        Of the model folder, and of that of scikit-learn objects.
    """

    data: str
    candidate: str
    rows: int
    fit_seconds: float
    start_seconds: float
    start_before: float | None
    row_ms: float
    row_ms_before: float
    many_seconds: float
    many_before: float
    difference: float
    disagreements: int
    bytes: int
    bytes_before: int | None


def measure(case: Case, folder: Path, starts: int = 3) -> Line:
    """Fit, save both ways, and measure; `folder` is empty and is written to."""
    begin = time.perf_counter()
    fitted = case.fit()
    fit_seconds = time.perf_counter() - begin
    new, old = folder / "new", folder / "old"
    model, estimate = _denoiser(fitted, new) if fitted.task is None else _classifier(fitted, new, old)
    kept = old.exists()
    predict = model.restore if fitted.task is None else model.predict
    one = fitted.queries[:1]
    row_file, script = _write_row(one, folder, fitted)
    seconds = _starts(script, [new, *([old] if kept else [])], row_file, folder, starts)
    with limited_to(1):
        row, row_before = _alternating(lambda: predict(one), lambda: estimate(one))
        scores = model.restore if fitted.task is None else model.predictions
        (many, after), (before, expected) = _least(lambda: scores(fitted.queries), lambda: estimate(fitted.queries))
        difference, disagreements = _compared(fitted, after, expected)
    return Line(
        case.data, case.candidate, case.rows, fit_seconds, seconds[0], seconds[1] if kept else None,
        1e3 * row, 1e3 * row_before, many, before, difference, disagreements,
        _bytes(new), _bytes(old) if kept else None,
    )  # fmt: skip


def _classifier(fitted: Fitted, new: Path, old: Path) -> tuple[Any, Callable[[Any], Any]]:
    import tenfold
    from tenfold.record.bundle import save

    classifier, task = fitted.model, fitted.task
    assert task is not None
    save(classifier, new, golden=fitted.training)
    with suppress(ModelError):
        save(classifier, old, golden=fitted.training, codec="skops")
    return tenfold.load_model(new), lambda rows: task.predict(classifier.model, rows)


def _denoiser(fitted: Fitted, new: Path) -> tuple[Any, Callable[[Any], Any]]:
    from tenfold.record.bundle.denoiser import lower_denoiser
    from tenfold.record.bundle.denoiser_files import load_denoiser, save_denoiser

    saved = lower_denoiser("bench", fitted.model, fitted.training[:_PROOF_ROWS], peak=_PEAK, noise=_NOISE)
    save_denoiser(saved, new, fitted.training)
    return load_denoiser(new), lambda rows: whole_levels(fitted.model.predict(rows), _PEAK)


def _write_row(one: Any, folder: Path, fitted: Fitted) -> tuple[Path, str]:
    if isinstance(one, np.ndarray):
        np.save(folder / "row.npy", one)
        return folder / "row.npy", _DENOISER if fitted.task is None else _IMAGES
    one.to_csv(folder / "row.csv", index=False)
    return folder / "row.csv", _TABLE


def _starts(script: str, models: list[Path], row: Path, home: Path, count: int) -> list[float]:
    """Median seconds of new processes, the models in turns; the first round is left out: it compiles and trusts."""
    environment = {**os.environ, "XDG_STATE_HOME": str(home / "state"), "OMP_NUM_THREADS": "1"}
    seconds: list[list[float]] = [[] for _ in models]
    for number in range(count + 1):
        for each, model in zip(seconds, models, strict=True):
            begin = time.perf_counter()
            words = [sys.executable, "-c", script, str(model), str(row)]
            subprocess.run(words, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if number:
                each.append(time.perf_counter() - begin)
    return [median(each) for each in seconds]


def _alternating(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[float, float]:
    """Median seconds of each of two, called in turns."""
    first(), second()
    taken: tuple[list[float], list[float]] = ([], [])
    end = time.perf_counter() + _ONE_ROW_SECONDS
    while time.perf_counter() < end or len(taken[0]) < 5:
        for work, seconds in zip((first, second), taken, strict=True):
            begin = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - begin)
    return median(taken[0]), median(taken[1])


def _least(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[tuple[float, Any], tuple[float, Any]]:
    """Least seconds of each of two, called in turns, and what it returns; what takes long is called seldom."""
    least, results = [float("inf"), float("inf")], [None, None]
    begun, rounds = time.perf_counter(), 0
    while rounds < _FEWEST_ROUNDS or (rounds < _MOST_ROUNDS and time.perf_counter() - begun < _ROUND_SECONDS):
        rounds += 1
        for number, work in enumerate((first, second)):
            begin = time.perf_counter()
            results[number] = work()
            least[number] = min(least[number], time.perf_counter() - begin)
        if time.perf_counter() - begun > _LONG_SECONDS:
            break
    return (least[0], results[0]), (least[1], results[1])


def _compared(fitted: Fitted, after: Any, before: Any) -> tuple[float, int]:
    if fitted.task is None:
        apart = np.abs(after.astype(np.int16) - before)
        return float(apart.max()) / _PEAK, int((apart > 0).sum())
    rows = (after.predicted != before.predicted).reshape(len(after.predicted), -1).any(axis=1)
    if before.scores is None:
        return 0.0, int(rows.sum())
    scale = max(1e-300, float(np.abs(before.scores).max()))
    return float(np.abs(after.scores - before.scores).max()) / scale, int(rows.sum())


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())
