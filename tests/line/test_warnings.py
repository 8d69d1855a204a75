"""What a run tells of columns that its figures rest on too much."""

from __future__ import annotations

import json
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


def test_nearly_all_explained_by_one_column_is_a_worry_of_quantities_too(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"afterwards": rng.normal(size=150), "noise": rng.normal(size=150)})
    run = tenfold.run(X, 5 * X["afterwards"] + rng.normal(0, 0.6, 150), models=["ridge"], cv=3, out=tmp_path / "run")
    assert "Nearly all rests on column 'afterwards'" in " ".join(run.metrics["warnings"])
    study = json.loads((tmp_path / "run" / "analysis" / "importance.json").read_text())
    assert study["dependence"][0]["column"] == "afterwards"
    assert study["path"]["names"] == ["afterwards", "noise"]
    html = (tmp_path / "run" / "report.html").read_text()
    for section in ("importance", "dependence", "paths"):
        assert f'<section id="{section}"' in html
