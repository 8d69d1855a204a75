"""Files of programs that are refused, each in one line that says what is wrong, as the command line gives it."""

from __future__ import annotations

import copy
import io
import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from tenfold.cli.app import main
from tenfold.errors import DataError, ModelError
from tenfold.program.files import read_program
from tenfold.program.refusal import Refused
from tenfold.record.bundle import save
from tenfold.record.bundle.classifier_files import golden_file, load_classifier
from tenfold.record.bundle.golden import golden_rows
from tests.program.hostile.mutants import Parts, mutated, repacked, twice
from tests.record.bundle.conftest import FIVES, at, classifier_of, digit_table, mixed_table, offered
from tests.record.bundle.tampering import forge

Verify = Callable[[Path], tuple[int, str]]


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str]) -> Verify:
    """What ``tenfold verify`` ends with, and its line."""

    def run(path: Path) -> tuple[int, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["verify", str(path)])
        return int(ended.value.code or 0), capsys.readouterr().err

    return run


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A logistic regression among two classes of digits, kept as a program."""
    classifier, X = offered("logistic", FIVES)
    folder = tmp_path_factory.mktemp("saved") / "model"
    save(classifier, folder, golden=X)
    return folder


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program of the same operations with 32 columns instead of 64."""
    X, y = digit_table()
    classifier = classifier_of(make_pipeline(StandardScaler(), LogisticRegression()), X.iloc[:, :32], y == 5, FIVES)
    folder = tmp_path_factory.mktemp("other") / "model"
    save(classifier, folder, golden=X.iloc[:, :32])
    return folder


def content_of(folder: Path) -> bytes:
    return next(folder.glob("pipeline-*.program")).read_bytes()


def refusal_of(verify: Verify, folder: Path) -> str:
    code, line = verify(folder)
    assert code == 8, line
    assert line.count("\n") == 1
    assert len(line) < 420
    assert "Traceback" not in line
    return line


def with_description(folder: Path, change: Callable[[dict], object]) -> bytes:
    parts = Parts.of(content_of(folder))
    change(parts.plain)
    return parts.packed()


def rename_operation(plain: dict) -> None:
    plain["steps"][-1]["operation"] = "import_module"


