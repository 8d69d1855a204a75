"""A streamed run of quantities from end to end: figures, intervals, decisions and model are those in memory."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

from tenfold.candidates.scores import Predictions
from tenfold.decision.quantities import choose_quantity_decision
from tenfold.decision.rule import parse_rule
from tenfold.record.run import Run, open_run
from tenfold.show import content
from tenfold.show.sections.quantities.predicted import predicted_view
from tests.cli.conftest import refused, tenfold
from tests.data.streamed.tables import parts, table

__all__ = ["refused", "tenfold"]

ROWS = 1500


def quantities(rows: int, seed: int = 0) -> pd.DataFrame:
    """A table whose target is a number with a spread that grows with one column."""
    made, rng = table(rows, seed=seed), np.random.default_rng(seed)
    spread = np.exp(made["x0"])
    made["y"] = np.round(50 + 4 * made["x0"] - 3 * made["x2"] + spread * rng.normal(size=rows), 4)
    return made


def run_words(source: Path, out: Path, *words: str) -> list[str]:
    """The command of a run."""
    start = [sys.executable, "-m", "tenfold", "run", str(source), "--target", "y", "--stream"]
    return [*start, "--jobs", "1", "--cv", "3", "--out", str(out), *words]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run by defaults."""
    folder = tmp_path_factory.mktemp("quantities")
    source = parts(quantities(ROWS), folder / "table")
    home = {**os.environ, "XDG_STATE_HOME": str(folder / "home")}
    done = subprocess.run(run_words(source, folder / "r"), capture_output=True, text=True, env=home, check=False)
    assert done.returncode == 0, done.stderr
    return open_run(folder / "r")


def own(run: Run, lines: pd.DataFrame, candidate: str) -> Predictions:
    """What a candidate itself predicted, from its lines."""
    decision = run.record.metrics.candidates[candidate].decision.decision
    at = Predictions(lines["predicted"].to_numpy(), lines[["low", "high", "difficulty"]].to_numpy(), False)
    own_predictions: Predictions = run.task.revert(decision, at)
    return own_predictions


def test_figures_and_decisions_are_those_of_the_predictions_in_memory(run: Run) -> None:
    assert list(run.out_of_fold["candidate"].unique()) == ["baseline", "linear", "sgd", "boosting"]
    for name, record in run.record.metrics.candidates.items():
        lines = run.out_of_fold.query("candidate == @name")
        y, mine = lines["true"].to_numpy(), own(run, lines, name)
        decision = choose_quantity_decision(parse_rule("argmax"), y, mine.predicted, mine.scores)
        told = record.decision.decision
        assert told.interval is not None
        assert decision.interval is not None
        assert told.interval.below == pytest.approx(decision.interval.below)
        assert told.interval.above == pytest.approx(decision.interval.above)
        assert (told.interval.scaled, told.interval.positive) == (decision.interval.scaled, decision.interval.positive)
        at = run.task.apply(told, mine)
        known = run.task.evaluate(
            y, at.predicted, at.scores, probabilities=False, fold=lines["fold"].to_numpy(), decision=told
        )
        assert record.decision.out_of_fold.keys() == known.metrics.keys()
        for key, one in known.metrics.items():
            mine_of_key = record.decision.out_of_fold[key]
            assert mine_of_key.value == pytest.approx(one.value, rel=1e-9), key
            assert mine_of_key.folds == pytest.approx(one.folds, rel=1e-9), key
            if one.low is not None:
                assert (mine_of_key.low, mine_of_key.high) == pytest.approx((one.low, one.high), rel=1e-7), key


def test_least_squares_are_those_of_scikit_learn_fold_by_fold(run: Run) -> None:
    lines = run.out_of_fold.query("candidate == 'linear'").reset_index(drop=True)
    source = Path(str(run.manifest["config"]["source"]))
    rows = pd.concat([pd.read_parquet(part) for part in sorted(source.glob("*.parquet"))], ignore_index=True)
    rows = rows.iloc[lines["row"].to_numpy()].reset_index(drop=True)
    numbers = [name for name in rows.columns if name.startswith("x") or name == "count"]
    for fold in range(int(lines["fold"].max()) + 1):
        learn, held_out = (lines["fold"] != fold).to_numpy(), (lines["fold"] == fold).to_numpy()
        X = prepared(rows, numbers, learn)
        line = LinearRegression().fit(X[learn], rows["y"][learn])
        assert lines["predicted"][held_out].to_numpy() == pytest.approx(line.predict(X[held_out]), rel=1e-9)


def prepared(rows: pd.DataFrame, numbers: list[str], learn: Any) -> Any:
    """Gaps filled with the mean of the rows that are learnt from and marked, texts one-hot."""
    X = rows[numbers].astype(float)
    gaps = X.columns[X[learn].isna().any()]
    marks = X[gaps].isna().add_suffix(" missing").astype(float)
    texts = pd.get_dummies(rows["colour"].fillna("none")).astype(float)
    return pd.concat([X.fillna(X[learn].mean()), marks, texts], axis=1).to_numpy()


def test_what_varies_in_spread_gets_intervals_of_several_widths_that_hold_on_the_test_part(run: Run) -> None:
    decision = run.record.metrics.chosen_record.decision.decision
    assert decision.interval is not None
    assert decision.interval.scaled
    coverage = run.record.metrics.test["coverage"]
    assert coverage.high is not None
    assert coverage.high >= 0.9
    own_error, baseline_error = (
        part["rmse"].value for part in (run.record.metrics.test, run.record.metrics.test_baseline)
    )
    assert own_error is not None
    assert baseline_error is not None
    assert own_error < baseline_error
    assert run.record.manifest.streamed is not None


