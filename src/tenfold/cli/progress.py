"""How far a run is: a bar on a terminal, plain lines elsewhere, always on standard error."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from tenfold.cli.terminal import progress_line
from tenfold.output import console
from tenfold.text import printable

if TYPE_CHECKING:
    from tenfold.folds.loop import Progress
    from tenfold.line.line import Announced, Listener

__all__ = ["RunProgress"]


class RunProgress:
    """
    Shows the plan, then a line a unit with the time spent and the time left.

    Parameters
    ----------
    silent : bool
        Show nothing.
    """

    def __init__(self, *, silent: bool) -> None:
        self._silent = silent
        self._bar: Any = None
        self._task: Any = None
        self._start = time.perf_counter()
        self._share_at_start = 0.0

    @property
    def listener(self) -> Listener:
        """What the run is to call."""
        from tenfold.line.line import Listener

        return Listener() if self._silent else Listener(self._planned, self._stage, self._progressed, self._print)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close_bar()

    def _planned(self, plan: Announced) -> None:
        for sentence in plan.sentences:
            progress_line(sentence)

    def _stage(self, name: str) -> None:
        if name not in {"load", "check", "judge out of fold"}:
            self._close_bar()
            progress_line(f"{name} …")

    def _progressed(self, progress: Progress) -> None:
        if progress.unit is None:
            self._start, self._share_at_start = time.perf_counter(), progress.share
            if progress.done:
                progress_line(f"Resumed: {progress.done} of {progress.total} units were finished before.")
            self._open_bar(progress)
            return
        name = f"{progress.unit.candidate}, fold {progress.unit.fold + 1}"
        if progress.failure is not None:
            self._print(f"{name} failed: {progress.failure}")
        else:
            self._print(f"[{progress.done}/{progress.total}] {name}: {self._times(progress.share)}")
        if self._bar is not None:
            units = f"{progress.done}/{progress.total}"
            self._bar.update(self._task, completed=progress.share, units=units, left=self._left(progress.share))

    def _times(self, share: float) -> str:
        return f"{time.perf_counter() - self._start:.0f} s, {self._left(share)}"

    def _left(self, share: float) -> str:
        fresh = share - self._share_at_start
        left = (time.perf_counter() - self._start) * max(1 - share, 0) / fresh if fresh > 0 else 0.0
        return f"about {left:.0f} s left"

    def _print(self, line: str) -> None:
        if self._bar is not None:
            self._bar.console.print(printable(line), markup=False, highlight=False)
        else:
            progress_line(line)

    def _open_bar(self, progress: Progress) -> None:
        if not sys.stderr.isatty():
            return
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        columns = (
            BarColumn(30),
            TextColumn("{task.fields[units]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
        )
        self._bar = Bar(*columns, console=console(), transient=True)
        units = f"{progress.done}/{progress.total}"
        self._task = self._bar.add_task("", total=1.0, completed=progress.share, units=units, left="")
        self._bar.start()

    def _close_bar(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
