"""The rules of the line, with steps that cost nothing: order, resuming, failures, the one look at the test part."""

import json
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest

from tenfold.data.holdout import Ledger, SealedTest
from tenfold.errors import BusyError, DataError, ModelError, PartsFailedError, UsageError
from tenfold.folds.executor import Outcome
from tenfold.folds.unit import Unit
from tenfold.line.line import Listener, execute
from tenfold.record.config import RunConfig, read_config
from tenfold.record.identity import Identity

NAMES = ("baseline", "good", "odd")


def metrics_of(finished):
    """The figures of one candidate, which is right on half of four rows."""
    half = {"accuracy": {"value": 0.5, "low": 0.1, "high": 0.9, "n": 4, "interval": "Wilson 95%"}}
    counts = [[1, 1], [1, 1]]
    decision = {"rule": "argmax", "kind": "argmax", "threshold": None, "positive": "b", "confidence": None}
    figures = {"confusion_matrix": counts, "out_of_fold": half}
    cost = {"probabilities": True, "fit_seconds": 0.0, "predict_seconds": 0.0, "peak_bytes": 0}
    good = {**figures, "decision": {**decision, **figures}, **cost, "difference_to_best": None, "tied_with_best": True}
    about = {"schema": 1, "task": "binary", "target": None, "classes": ["a", "b"], "positive": "b"}
    chosen = {"metric": "accuracy", "chosen": "good", "candidates": {"good": good}, "failed": dict(finished.failures)}
    tests = {"test": half, "test_confusion_matrix": counts, "test_openings": finished.opened.openings.count}
    return {**about, **chosen, **tests, "test_baseline": half, "warnings": []}


def manifest_of(config, finished):
    data = {"name": "memory", "kind": "table", "source": "memory", "rows": 4, "fingerprint": "f", "image_shape": None}
    test = {"rows": 10, "how": "at random", "key": "k", "instances": "d", "openings": 1}
    machine = {"system": "any", "processor": "any", "cores": 1}
    return {
        "schema": 1, "run": "run", "finished": "2026-11-28T00:00:00+00:00", "asked": config, "config": config,
        "data": {**data, "columns": [], "target": [], "notes": []}, "training_rows": 4, "test": test,
        "columns_unused": [], "findings": [], "versions": {}, "machine": machine, "engine": "local",
        "seconds": dict(finished.seconds),
    }  # fmt: skip


@dataclass
class Units:
    """Units that are files: empty ones, committed by `Doer`."""

    folder: object
    folds: int = 2

    def units(self, names):
        return [Unit(name, fold) for name in names for fold in range(self.folds)]

    def finished(self, unit):
        return (self.folder / f"{unit.candidate}.{unit.fold}").exists()

    def seconds(self, unit):
        return 1.0


@dataclass
class Doer:
    """Commits each unit, or fails it, or is stopped after so many."""

    failures: Mapping[str, str] = field(default_factory=dict)
    stops_after: int = 99
    done: list = field(default_factory=list)

    def outcomes(self, job, units):
        for unit in units:
            if len(self.done) == self.stops_after:
                raise KeyboardInterrupt
            self.done.append(unit)
            failure = self.failures.get(unit.candidate)
            if failure is None:
                (job.folder / f"{unit.candidate}.{unit.fold}").touch()
            yield Outcome(unit, failure)


@dataclass(eq=False)
class Fake:
    """Steps that write down when they are taken, and what they were given."""

    config: RunConfig = field(default_factory=lambda: RunConfig("memory"))
    data: str = "one"
    doer: Doer = field(default_factory=Doer)
    unsaved: str | None = None
    fails_at: str = ""
    taken: list = field(default_factory=list)

    def read_config(self, folder):
        return read_config(folder.config, folder.path)

    def executor(self, note):
        return nullcontext((self.doer, 1))

    def step(self, name):
        self.taken.append(name)
        if name == self.fails_at:
            raise KeyboardInterrupt

    def prepare(self, folder, clock, places, note):
        with clock.stage("load"):
            self.step("prepare")
        test = SealedTest(lambda: "rows", 10, how="at random", key="k" * 64, ids_digest="d" * 64)
        return SimpleNamespace(plan=SimpleNamespace(sentences=("what will be done",)), names=NAMES, test=test)

    def identity(self, prepared):
        return Identity({"the data": self.data}, {})

    def job(self, folder, prepared):
        units = folder.work / "units"
        units.mkdir(parents=True, exist_ok=True)
        return Units(units)

    def judge(self, folder, prepared, job, failures):
        self.step("judge")
        assert all(job.finished(unit) for unit in job.units([name for name in NAMES if name not in failures]))
        return "good"

    def fit(self, prepared, judgement):
        self.step("fit")
        return "model"

    def save(self, folder, prepared, judgement, model):
        self.step("save")
        if self.unsaved is not None:
            raise ModelError(self.unsaved)

    def test(self, folder, prepared, judgement, model, rows):
        self.step("test")
        assert (judgement, model, rows) == ("good", "model", "rows")
        return {}

    def study(self, folder, prepared, judgement, clock):
        self.step("study")

    def write(self, folder, finished):
        self.step("write")
        folder.metrics.write_text(json.dumps(metrics_of(finished)))
        folder.out_of_fold.touch()
        folder.config.write_text(self.config.as_toml())
        folder.manifest.write_text(json.dumps(manifest_of(self.config.as_dict(), finished)))
        folder.clear_work()


