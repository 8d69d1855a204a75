"""Boosters of other libraries: named, refused where missing, saved as programs that predict as the library does."""

import importlib.util
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import tenfold
from tenfold.candidates.catalogue import LIBRARY_BOOSTERS, resolve
from tenfold.candidates.scores import class_predictions
from tenfold.candidates.setting import Setting
from tenfold.data.kinds import find_kind
from tenfold.data.kinds.table.preparation import TableColumns
from tenfold.decision.decision import Decision
from tenfold.errors import UsageError
from tenfold.record.bundle import Classifier, save, verify
from tenfold.tasks import ClassTask
from tests.program.proof import SINGLE

LAYOUT = TableColumns(("a", "b"), ("c",), ())
SETTING = Setting("table", rows=600, values=4, classes=3, layout=LAYOUT)
INSTALLED = [name for name in LIBRARY_BOOSTERS if importlib.util.find_spec(name)]
ELSEWHERE = """
import sys
sys.modules.update(dict.fromkeys({names}))
import numpy as np, pandas as pd
from tenfold.record.bundle import load
rows = pd.read_csv({rows!r}, dtype={{"c": object}})
for name in {names}:
    predictions = load({folder!r} + "/" + name).predictions(rows)
    np.savez({folder!r} + "/" + name + ".npz", predicted=predictions.predicted, scores=predictions.scores)
"""
"""A process in which the libraries cannot be imported."""


def table(rows: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Two numbers, one with gaps, and a category of forty values: each tells a class."""
    draw = np.random.default_rng(seed)
    kinds = draw.integers(0, 40, rows)
    X = pd.DataFrame({"a": draw.normal(size=rows), "b": draw.normal(size=rows), "c": [f"k{kind}" for kind in kinds]})
    X.loc[draw.random(rows) < 0.1, "a"] = np.nan
    return X, (X["a"].fillna(0) > 0.3).to_numpy().astype(int) + (kinds % 3 == 1)


def fitted(name: str, rounds: int = 12):
    X, y = table(600, 1)
    pipeline = resolve(name, SETTING).pipeline
    return pipeline.set_params(**{"model__iterations" if name == "catboost" else "model__n_estimators": rounds}).fit(
        X, y
    )


@pytest.mark.parametrize("name", LIBRARY_BOOSTERS)
def test_a_missing_library_is_one_line_that_names_the_extra(name, monkeypatch):
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UsageError, match=f"{name} is not installed") as refusal:
        resolve(name, SETTING)
    assert "pip install 'tenfold[boost]'" in str(refusal.value)


@pytest.mark.skipif("lightgbm" not in INSTALLED, reason="pip install 'tenfold[boost]'")
def test_lightgbm_splits_categories_as_they_are():
    dump = str(fitted("lightgbm").steps[-1][1].booster_.dump_model())
    assert "'decision_type': '=='" in dump
    assert "||" in dump


@pytest.mark.skipif(not INSTALLED, reason="pip install 'tenfold[boost]'")
def test_saved_boosters_predict_ten_thousand_rows_as_the_libraries_do_where_none_can_be_imported(tmp_path):
    X, _ = table(600, 1)
    queries, _ = table(10_000, 2)
    queries.loc[:50, "c"], queries.loc[51:99, "c"] = "unseen", None
    queries.to_csv(tmp_path / "rows.csv", index=False)
    task, schema = ClassTask(("x", "y", "z")), find_kind("table").schema(X, LAYOUT)
    expected = {}
    for name in INSTALLED:
        pipeline = fitted(name)
        save(Classifier(pipeline, task, Decision("argmax", "argmax"), True, schema, {}), tmp_path / name, golden=X)
        assert verify(tmp_path / name).bit_equal
        expected[name] = class_predictions(pipeline, queries, 3)
    code = ELSEWHERE.format(names=INSTALLED, rows=str(tmp_path / "rows.csv"), folder=str(tmp_path))
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    for name, own in expected.items():
        elsewhere = np.load(tmp_path / f"{name}.npz")
        np.testing.assert_array_equal(elsewhere["predicted"], own.predicted)
        np.testing.assert_allclose(elsewhere["scores"], own.scores, rtol=0, atol=SINGLE)


@pytest.mark.slow
@pytest.mark.parametrize("name", LIBRARY_BOOSTERS)
def test_a_whole_run_predicts_where_the_library_cannot_be_imported(name, tmp_path):
    pytest.importorskip(name)
    X, y = table(200, 3)
    run = tenfold.run(X, y, models=[name], cv=2, out=tmp_path / "run")
    X.to_csv(tmp_path / "rows.csv", index=False)
    code = f"import sys; sys.modules[{name!r}] = None; from tenfold.cli import main; main()"
    words = ["predict", str(run.path), str(tmp_path / "rows.csv"), "--out", str(tmp_path / "said.csv")]
    subprocess.run([sys.executable, "-c", code, *words], check=True, timeout=60)
    assert len(pd.read_csv(tmp_path / "said.csv")) == len(X)