def test_the_model_predicts_a_streamed_table_as_one_in_memory(run: Run, tenfold: Any, tmp_path: Path) -> None:
    source = run.manifest["config"]["source"]
    for name, words in (("a.parquet", ("--stream",)), ("b.csv", ())):
        assert tenfold("predict", run.path, source, "--out", tmp_path / name, *words)[0] == 0
    streamed, in_memory = pd.read_parquet(tmp_path / "a.parquet"), pd.read_csv(tmp_path / "b.csv")
    for column in ("predicted", "low", "high"):
        assert streamed[column].to_numpy() == pytest.approx(in_memory[column].to_numpy(), rel=1e-12)
    of_test = streamed.iloc[run.test["row"].to_numpy()]
    assert of_test["predicted"].tolist() == run.test["predicted"].tolist()
    assert tenfold("verify", run.path)[0] == 0


@pytest.mark.parametrize("rule", ["coverage>=0.8", "cost under=3 over=1"])
def test_deciding_again_is_that_in_memory(run: Run, rule: str, tenfold: Any, tmp_path: Path) -> None:
    source = str(run.manifest["config"]["source"])
    words = ("run", source, "--target", "y", "--stream", "--models", "linear", "--out", tmp_path / "r", "--quiet")
    assert tenfold(*words)[0] == 0
    before = open_run(tmp_path / "r")
    lines = before.out_of_fold.query("candidate == 'linear'")
    mine = own(before, lines, "linear")
    assert tenfold("decide", tmp_path / "r", rule)[0] == 0
    after = open_run(tmp_path / "r")
    known = choose_quantity_decision(parse_rule(rule), lines["true"].to_numpy(), mine.predicted, mine.scores)
    told = after.record.metrics.candidates["linear"].decision.decision
    assert told.interval is not None
    assert known.interval is not None
    assert told.interval.below == pytest.approx(known.interval.below)
    assert told.shift == (None if known.shift is None else pytest.approx(known.shift))
    at = after.task.apply(told, mine)
    again = after.out_of_fold.query("candidate == 'linear'")
    assert again["predicted"].to_numpy() == pytest.approx(at.predicted)
    assert again[["low", "high"]].to_numpy() == pytest.approx(at.scores[:, :2])
    held = ((after.test["low"] <= after.test["true"]) & (after.test["true"] <= after.test["high"])).mean()
    assert after.record.metrics.test["coverage"].value == pytest.approx(held)


@pytest.mark.slow
def test_killed_and_resumed_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    source, out = Path(str(run.manifest["config"]["source"])), tmp_path / "killed"
    words = run_words(source, out)
    killed = subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert killed.stderr is not None
    for line in killed.stderr:
        if line.startswith("[7/"):
            break
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (out / "out_of_fold.parquet").read_bytes() == run.folder.out_of_fold.read_bytes()
    assert (out / "test.parquet").read_bytes() == run.folder.test.read_bytes()


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--models", "bayes"), 2, "no model 'bayes'"),
        (("--models", "forest"), 2, "'forest' needs all rows in memory at once"),
        (("--metric", "accuracy"), 2, "accuracy"),
        (("--decide", "recall>=0.9"), 2, "is for classes, a quantity is predicted here"),
        (("--target-transform", "log"), 2, "--target-transform does not go with a streamed table"),
        (("--bins", "5"), 2, "--bins does not go with a streamed table"),
        (("--task", "multiclass"), 4, "over the limit of 1,000 classes"),
    ],
)
def test_what_a_streamed_quantity_does_not_have_is_refused_in_one_line(
    words: tuple[str, ...], code: int, told: str, run: Run, refused: Any, tmp_path: Path
) -> None:
    source = run.manifest["config"]["source"]
    assert told in refused("run", source, "--target", "y", "--stream", "--out", tmp_path / "r", *words, code=code)
    assert not (tmp_path / "r").exists() or not (tmp_path / "r" / "work").exists()


def test_few_rows_say_how_many_a_coverage_needs(tenfold: Any, refused: Any, tmp_path: Path) -> None:
    quantities(40).to_csv(tmp_path / "t.csv", index=False)
    words = ("run", tmp_path / "t.csv", "--target", "y", "--stream", "--models", "linear", "--out")
    assert tenfold(*words, tmp_path / "r", "--quiet")[0] == 0
    assert math.isfinite(open_run(tmp_path / "r").record.metrics.test["rmse"].value or math.nan)
    line = refused(*words, tmp_path / "s", "--decide", "coverage>=0.99", code=1)
    assert "coverage>=0.99 needs at least 199 rows, 32 were judged" in line


def test_the_page_draws_predictions_intervals_and_errors_from_a_sample(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = run.folder.report.read_text("utf-8")
    for section in ("predicted", "intervals", "residuals"):
        assert f'id="{section}"' in page
    assert "Drawn from a sample" not in page
    monkeypatch.setattr(content, "_SAMPLE", 200)
    drawn = content.read_content(run.path)
    assert 150 < len(drawn.quantity.y) < 250
    assert 150 < len(drawn.test_quantity.y) < 250
    lines = run.out_of_fold.query("candidate == @run.chosen").set_index("row")
    assert (lines.loc[drawn.rows_in_source, "true"].to_numpy() == drawn.quantity.y).all()
    caption = predicted_view(drawn).caption
    assert f"Drawn from a sample: {len(drawn.quantity.y)} of the {drawn.rows:,} training rows" in caption
