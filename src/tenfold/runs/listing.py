"""The runs that a folder holds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tenfold.errors import TenfoldError
from tenfold.runs.caveats import unsaved_reason
from tenfold.runs.denoised import grey, is_denoised
from tenfold.runs.folder import RunFolder
from tenfold.runs.opened import Run, open_run
from tenfold.runs.verdict import headline, percent, range_of
from tenfold.text import shown

__all__ = ["ListedRun", "list_runs"]


@dataclass(frozen=True)
class ListedRun:
    """One run in a list; what an unfinished or damaged one cannot tell is empty."""

    path: str
    state: str
    data: str = ""
    chosen: str = ""
    test_accuracy: float | None = None
    test_error: float | None = None
    interval: str = ""
    finished: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return asdict(self)

    def cells(self) -> tuple[str, ...]:
        """Give the cells of its row."""
        return (shown(self.path, 40), shown(self.data, 24), shown(self.chosen, 24), self._tested(), self.state)

    def _tested(self) -> str:
        """Accuracy; of a denoiser the mean error."""
        if self.test_error is not None:
            return f"off by {grey(self.test_error)} ({self.interval})"
        return "" if self.test_accuracy is None else f"{percent(self.test_accuracy)} ({self.interval})"


def list_runs(folder: Path) -> list[ListedRun]:
    """List the runs directly below a folder, by the time they were finished; unfinished ones last."""
    paths = sorted(p for p in folder.iterdir() if _is_run(RunFolder(p))) if folder.is_dir() else []
    return sorted(map(_listed, paths), key=lambda run: (run.finished == "", run.finished, run.path))


def _is_run(folder: RunFolder) -> bool:
    return folder.work.exists() or folder.manifest.exists()


def _state(run: Run) -> str:
    """A model that is not saved is no candidate that failed."""
    failed = set(run.metrics["failed"]) - {"model"}
    unsaved = "" if unsaved_reason(run.metrics) is None else ", model not saved"
    return f"finished{unsaved}{', some parts failed' if failed else ''}"


def _listed(path: Path) -> ListedRun:
    if RunFolder(path).work.exists():
        return ListedRun(str(path), "unfinished")
    try:
        run = open_run(path)
        figure = "mae" if is_denoised(run.metrics) else headline(run.metrics)
        tested = run.metrics["test"][figure]
        return ListedRun(
            str(path),
            _state(run),
            run.manifest["data"]["name"],
            run.chosen,
            None if figure == "mae" else tested["value"],
            tested["value"] if figure == "mae" else None,
            range_of(figure, tested),
            run.manifest["finished"],
        )
    except (TenfoldError, KeyError) as fault:
        return ListedRun(str(path), f"damaged: {shown(fault, 60)}")