CHANGES = {
    "a newer version": (lambda plain: plain.update(version=2), "is of version 2, which a newer Tenfold wrote"),
    "an unknown operation": (rename_operation, "has the operation 'import_module', which this Tenfold does not know"),
    "no outputs": (lambda plain: plain.pop("outputs"), "has other entries than a program has"),
    "a step more": (lambda plain: plain["steps"].append(plain["steps"][0]), "two steps give the value"),
    "another order": (lambda plain: plain["steps"].reverse(), "its arrays are not those of its program"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_description_is_refused(name: str, saved: Path, tmp_path: Path, verify: Verify) -> None:
    change, fault = CHANGES[name]
    folder = forge(saved, tmp_path / "forged", "pipeline", with_description(saved, change))
    assert fault in refusal_of(verify, folder)


def test_an_array_of_another_model_is_refused(saved: Path, other: Path, tmp_path: Path, verify: Verify) -> None:
    parts, others = Parts.of(content_of(saved)), Parts.of(content_of(other))
    name = next(name for name in parts.members if name.endswith(".weights.npy"))
    parts.members[name] = others.members[name]
    folder = forge(saved, tmp_path / "forged", "pipeline", parts.packed())
    assert "array 'weights' of a step 'linear' has the shape (1, 32), where a size is 64" in refusal_of(verify, folder)


ZIPS = {
    "truncated": (lambda whole: whole[: len(whole) // 2], "is no whole zip file: cut short"),
    "two members of one name": (twice, "a member of the pipeline stands there twice"),
    "compressed": (
        lambda whole: repacked(Parts.of(whole), zipfile.ZIP_DEFLATED),
        "the description of its program is compressed",
    ),
    "something before it": (lambda whole: b"x" + whole, "the zip directory is not where it belongs"),
    "empty": (lambda whole: b"", "is no zip file"),
}


@pytest.mark.parametrize("name", ZIPS)
def test_a_changed_zip_is_refused(name: str, saved: Path, tmp_path: Path, verify: Verify) -> None:
    change, fault = ZIPS[name]
    folder = forge(saved, tmp_path / "forged", "pipeline", change(content_of(saved)))
    assert fault in refusal_of(verify, folder)


def put_pipe(path: Path) -> None:
    os.mkfifo(path)


def put_link(path: Path) -> None:
    outside = path.parent.parent / "outside"
    outside.write_bytes(b"x")
    path.symlink_to(outside)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes among files")
@pytest.mark.parametrize("put", [put_pipe, put_link, Path.mkdir])
def test_a_program_is_a_regular_file(put: Callable[[Path], None], saved: Path, tmp_path: Path, verify: Verify) -> None:
    folder = tmp_path / "model"
    shutil.copytree(saved, folder)
    file = next(folder.glob("pipeline-*.program"))
    file.unlink()
    put(file)
    assert file.name in refusal_of(verify, folder)


def test_a_gap_that_no_step_fills_is_refused_with_row_and_column(tmp_path: Path) -> None:
    X = mixed_table()[["age", "class"]].fillna(30.0)
    classifier = classifier_of(make_pipeline(StandardScaler(), LogisticRegression()), X, X["class"] > 1, FIVES, at())
    save(classifier, tmp_path / "model", golden=X)
    model = load_classifier(tmp_path / "model").model
    with pytest.raises(DataError, match=r"rows\.csv, row 8, column 'age': no value"):
        model.predictions_and_notes(X.assign(age=np.where(np.arange(len(X)) == 7, np.nan, 1)), "rows.csv")


def test_values_that_overflow_are_refused_with_their_row(tmp_path: Path) -> None:
    X = pd.DataFrame({"size": np.arange(20.0)})
    classifier = classifier_of(make_pipeline(RidgeClassifier()), X, X["size"] > 9, FIVES)
    save(classifier, tmp_path / "model", golden=X)
    parts = Parts.of(content_of(tmp_path / "model"))
    name = next(name for name in parts.members if name.endswith(".weights.npy"))
    parts.members[name] = np.array([[1e308]])
    folder = forge(tmp_path / "model", tmp_path / "forged", "pipeline", parts.packed())
    with pytest.raises(ModelError, match="a score is no number: the values are too large for this model"):
        load_classifier(folder)


def test_a_pipeline_of_which_a_part_is_no_program_is_kept_whole_as_it_is(tmp_path: Path) -> None:
    X, y = digit_table(100)
    half = make_pipeline(StandardScaler(), SVC(probability=True, random_state=1))
    save(classifier_of(half, X, y == 5, FIVES), tmp_path / "model", golden=X)
    assert sorted(path.suffix for path in (tmp_path / "model").iterdir()) == [".json", ".json", ".skops"]


def test_a_program_without_its_last_steps_is_refused(saved: Path, tmp_path: Path, verify: Verify) -> None:
    parts = Parts.of(content_of(saved))
    number = len(parts.plain["steps"]) - 1
    for name in parts.plain["steps"].pop()["arrays"]:
        parts.members.pop(f"{number}.{name}.npy")
    folder = forge(saved, tmp_path / "forged", "pipeline", parts.packed())
    assert "that no step gives" in refusal_of(verify, folder)


def forged_whole(saved: Path, target: Path, content: bytes) -> Path:
    """A model with this program, whose golden rows are predicted by it wherever it can be read."""
    folder = forge(saved, target, "pipeline", content)
    loaded = load_classifier(saved)
    try:
        changed = replace(loaded.model, model=read_program(io.BytesIO(content)))
        golden = golden_file(golden_rows(changed, loaded.contents.golden.X), changed.schema)
    except (Refused, ModelError):
        return folder
    return forge(folder, target.with_name(f"{target.name} whole"), "golden", golden.content)


def test_mutants_with_golden_rows_of_their_own_are_refused_in_one_line_or_verified(
    saved: Path, tmp_path: Path, verify: Verify
) -> None:
    random, verified = np.random.default_rng(3), 0
    whole = Parts.of(content_of(saved))
    for number in range(40):
        parts = copy.deepcopy(whole)
        mutated(parts, [whole], random)
        folder = forged_whole(saved, tmp_path / str(number), parts.packed())
        code, line = verify(folder)
        assert code in {0, 8}, line
        if code == 0:
            verified += 1
            continue
        assert line.count("\n") == 1, line
        assert "Traceback" not in line
    assert 0 < verified < 40