@pytest.fixture
def go(tmp_path):
    def run(steps, **more):
        return execute(steps, tmp_path / "run", ledger=Ledger(tmp_path / "ledger"), **more)

    return run


def test_the_steps_are_taken_in_order_and_each_is_told(go):
    steps, stages, plans = Fake(), [], []
    run, model = go(steps, listener=Listener(planned=plans.append, stage=stages.append))
    assert steps.taken == ["prepare", "judge", "fit", "save", "test", "study", "write"]
    assert stages == ["load", "judge out of fold", "evaluate", "final model", "test", "write"]
    assert list(run.manifest["seconds"]) == stages[:-1]
    assert plans[0].sentences == ("what will be done",)
    assert model == "model"


def test_a_resumed_run_does_the_missing_units_only(go):
    with pytest.raises(KeyboardInterrupt):
        go(Fake(doer=Doer(stops_after=4)))
    again = Fake()
    go(again)
    assert len(again.doer.done) == 2


@pytest.mark.parametrize("moment", ["judge", "fit", "save"])
def test_before_the_test_part_is_opened_an_interrupt_costs_no_opening(go, moment):
    with pytest.raises(KeyboardInterrupt):
        go(Fake(fails_at=moment))
    run, _ = go(Fake())
    assert run.metrics["test_openings"] == 1


@pytest.mark.parametrize("moment", ["test", "study", "write"])
def test_one_run_that_is_resumed_opens_the_test_part_once(go, moment):
    with pytest.raises(KeyboardInterrupt):
        go(Fake(fails_at=moment))
    run, _ = go(Fake())
    assert run.metrics["test_openings"] == 1


def test_other_data_are_not_mixed_with_what_was_begun(go):
    with pytest.raises(KeyboardInterrupt):
        go(Fake(doer=Doer(stops_after=3)))
    other = Fake(data="two")
    with pytest.raises(DataError, match="has changed: the data"):
        go(other)
    assert not other.doer.done


def test_a_finished_run_is_not_done_again_and_another_request_is_refused(go):
    first, _ = go(Fake())
    again = Fake()
    run, model = go(again)
    assert (again.taken, model, run.path) == ([], None, first.path)
    with pytest.raises(UsageError, match="finished run of another request"):
        go(Fake(config=RunConfig("memory", seed=1)))


def test_a_candidate_that_fails_costs_itself_alone(go):
    run, _ = go(Fake(doer=Doer({"odd": "it broke"})))
    assert run.metrics["failed"] == {"odd": "fold 1: it broke"}


def test_it_is_fatal_when_all_but_the_baseline_fail(go):
    steps = Fake(doer=Doer({"odd": "it broke", "good": "it too"}))
    with pytest.raises(PartsFailedError, match=r"every candidate failed: .*good: fold 1: it too"):
        go(steps)
    assert steps.taken == ["prepare"]


def test_a_baseline_that_fails_is_not_fatal(go):
    run, _ = go(Fake(doer=Doer({"baseline": "odd labels"})))
    assert list(run.metrics["failed"]) == ["baseline"]


def test_a_model_that_cannot_be_saved_is_said_and_tested_all_the_same(go):
    run, model = go(Fake(unsaved="it holds a mine.Net"))
    assert run.metrics["failed"] == {"model": "it holds a mine.Net."}
    assert model == "model"


def test_two_processes_do_not_write_one_run(go, tmp_path):
    class Meanwhile(Fake):
        def fit(self, prepared, judgement):
            with pytest.raises(BusyError, match="held by process"):
                go(Fake())
            return super().fit(prepared, judgement)

    go(Meanwhile())


def test_a_ledger_that_cannot_be_written_is_refused_before_any_work(tmp_path):
    (tmp_path / "file").touch()
    steps = Fake()
    with pytest.raises(Exception, match="file"):
        execute(steps, tmp_path / "run", ledger=Ledger(tmp_path / "file" / "ledger"))
    assert not steps.taken


def test_another_engine_may_finish_what_one_began(go):
    with pytest.raises(KeyboardInterrupt):
        go(Fake(doer=Doer(stops_after=1)))
    other = Fake(doer=Doer())
    go(replace(other, config=RunConfig("memory")))
    assert len(other.doer.done) == 5
