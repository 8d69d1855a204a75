"""Boosters of other libraries: named, refused where missing, saved as programs that predict as the library does."""

import importlib.util
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import tenfold
from tenfold.candidates.catalogue import LIBRARY_BOOSTERS, resolve
from tenfold.candidates.setting import Setting
from tenfold.data.kinds.table.preparation import TableColumns
from tenfold.errors import UsageError
from tests.program.proof import SINGLE, assert_same_classes

SETTING = Setting("table", rows=300, values=4, classes=3, layout=TableColumns(("a", "b"), ("c",), ()))


def table(rows: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    draw = np.random.default_rng(seed)
    X = pd.DataFrame({"a": draw.normal(size=rows), "b": draw.normal(size=rows), "c": draw.choice(list("xyz"), rows)})
    X.loc[draw.random(rows) < 0.1, "a"] = np.nan
    return X, (X["a"].fillna(0) > 0.3).to_numpy().astype(int) + (X["c"] == "x").to_numpy()


@pytest.mark.parametrize("name", LIBRARY_BOOSTERS)
def test_a_missing_library_is_one_line_that_names_the_extra(name, monkeypatch):
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UsageError, match=f"{name} is not installed") as refusal:
        resolve(name, SETTING)
    assert "pip install 'tenfold[boost]'" in str(refusal.value)


@pytest.mark.parametrize("name", LIBRARY_BOOSTERS)
def test_ten_thousand_rows_are_predicted_as_the_library_does(name):
    pytest.importorskip(name)
    X, y = table(300, 1)
    pipeline = resolve(name, SETTING).pipeline
    pipeline.set_params(**{"model__iterations" if name == "catboost" else "model__n_estimators": 20}).fit(X, y)
    queries, _ = table(10_000, 2)
    queries.loc[:50, "c"] = "unseen"
    assert_same_classes(pipeline, queries, 3, SINGLE)


@pytest.mark.parametrize("name", LIBRARY_BOOSTERS)
def test_a_run_predicts_where_the_library_cannot_be_imported(name, tmp_path):
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed")
    X, y = table(200, 3)
    run = tenfold.run(X, y, models=[name], cv=2, out=tmp_path / "run")
    X.to_csv(tmp_path / "rows.csv", index=False)
    code = f"import sys; sys.modules[{name!r}] = None; from tenfold.cli import main; main()"
    words = ["predict", str(run.path), str(tmp_path / "rows.csv"), "--out", str(tmp_path / "said.csv")]
    subprocess.run([sys.executable, "-c", code, *words], check=True, timeout=60)
    assert len(pd.read_csv(tmp_path / "said.csv")) == len(X)
