"""A kind of data made outside of the package goes the whole line: signals, a short series of readings each."""

import hashlib
import json

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

import tenfold
from tenfold.ask.decide import decide
from tenfold.data.dataset import Dataset
from tenfold.data.kinds import Kind, register_kind
from tenfold.data.kinds.storage import ARRAY
from tenfold.errors import DataError
from tenfold.record.bundle import verify


def _validate(X, name):
    if not isinstance(X, np.ndarray) or X.dtype != np.float64 or X.ndim != 2:
        raise DataError("signals are an array of float64 in two dimensions", where=name)


class SignalSchema:
    """As many readings as the training signals have, all of them numbers."""

    names = ()

    def __init__(self, readings):
        self.readings = readings
        self.summary = f"signals of {readings} readings"

    def check(self, X, where=None, start=0):
        _validate(X, where)
        if X.shape[1] != self.readings or not np.isfinite(X).all():
            raise DataError(f"not {self.summary}", where=where)
        return X, ()

    def instances(self, rows):
        return np.asarray(rows, np.float64)

    def as_dict(self):
        return {"kind": "signal", "readings": self.readings}

    def few_rows(self, X, count):
        return X[:count]

    def plain_rows(self, X):
        return X.tolist()

    def read_rows(self, plain):
        return np.array(plain, np.float64)


register_kind(
    Kind(
        name="signal",
        nouns=("signal", "signals"),
        validate=_validate,
        size=lambda X: f"{X.shape[1]} readings",
        ids=lambda X: np.array([hashlib.blake2b(row.tobytes(), digest_size=16).hexdigest() for row in X]),
        storage=ARRAY,
        prepare=lambda layout, need: [] if need.form == "raw" else [("scale", StandardScaler())],
        width=lambda X, layout: X.shape[1],
        values=lambda X: X,
        text=lambda X, row: " ".join(f"{value:.1f}" for value in X[row, :3]),
        line_up=("logistic", "forest"),
        schema=lambda X, layout: SignalSchema(X.shape[1]),
        read_schema=lambda plain: SignalSchema(plain["readings"]),
    )
)


def signals(rows=240, seed=0):
    """Sine waves, of which some have a click in the middle."""
    rng = np.random.default_rng(seed)
    X = np.sin(np.linspace(0, 6, 20) + rng.uniform(0, 6, (rows, 1))) + rng.normal(0, 0.3, (rows, 20))
    clicks = np.arange(rows) % 3 == 0
    X[clicks, 10] += 2.5
    return Dataset("signals", "signal", X, np.where(clicks, "click", "clean").astype(object), source="memory")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return tenfold.run(signals(), positive="click", cv=3, out=tmp_path_factory.mktemp("signals") / "run")


def test_its_usual_candidates_are_judged_and_beat_the_baseline(run):
    metrics = json.loads(run.folder.metrics.read_text())
    assert set(metrics["candidates"]) == {"baseline", "logistic", "forest"}
    assert metrics["candidates"][metrics["chosen"]]["beats_baseline"]
    assert run.manifest["data"]["kind"] == "signal"


def test_it_is_resumed_and_repeated(run):
    written = run.folder.metrics.stat().st_mtime_ns
    again = tenfold.run(signals(), positive="click", cv=3, out=run.path)
    assert again.folder.metrics.stat().st_mtime_ns == written


def test_the_page_is_drawn_and_speaks_of_signals(run):
    page = run.folder.report.read_text()
    assert "signals" in page
    assert "Confusions" in page


def test_its_model_is_verified_decided_again_and_predicts(run):
    assert verify(run.path).bit_equal
    decide(run.path, "recall>=0.9", tenfold.write_report)
    model = tenfold.load_model(run.path)
    fresh = signals(seed=1)
    assert np.mean(model.predict(fresh.X) == fresh.labels) > 0.8
    with pytest.raises(DataError, match="not signals of 20 readings"):
        model.predict(fresh.X[:, :5])
