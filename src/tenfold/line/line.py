"""The straight line, written once: data to out-of-fold predictions, figures, a decision, a model, one test, files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from tenfold.candidates.entry import BASELINE
from tenfold.data.holdout import Ledger, OpenedTest, SealedTest, home_ledger, open_test_part
from tenfold.errors import ModelError, PartsFailedError, UsageError
from tenfold.folds.executor import Committed, Executor
from tenfold.folds.loop import Progress, do_units
from tenfold.folds.unit import Unit
from tenfold.line.clock import Clock
from tenfold.record.folder import RunFolder, held_folder
from tenfold.record.identity import Identity
from tenfold.record.run import Run, open_run
from tenfold.record.source import is_same_request
from tenfold.storage import write_whole

__all__ = ["Announced", "Finished", "Listener", "Steps", "execute"]


class Announced(Protocol):
    """A plan that is announced before any work."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """The plan in words."""
        ...


@dataclass(frozen=True)
class Listener:
    """
    What is called as a run goes on.

    Parameters
    ----------
    planned : callable
        With the plan, before any work.
    stage : callable
        With the name of each stage as it begins.
    progressed : callable
        With the progress of the out-of-fold loop.
    noted : callable
        With a line about the engine, such as a worker that is lost, or about reading that takes long.
    """

    planned: Callable[[Announced], None] = lambda plan: None
    stage: Callable[[str], None] = lambda name: None
    progressed: Callable[[Progress], None] = lambda progress: None
    noted: Callable[[str], None] = lambda line: None


class Prepared(Protocol):
    """Everything that is fixed before the first fit, as far as the line has to know it."""

    @property
    def plan(self) -> Announced:
        """What will be done."""
        ...

    @property
    def names(self) -> Sequence[str]:
        """The candidates, the baseline first."""
        ...

    @property
    def test(self) -> SealedTest[Any]:
        """The sealed test part."""
        ...


class UnitJob(Committed, Protocol):
    """Units of work in a folder."""

    def units(self, names: Sequence[str]) -> list[Unit]:
        """Return all units of these candidates."""
        ...


P = TypeVar("P", bound=Prepared)
J = TypeVar("J")
M = TypeVar("M")


@dataclass(frozen=True, eq=False)
class Finished(Generic[P, J, M]):
    """
    Everything that a run has come to; its files are written from it.

    Parameters
    ----------
    prepared : Prepared
    judgement : object
        Figures of all candidates, and the choice among them.
    failures : mapping of str to str
        Why a candidate, or the saving of the model, failed.
    model : object
        The chosen candidate, fitted on all training rows.
    test : object
        What the test part has shown.
    opened : OpenedTest
    seconds : mapping of str to float
        Of each stage.
    """

    prepared: P
    judgement: J
    failures: Mapping[str, str]
    model: M
    test: Any
    opened: OpenedTest[Any]
    seconds: Mapping[str, float]


class Steps(Protocol[P, J, M]):
    """
    What differs between runs: where the rows are, and what is made of them. The order of the steps does not.

    Each step is given what the steps before it have made.
    """

    @property
    def config(self) -> Any:
        """What is asked, as a config that can be written down."""
        ...

    def read_config(self, folder: RunFolder) -> Any:
        """Return the config of a finished run in this folder."""
        ...

    def executor(self, note: Callable[[str], None]) -> AbstractContextManager[tuple[Executor, int]]:
        """Return who does the units, and how many at a time, open until the units are done."""
        ...

    def prepare(self, folder: RunFolder, clock: Clock, places: int, note: Callable[[str], None]) -> P:
        """Load and check the data, seal the test part, make every choice that is left open, assign folds."""
        ...

    def identity(self, prepared: P) -> Identity:
        """Return what a resumed run must not change."""
        ...

    def job(self, folder: RunFolder, prepared: P) -> UnitJob:
        """Return the units to be done, written where workers find them."""
        ...

    def judge(self, folder: RunFolder, prepared: P, job: Any, failures: Mapping[str, str]) -> J:
        """Compute the figures of the candidates that did not fail, and choose one."""
        ...

    def fit(self, prepared: P, judgement: J) -> M:
        """Fit the chosen candidate on every training row."""
        ...

    def save(self, folder: RunFolder, prepared: P, judgement: J, model: M) -> None:
        """Write the model; raises ModelError where it cannot be saved."""
        ...

    def test(self, folder: RunFolder, prepared: P, judgement: J, model: M, rows: Any) -> Any:
        """Let the model predict the opened test part, once."""
        ...

    def study(self, folder: RunFolder, prepared: P, judgement: J, clock: Clock) -> None:
        """Make the studies that take seconds only."""
        ...

    def write(self, folder: RunFolder, finished: Finished[P, J, M]) -> None:
        """Write predictions, figures, config, manifest and page, the manifest last but for the page."""
        ...


def execute(
    steps: Steps[P, J, M], out: Path, *, listener: Listener | None = None, ledger: Ledger | None = None
) -> tuple[Run, M | None]:
    """
    Go the whole line and leave a run folder; resume what was started there before.

    Parameters
    ----------
    steps : Steps
    out : Path
        The run folder.
    listener : Listener, optional
    ledger : Ledger, optional
        Of test openings; the user's own by default.

    Returns
    -------
    run : Run
        Its figures name the candidates that failed, if any.
    model : object or None
        The fitted model, whether or not it could be saved; None where the same run was finished before.

    Raises
    ------
    TenfoldError
        Whatever is refused, with its exit code.
    """
    listener, ledger = listener or Listener(), ledger or home_ledger()
    clock = Clock(listener.stage)
    with held_folder(out) as folder:
        if folder.finished:
            return _finished_before(folder, steps), None
        ledger.refuse_unwritable()
        with steps.executor(listener.noted) as (executor, places):
            prepared = steps.prepare(folder, clock, places, listener.noted)
            listener.planned(prepared.plan)
            folder.claim(steps.identity(prepared))
            write_whole(folder.work / "asked.toml", steps.config.as_toml())
            with clock.stage("judge out of fold"):
                job = steps.job(folder, prepared)
                failures = _do_units(folder, job, prepared.names, executor, listener.progressed)
        with clock.stage("evaluate"):
            judgement = steps.judge(folder, prepared, job, failures)
        with clock.stage("final model"):
            model = steps.fit(prepared, judgement)
            failures |= _save(steps, folder, prepared, judgement, model)
        with clock.stage("test"):
            opened = open_test_part(prepared.test, ledger, folder.run_id(), f"final test of {folder.path.name}")
            test = steps.test(folder, prepared, judgement, model, opened.data)
        steps.study(folder, prepared, judgement, clock)
        with clock.stage("write"):
            steps.write(folder, Finished(prepared, judgement, failures, model, test, opened, clock.seconds))
    return open_run(out), model


def _finished_before(folder: RunFolder, steps: Steps[Any, Any, Any]) -> Run:
    """Return the finished run of the same request; that of another one is refused."""
    run = open_run(folder.path)
    if any(is_same_request(one, steps.config) for one in (run.manifest["asked"], steps.read_config(folder).as_dict())):
        return run
    raise UsageError(
        "this folder holds a finished run of another request", where=folder.path, do="choose another --out"
    )


def _do_units(
    folder: RunFolder, job: UnitJob, names: Sequence[str], executor: Executor, tell: Callable[[Progress], None]
) -> dict[str, str]:
    """Judge every candidate; it is fatal only when all but the baseline fail."""
    failures = do_units(job, job.units(names), executor, tell)
    if failures and set(names) - set(failures) <= {BASELINE} and len(names) > 1:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in failures.items())
        raise PartsFailedError(f"every candidate failed: {reasons}", where=folder.path)
    return failures


def _save(steps: Steps[P, J, M], folder: RunFolder, prepared: P, judgement: J, model: M) -> dict[str, str]:
    """Save the model, or return why it cannot be saved."""
    try:
        steps.save(folder, prepared, judgement, model)
    except ModelError as fault:
        return {"model": str(fault)}
    return {}
