"""Data and folders that many tests share."""

import os
import signal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, settings

from tenfold.data.dataset import Dataset

# A shell that starts the tests in the background has them ignore interrupts, and so would every process they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("tenfold", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
settings.load_profile("tenfold")

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("TENFOLD_DATA", ROOT.parent / "shared" / "data"))


def _as_home(home, monkeypatch):
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(home / name))
    monkeypatch.setenv("HOME", str(home))
    (home / "XDG_STATE_HOME" / "tenfold").mkdir(parents=True)
    return home / "XDG_STATE_HOME" / "tenfold" / "models"


@pytest.fixture(scope="session", autouse=True)
def _known_models(tmp_path_factory):
    """A home for fixtures that live longer than a test; every test knows the models that were saved in it."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("TENFOLD_JOBS", "0")  # runs do their own work; tests of worker processes ask for them
        known = _as_home(tmp_path_factory.mktemp("home"), monkeypatch)
        known.mkdir()
        yield known


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory, monkeypatch, _known_models):
    """No test reads or writes the ledgers and caches of the account that runs it."""
    _as_home(tmp_path_factory.mktemp("home"), monkeypatch).symlink_to(_known_models)


@pytest.fixture
def workers(monkeypatch):
    """Runs of this test judge the folds in worker processes, two of them, as they do wherever nothing else is asked."""
    monkeypatch.setenv("TENFOLD_JOBS", "2")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with MNIST and Titanic."""
    if not (DATA / "mnist").exists():
        pytest.skip(f"real data are not there: no {DATA / 'mnist'} (set TENFOLD_DATA)")
    return DATA


@pytest.fixture
def images() -> Dataset:
    """60 images of 4 x 4 in three classes that can be told apart, none of them twice."""
    rng = np.random.default_rng(0)
    codes = np.arange(60) % 3
    X = rng.integers(0, 60, (60, 4, 4)).astype(np.uint8)
    X[np.arange(60), codes, codes] += 150
    return Dataset("small", "image", X, np.array(list("abc"), object)[codes], source="memory")


@pytest.fixture
def table() -> Dataset:
    """80 rows of mixed columns with missing values and two classes."""
    rng = np.random.default_rng(1)
    codes = np.arange(80) % 2
    number = rng.normal(codes, 0.7)
    number[::9] = np.nan
    colour = np.array(["red", "blue", None], object)[rng.integers(0, 3, 80)]
    X = pd.DataFrame({"number": number, "colour": pd.Series(colour, dtype=object), "whole": rng.integers(0, 50, 80)})
    return Dataset("mixed", "table", X, np.array(["no", "yes"], object)[codes], source="memory")
