"""Own classifiers, on the command line and from Python: code runs by a typed word, never because a file names it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import tenfold as package
from tenfold.errors import UsageError

SOURCE = """
from pathlib import Path
from sklearn.naive_bayes import GaussianNB

Path("imported").touch()

def model():
    return GaussianNB()
"""


@pytest.fixture(scope="module")
def own_run(flowers, tmp_path_factory):
    """A finished run of a classifier of the user's, and the folder of its module."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "payload_of_tests.py").write_text(SOURCE)
    words = ("run", flowers, "--target", "kind", "--models", "payload_of_tests:model", "--cv", "2", "--out", "run")
    done = command(folder, *words)
    assert done.returncode == 0, done.stderr
    return folder / "run"


@pytest.fixture
def folder(own_run, monkeypatch):
    """The working folder of the run, as somebody gets it who has not yet run anything."""
    (own_run.parent / "imported").unlink(missing_ok=True)
    monkeypatch.chdir(own_run.parent)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    yield own_run.parent
    sys.modules.pop("payload_of_tests", None)


def command(folder, *words):
    script = Path(sys.executable).parent / "tenfold"
    return subprocess.run([str(script), *map(str, words)], cwd=folder, capture_output=True, text=True)


def test_a_config_that_names_code_is_refused_with_what_to_type(folder, refused, tmp_path):
    line = refused("run", "run/config.toml", "--out", tmp_path / "again", code=2)
    assert line.endswith("Do: if it is yours: tenfold run run/config.toml --own payload_of_tests:model.")
    assert not (folder / "imported").exists()
    typed = re.search(r"tenfold (run .*)\.$", line)[1].split()
    done = command(folder, *typed, "--out", tmp_path / "again")
    assert done.returncode == 0, done.stderr
    for name in ("out_of_fold.parquet", "test.parquet", "config.toml"):
        assert (folder / "run" / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_studies_of_a_run_fit_code_by_the_same_word_alone(folder, refused, tenfold):
    for words in ((), ("--own", "other:model")):
        line = refused("report", "run", "--learning-curve", *words, code=2)
        assert "--own payload_of_tests:model" in line
    assert not (folder / "imported").exists()
    code, _, err = tenfold("report", "run", "--learning-curve", "--own", "payload_of_tests:model")
    assert code == 0, err
    assert (folder / "imported").exists()


@pytest.mark.usefixtures("workers")
def test_from_python_too(folder, tmp_path):
    with pytest.raises(UsageError, match="--own payload_of_tests:model, in Python own="):
        package.run("run/config.toml", out=tmp_path / "a")
    assert not (folder / "imported").exists()
    assert not (tmp_path / "a").exists()
    with pytest.raises(UsageError, match="every choice"):
        package.run("run/config.toml", models=["payload_of_tests:model"])
    with pytest.raises(UsageError, match="goes with a config"):
        package.run("digits", own=["payload_of_tests:model"])
    again = package.run("run/config.toml", own=["payload_of_tests:model"], out=tmp_path / "a")
    assert again.metrics["test"] == package.open_run("run").metrics["test"]


def test_the_word_must_mean_something(refused, folder, flowers, never):
    line = refused("run", flowers, "--target", "kind", "--own", "payload_of_tests:model", "--out", never, code=2)
    assert "--models payload_of_tests:model" in line
    words = ("--own", "payload_of_tests:model,another:model", "--out", never)
    assert "another:model" in refused("run", "run/config.toml", *words, code=2)


@pytest.mark.parametrize("option", [("--models", "payload_of_tests:model"), ("--cv", "3"), ("--shuffle",)])
def test_a_choice_beside_a_config_is_refused_not_passed_over(refused, folder, never, option):
    words = ("run", "run/config.toml", "--own", "payload_of_tests:model", *option, "--out", never)
    assert f"{option[0]} does not go with a config" in refused(*words, code=2)
    assert not (folder / "imported").exists()
