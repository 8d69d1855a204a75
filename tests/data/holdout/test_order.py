"""Rows in order of time: parts, folds that follow one another, and a whole run judged so."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest

import tenfold
from tenfold.data.holdout import split, time_strata
from tenfold.data.holdout.order import in_order, time_parts
from tenfold.data.kinds.table.order import order
from tenfold.data.sources.arrays import from_arrays
from tenfold.errors import DataError, UsageError
from tenfold.folds.assign import folds_in_time, training_positions
from tenfold.line.memory.prepared import _parts_in_time
from tenfold.task import infer_task


def test_every_fold_is_predicted_from_earlier_rows_of_its_class_and_ties_stay_together():
    random = np.random.default_rng(0)
    when, y = random.integers(0, 40, 300).astype(float), random.integers(0, 2, 300)
    folds = folds_in_time(when, 4, ("a", "b"), y)
    for fold in range(4):
        learn, held_out = training_positions(folds, fold), np.flatnonzero(folds == fold)
        for code in (0, 1):
            assert when[learn][y[learn] == code].max() < when[held_out][y[held_out] == code].min()


def test_no_group_is_learnt_from_where_it_is_held_out():
    when, groups = np.arange(60.0), np.arange(60) % 12
    folds = time_parts(when, [0.25] * 4, groups=groups)
    assert all(len(set(folds[groups == group])) == 1 for group in range(12))


@pytest.mark.parametrize(
    ("cells", "match"),
    [
        (["03/04/2024", "05/06/2024"], "cannot be told apart"),
        (["13/04/2024", "04/13/2024"], "two formats"),
        (["2024-01-01", "soon"], "row 2.*'soon' is neither"),
    ],
)
def test_a_column_that_tells_no_time_is_refused_in_one_line(cells, match):
    with pytest.raises(DataError, match=match):
        order(pd.DataFrame({"day": pd.Series(cells, dtype=object)}), "day")


def test_too_few_times_are_refused():
    with pytest.raises(DataError, match="too few different values"):
        folds_in_time(np.zeros(20), 3, ("a",))


def test_a_run_in_order_has_judged_rows_only_and_says_what_shuffled_folds_would(tmp_path):
    random = np.random.default_rng(1)
    frame = pd.DataFrame({"t": np.arange(240.0), "x": random.normal(size=240)})
    frame["y"] = np.where(frame["x"] + random.normal(size=240) > 0, "p", "q")
    run = tenfold.run(frame, target="y", order="t", models="logistic", cv=3, out=tmp_path / "run")
    lines = run.lines("logistic")
    assert len(lines) == run.record.manifest.judged_rows == 144
    assert run.metrics["shuffled"]["metric"] == "accuracy"
    assert run.record.manifest.config["shuffle"] is False
    with pytest.raises(UsageError, match="two ways"):
        tenfold.run(frame, target="y", order="t", shuffle=True, models="logistic", out=tmp_path / "both")


def test_time_cuts_each_class_of_the_source_where_one_is_set_against_all_others():
    random = np.random.default_rng(2)
    kinds = np.array(["easy"] * 200 + ["hard"] * 40 + ["spam"] * 80)
    when = np.where(kinds == "hard", 0.0, 1000.0) + np.arange(320)  # all that is hard is old
    frame = pd.DataFrame({"t": when, "x": random.normal(kinds == "spam"), "kind": kinds})
    data = in_order(from_arrays(frame[["t", "x"]], frame["kind"]), "t")
    task = infer_task(data.labels, name="binary", positive="spam")
    training, test = split(data, task)
    assert Counter(training.labels) == {"easy": 160, "hard": 32, "spam": 64}
    assert len(test) == 64
    codes = task.encode(training.labels)
    folds = folds_in_time(training.order, 3, task.classes, codes, strata=time_strata(training, task))
    assert Counter(folds[training.labels == "hard"].tolist()) == dict.fromkeys((-1, 0, 1, 2), 8)
    assert list(_parts_in_time(data, training, task)) == [
        "To learn from and sealed, each class cut in time by itself: easy 160 and 40, hard 32 and 8, spam 64 and 16."
    ]
