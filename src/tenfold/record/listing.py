"""The runs that a folder holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tenfold.decimals import figure_text, figure_texts
from tenfold.errors import TenfoldError
from tenfold.record.entries.metrics import task_in
from tenfold.record.folder import RunFolder
from tenfold.record.run import Run, open_run
from tenfold.record.words.caveats import unsaved_reason
from tenfold.text import shown

__all__ = ["ListedRun", "list_runs", "run_rows"]


@dataclass(frozen=True)
class ListedRun:
    """One run in a list; what an unfinished or damaged one cannot tell is empty."""

    path: str
    state: str
    data: str = ""
    chosen: str = ""
    test_accuracy: float | None = None
    test_error: float | None = None
    low: float | None = None
    high: float | None = None
    interval: str = ""
    finished: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)

    @property
    def figure(self) -> tuple[str, dict[str, float | None]]:
        """Return the metric on the test part with its estimate: the accuracy, of a denoiser the mean error."""
        metric, value = ("accuracy", self.test_accuracy) if self.test_error is None else ("mae", self.test_error)
        return metric, {"value": value, "low": self.low, "high": self.high}


def run_rows(runs: Sequence[ListedRun]) -> list[tuple[str, ...]]:
    """Return the list as rows of text, the head first: run, data, chosen candidate, its figure on the test, state."""
    rows: list[tuple[str, ...]] = [("run", "data", "chosen", "on the test", "state")]
    for run, text in zip(runs, figure_texts(run.figure for run in runs), strict=True):
        off = "" if run.test_error is None else "off by "
        tested = "" if run.figure[1]["value"] is None else f"{off}{text.value} ({text.interval})"
        rows.append((shown(run.path, 40), shown(run.data, 24), shown(run.chosen, 24), tested, run.state))
    return rows


def list_runs(folder: Path) -> list[ListedRun]:
    """List the runs directly below a folder, by the time they were finished; unfinished ones last."""
    paths = sorted(p for p in folder.iterdir() if _is_run(RunFolder(p))) if folder.is_dir() else []
    return sorted(map(_listed, paths), key=lambda run: (run.finished == "", run.finished, run.path))


def _is_run(folder: RunFolder) -> bool:
    return folder.work.exists() or folder.manifest.exists()


def _state(run: Run) -> str:
    """A model that is not saved is no candidate that failed."""
    metrics = run.record.metrics
    failed = set(metrics.failed) - {"model"}
    unsaved = "" if unsaved_reason(metrics) is None else ", model not saved"
    return f"finished{unsaved}{', some parts failed' if failed else ''}"


def _listed(path: Path) -> ListedRun:
    if RunFolder(path).work.exists():
        return ListedRun(str(path), "unfinished")
    try:
        run = open_run(path)
        metrics, manifest = run.record.metrics, run.record.manifest
        key = task_in(metrics).headline
        estimate, is_error = metrics.test[key], key == "mae"
        return ListedRun(
            str(path),
            _state(run),
            manifest.data.name,
            run.chosen,
            None if is_error else estimate.value,
            estimate.value if is_error else None,
            estimate.low,
            estimate.high,
            figure_text(key, estimate).interval,
            manifest.finished,
        )
    except TenfoldError as fault:
        return ListedRun(str(path), f"damaged: {shown(fault, 60)}")
