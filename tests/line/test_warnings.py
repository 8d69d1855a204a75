"""What a run tells of columns that its figures rest on too much."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn import datasets

import tenfold


def warned(X: object, y: object, out: Path) -> list[str]:
    run = tenfold.run(X, y, models="logistic", cv=2, out=out)
    return [line for line in run.metrics["warnings"] if "known before the label is" in line]


def test_nearly_all_right_from_one_column_is_the_first_worry(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    y = rng.random(600) < 0.4
    X = pd.DataFrame(rng.normal(size=(600, 4)), columns=list("abcd")).assign(afterwards=y + rng.normal(0, 0.24, 600))
    X["pair"] = [*range(300), *range(300)]
    run = tenfold.run(X, y, models="logistic", cv=2, out=tmp_path / "r")
    assert "Nearly all rests on column 'afterwards'" in run.metrics["warnings"][0]


def test_a_column_that_gives_the_label_away_is_told_once_and_first(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    y = rng.random(300) < 0.4
    X = pd.DataFrame({"code": [f"is {one}" for one in y], "x": rng.normal(size=300), "same": 1})
    run = tenfold.run(X, y, models="logistic", cv=2, out=tmp_path / "r")
    assert [("code" in line) for line in run.metrics["warnings"]] == [True, False]
    assert "may give the answer away" in run.metrics["warnings"][0]


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer"])
def test_sound_sets_raise_no_alarm(name: str, tmp_path: Path) -> None:
    X, y = getattr(datasets, f"load_{name}")(return_X_y=True, as_frame=True)
    assert warned(X, y, tmp_path / name) == []
