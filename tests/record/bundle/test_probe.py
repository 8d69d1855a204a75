"""A model from elsewhere answers in a child process before it is built here, and only once."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tenfold.errors import ModelError
from tenfold.record.bundle import Classifier, load, replace_decision, save, verify
from tenfold.record.bundle.classifier_files import FORMAT
from tenfold.record.bundle.manifest import read_manifest
from tenfold.record.bundle.probe import is_known, probe
from tests.record.bundle.conftest import at
from tests.record.bundle.tampering import forge


@pytest.fixture
def folder(fives: tuple[Classifier, pd.DataFrame], tmp_path: Path) -> Path:
    classifier, X = fives
    save(classifier, tmp_path / "model", golden=X, codec="skops")
    return tmp_path / "model"


def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Be a user who has never seen any model."""
    for name in ("HOME", "XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))


def test_what_is_written_here_is_known_with_every_decision(folder: Path) -> None:
    first = read_manifest(folder, FORMAT)
    assert is_known(first)
    replace_decision(folder, at(3.0))
    assert read_manifest(folder, FORMAT).digest != first.digest
    assert is_known(read_manifest(folder, FORMAT))


def test_a_model_from_elsewhere_is_known_once_it_was_loaded(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere(monkeypatch, tmp_path)
    assert not is_known(read_manifest(folder, FORMAT))
    load(folder)
    assert is_known(read_manifest(folder, FORMAT))


def test_a_model_that_is_refused_stays_unknown(folder: Path, tmp_path: Path) -> None:
    golden = json.loads(next(folder.glob("golden-*")).read_text())
    golden["decided"][0] = 1 - golden["decided"][0]
    forged = forge(folder, tmp_path / "forged", "golden", json.dumps(golden).encode())
    for ask in (load, verify):
        with pytest.raises(ModelError, match="decides on a golden row"):
            ask(forged)
    assert not is_known(read_manifest(forged, FORMAT))


def test_a_model_exchanged_while_it_is_checked_is_refused(folder: Path) -> None:
    with pytest.raises(ModelError, match="exchanged"):
        probe(folder, "0" * 64, FORMAT.__module__)


def test_where_no_note_can_be_kept_a_model_is_loaded_all_the_same(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere(monkeypatch, tmp_path)
    (tmp_path / "elsewhere").write_text("a file where the folder should be")
    load(folder)
    assert not is_known(read_manifest(folder, FORMAT))
