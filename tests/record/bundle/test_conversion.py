"""A model of scikit-learn objects is written again as a program: the same predictions, decision and history."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tenfold.errors import ModelError, UsageError
from tenfold.record.bundle import load, replace_decision, save
from tenfold.record.bundle.conversion import convert
from tests.record.bundle.conftest import FIVES, at, offered


def written(folder: Path, name: str) -> Path:
    """A model of scikit-learn objects whose decision was changed once."""
    classifier, X = offered(name, FIVES)
    save(classifier, folder, golden=X, codec="skops")
    replace_decision(folder, at(0.25))
    return folder


def bytes_in(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


@pytest.mark.parametrize("in_place", [True, False])
@pytest.mark.parametrize("name", ["logistic", "own-svm", "forest"])
def test_it_predicts_as_before_and_keeps_decision_and_history(name: str, in_place: bool, tmp_path: Path) -> None:
    folder = written(tmp_path / "old", name)
    X = offered(name, FIVES)[1]
    before, size, manifest = load(folder), bytes_in(folder), json.loads((folder / "manifest.json").read_text())
    expected = before.scores(X)
    out = folder if in_place else tmp_path / "new"
    conversion = convert(folder, out)
    after, again = load(out), json.loads((out / "manifest.json").read_text())
    np.testing.assert_allclose(after.scores(X), expected, rtol=0, atol=1e-12 * np.abs(expected).max())
    np.testing.assert_array_equal(after.predict_codes(X), before.predict_codes(X))
    assert after.decision == at(0.25)
    for key in ("created", "previous_decisions", "decision", "provenance", "task", "input"):
        assert again[key] == manifest[key]
    assert (conversion.bytes_before, conversion.bytes_after) == (size, bytes_in(out))
    assert conversion.rows == 1_000
    assert conversion.operations == after.model.operations
    assert [file.suffix for file in out.glob("pipeline-*")] == [".program"]


def test_a_program_is_not_converted_again(tmp_path: Path) -> None:
    convert(written(tmp_path / "old", "logistic"), tmp_path / "new")
    with pytest.raises(UsageError, match="is a program of arrays already"):
        convert(tmp_path / "new", tmp_path / "newer")
    assert not (tmp_path / "newer").exists()


def test_what_is_no_program_stays_as_it_is(tmp_path: Path) -> None:
    folder = written(tmp_path / "old", "knn-distance")
    files = {file.name: file.read_bytes() for file in folder.iterdir()}
    with pytest.raises(ModelError, match="keep it as it is: it loads where scikit-learn is"):
        convert(folder, folder)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == files
