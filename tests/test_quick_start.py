"""What is loaded to ask a saved model: neither scikit-learn nor what builds objects, about images not pandas either."""

import json
import subprocess
import sys
from importlib import import_module

import numpy as np
import pandas as pd
import pytest

import tenfold
from tenfold.data.dataset import Dataset
from tenfold.data.sources.arrays import labels_as_text

NEVER = ["sklearn", "scipy.stats", "skops", "joblib", "pandas"]
CANDIDATES = ("logistic", "sgd", "forest", "knn", "svm")
"""Whose predictions of few rows need no compiler."""

HEAVY = [*NEVER, "numba", "pyarrow", "scipy.special"]
PRINT = f"""
import json, sys
print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]), file=sys.stderr)
"""
VERB = f"""
import sys
from tenfold.cli import main
try:
    main(sys.argv[1:])
except SystemExit as ended:
    assert ended.code == 0, ended.code
{PRINT}
"""
PREDICTION = f"""
import sys
import numpy as np, tenfold
model = tenfold.load_model(sys.argv[1])
images = np.zeros((3, 8, 8), np.uint8)
assert len(model.predict(images)) == 3
{PRINT}
"""


def loaded_by(script, *words):
    """Heavy libraries that a process of its own has loaded when it has run a script."""
    done = subprocess.run([sys.executable, "-c", script, *map(str, words)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.fixture(scope="module")
def digits_run(tmp_path_factory):
    """Give a function that judges one candidate on the digits, once, and gives the run folder."""
    runs = {}

    def run(name, **options):
        key = (name, *options.items())
        if key not in runs:
            folder = tmp_path_factory.mktemp("digits") / "run"
            tenfold.run("digits", models=(name,), cv=2, out=folder, **options)
            runs[key] = folder
        return runs[key]

    return run


@pytest.mark.parametrize("name", CANDIDATES)
def test_a_model_of_images_is_asked_without_scikit_learn_and_pandas(digits_run, name, tmp_path):
    folder = digits_run(name)
    assert loaded_by(PREDICTION, folder) == set()
    assert loaded_by(VERB, "predict", folder, "digits") == set()
    assert loaded_by(VERB, "predict", folder, "digits", "--out", tmp_path / "a.csv") == set()
    assert loaded_by(VERB, "verify", folder) == set()
    assert loaded_by(VERB, "predict", folder, "digits", "--out", tmp_path / "a.parquet") == {"pyarrow"}


@pytest.mark.parametrize("options", [{}, {"positive": "5"}, {"labels": "large = digit >= 7, odd = digit % 2 == 1"}])
@pytest.mark.parametrize("json_too", [(), ("--json",)])
def test_a_model_of_images_is_judged_without_scikit_learn_and_pandas(digits_run, options, json_too):
    folder = digits_run("logistic", **options)
    assert loaded_by(VERB, "evaluate", folder, "digits", *json_too) <= {"pyarrow", "scipy.special"}
    assert loaded_by(VERB, "predict", folder, "digits") == set()


def test_images_from_files_are_asked_without_scikit_learn_and_pandas(digits_run, tmp_path):
    from PIL import Image

    images = tenfold.load("digits").X[:20]
    np.savez(tmp_path / "images.npz", X=images, y=np.arange(20) % 10)
    (tmp_path / "folder").mkdir()
    for number, image in enumerate(images):
        Image.fromarray(image).save(tmp_path / "folder" / f"{number}.png")
    folder = digits_run("logistic")
    assert loaded_by(VERB, "predict", folder, tmp_path / "images.npz") == set()
    assert loaded_by(VERB, "predict", folder, tmp_path / "folder") == set()
    assert loaded_by(VERB, "evaluate", folder, tmp_path / "images.npz") <= {"pyarrow", "scipy.special"}


def test_a_model_of_a_table_is_asked_without_scikit_learn(tmp_path):
    rng = np.random.default_rng(0)
    codes = np.arange(200) % 2
    table = pd.DataFrame({"size": rng.normal(codes, 0.7), "colour": rng.choice(["red", "blue"], 200), "kind": codes})
    table.loc[::9, "size"] = np.nan
    table.to_csv(tmp_path / "table.csv", index=False)
    folder = tmp_path / "run"
    tenfold.run(tmp_path / "table.csv", target="kind", models=("logistic",), cv=2, out=folder)
    light = {"pandas", "pyarrow", "scipy.special"}
    assert loaded_by(VERB, "predict", folder, tmp_path / "table.csv", "--out", tmp_path / "a.csv") <= light
    assert loaded_by(VERB, "verify", folder) <= light
    assert loaded_by(VERB, "evaluate", folder, tmp_path / "table.csv") <= light


@pytest.mark.parametrize("name", ["median", "knn"])
def test_images_are_cleaned_without_scikit_learn_and_pandas(name, tmp_path):
    from PIL import Image

    from tenfold.record.bundle.denoiser import lower_denoiser
    from tenfold.record.bundle.denoiser_files import save_denoiser
    from tenfold.tasks.images.catalogue import entry_of

    clean = tenfold.load("digits").X[:100]
    noisy = clean + np.random.default_rng(0).integers(-3, 4, clean.shape).astype(np.int16)
    fitted = entry_of(name).estimator().fit(noisy, clean)
    save_denoiser(lower_denoiser(name, fitted, noisy, peak=16, noise="uniform"), tmp_path / "model", noisy)
    Image.fromarray(clean[0] * 15).save(tmp_path / "noisy.png")
    assert loaded_by(VERB, "denoise", tmp_path, tmp_path / "noisy.png", "--out", tmp_path / "clean.png") == set()
    assert loaded_by(VERB, "verify", tmp_path) == set()


def test_digits_are_those_of_scikit_learn():
    from sklearn.datasets import load_digits

    theirs, ours = load_digits(), tenfold.load("digits")
    assert ours.X.dtype == np.uint8
    assert ours.X.flags.c_contiguous
    assert np.array_equal(ours.X, theirs.images)
    assert ours.y.tolist() == [str(digit) for digit in theirs.target]
    same = Dataset("digits", "image", theirs.images.astype(np.uint8), labels_as_text(theirs.target), source="digits")
    assert ours.fingerprint == same.fingerprint


def test_digits_come_from_scikit_learn_itself_where_its_file_is_elsewhere(monkeypatch):
    usual = tenfold.load("digits")
    monkeypatch.setattr(import_module("tenfold.data.sources.load"), "_DIGITS", ("datasets", "data", "moved.csv.gz"))
    other = tenfold.load("digits")
    assert other.X.dtype == np.uint8
    assert other.fingerprint == usual.fingerprint


def test_predictions_are_written_as_pandas_writes_them(digits_run, tmp_path):
    folder = digits_run("logistic")
    for form, read in (("csv", pd.read_csv), ("parquet", pd.read_parquet)):
        out = tmp_path / f"a.{form}"
        loaded_by(VERB, "predict", folder, "digits", "--out", out)
        table = read(out)
        assert list(table)[:4] == ["row", "id", "predicted", "score:0"]
        if form == "csv":
            assert table.to_csv(index=False) == out.read_bytes().decode()
