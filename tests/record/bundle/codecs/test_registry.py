"""A codec of a user's own: registered in public, used by save, load, verify and the child process; files add none."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import make_pipeline

from tenfold.errors import ModelError, UsageError
from tenfold.record.bundle import load, register_codec, save, verify
from tenfold.record.bundle.classifier_files import FORMAT
from tenfold.record.bundle.codecs import registry
from tenfold.record.bundle.codecs.codec import Tolerance
from tenfold.record.bundle.manifest import MANIFEST, Member, changed_manifest, read_manifest
from tests.record.bundle.conftest import DIGITS, classifier_of, digit_table


@pytest.fixture(autouse=True)
def shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register the codec; other tests find the list as Tenfold ships it."""
    monkeypatch.setattr(registry, "_CODECS", dict(registry._CODECS))
    register_codec(import_module("tests.record.bundle.codecs.shares").SharesCodec())


def saved(folder: Path) -> Any:
    X, y = digit_table()
    classifier = classifier_of(make_pipeline(DummyClassifier(strategy="prior")), X, y, DIGITS)
    save(classifier, folder, golden=X, codec="shares")
    return classifier


def test_a_model_of_a_users_own_codec_goes_the_whole_way(tmp_path: Path) -> None:
    classifier, X = saved(tmp_path), digit_table()[0]
    assert [file.suffix for file in sorted(tmp_path.glob("pipeline-*"))] == [".shares"]
    np.testing.assert_array_equal(load(tmp_path).scores(X), classifier.scores(X))
    assert verify(tmp_path).bit_equal


def test_where_the_codec_is_not_registered_its_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(tmp_path)
    monkeypatch.delitem(registry._CODECS, "shares")
    with pytest.raises(ModelError, match="odd name"):
        load(tmp_path)


def test_a_saved_model_replaces_one_of_another_codec(tmp_path: Path) -> None:
    save(saved(tmp_path), tmp_path, golden=digit_table()[0])
    assert [file.suffix for file in tmp_path.glob("pipeline-*")] == [".program"]
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("ending", ["json", "py", "so", "skops.py", "npz"])
def test_a_file_can_name_no_other_codec(ending: str, tmp_path: Path) -> None:
    saved(tmp_path)
    manifest = read_manifest(tmp_path, FORMAT)
    old = manifest.members["pipeline"]
    new = Member(old.file.replace("shares", ending), old.bytes, old.sha256)
    (tmp_path / old.file).rename(tmp_path / new.file)
    changed = changed_manifest(FORMAT, manifest, {}, {**manifest.members, "pipeline": new})
    (tmp_path / MANIFEST).write_bytes(changed.encode())
    with pytest.raises(ModelError):
        load(tmp_path)


class Named:
    """A codec that is never used."""

    tolerance = Tolerance(0.0)
    encode = check = build = staticmethod(bytes)

    def __init__(self, name: str, ending: str) -> None:
        self.name, self.ending = name, ending


@pytest.mark.parametrize(
    ("name", "ending"), [("skops", "other"), ("other", "skops"), ("other", "a.b"), ("other", "../x"), ("other", "")]
)
def test_a_codec_takes_no_name_of_another(name: str, ending: str) -> None:
    with pytest.raises(UsageError):
        register_codec(Named(name, ending))


def test_an_unknown_codec_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean 'skops'"):
        registry.codec_named("skop")
