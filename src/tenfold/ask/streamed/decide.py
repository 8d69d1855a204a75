"""A new decision for a finished run: in memory, or streamed from its files where its rows were streamed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tenfold.ask import decide as deciding
from tenfold.ask.decide import Redeciding
from tenfold.data.holdout import Ledger
from tenfold.decision.decision import Decision
from tenfold.decision.rule import Rule
from tenfold.figures import Evaluation
from tenfold.line.streamed.figures import Cost, Figures
from tenfold.line.streamed.final import evaluated_test
from tenfold.line.streamed.judgement import judge_streamed
from tenfold.line.streamed.predictions import write_streamed_predictions
from tenfold.record.run import Run, open_run
from tenfold.record.streamed_predictions import Redecided, answers_in, decided_anew
from tenfold.task import Task

__all__ = ["decide"]


def decide(path: Path, rule_text: str, draw_report: Callable[[Path], Any], ledger: Ledger | None = None) -> Run:
    """
    Choose the decision of a finished run again, as `tenfold.ask.decide.decide` does, however it was judged.

    Parameters are those of `tenfold.ask.decide.decide`.
    """
    streamed = open_run(path).streamed
    how = Redeciding(_decided_figures, _rewritten, _tested) if streamed else None
    return deciding.decide(path, rule_text, draw_report, ledger, how=how)


def _decided_figures(run: Run, task: Task, rule: Rule) -> dict[str, Figures]:
    figures = {}
    for name, one in run.record.metrics.candidates.items():
        cost = Cost(one.probabilities, (one.fit_seconds,), (one.predict_seconds,), one.peak_bytes)
        with _aside(run) as folder:
            figures[name] = judge_streamed(task, answers_in(run, task, name), cost, rule, folder)
    return figures


def _rewritten(run: Run, task: Task, figures: Mapping[str, Figures]) -> None:
    path = run.folder.out_of_fold
    decided = {name: _redecided(run, name, one.decision) for name, one in figures.items()}
    write_streamed_predictions(path, decided_anew(path, task, decided))


def _tested(run: Run, task: Task, decision: Decision) -> Evaluation:
    answers = answers_in(run, task, run.chosen, test=True)
    with _aside(run) as folder:
        evaluation = evaluated_test(task, answers, decision, folder)
    decided = {run.chosen: _redecided(run, run.chosen, decision)}
    write_streamed_predictions(run.folder.test, decided_anew(run.folder.test, task, decided))
    return evaluation


def _redecided(run: Run, candidate: str, decision: Decision) -> Redecided:
    record = run.record.metrics.candidates[candidate]
    return Redecided(record.decision.decision, decision, record.probabilities)


@contextmanager
def _aside(run: Run) -> Iterator[Path]:
    """A folder for sorting, in the run's own: a leftover of it is removed by whoever holds that next."""
    with tempfile.TemporaryDirectory(prefix=".part-", dir=run.path) as folder:
        yield Path(folder)
