"""A finished run that many tests read."""

import numpy as np
import pytest

import tenfold


@pytest.fixture(scope="session")
def small_run(tmp_path_factory):
    """Three classes of 30 rows, not to be changed."""
    rng = np.random.default_rng(5)
    codes = np.arange(90) % 3
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("home")))
        X = rng.normal(size=(90, 2)) + codes[:, None]
        y = np.array(list("abc"), object)[codes]
        return tenfold.run(X, y, models=["logistic"], cv=2, out=tmp_path_factory.mktemp("runs") / "small").path


@pytest.fixture(scope="session")
def runs(tmp_path_factory):
    """A finished run of every task, by name; not to be changed."""
    folder, rng = tmp_path_factory.mktemp("runs"), np.random.default_rng(8)
    codes = np.arange(120) % 3
    X = rng.normal(size=(120, 2)) + codes[:, None]
    images = rng.integers(0, 60, (120, 6, 6)).astype(np.uint8)
    images[np.arange(120), codes, codes] += 150
    table = folder / "table.csv"
    lines = [f"{a:.6f},{b:.6f},{'yes' if code else 'no'}" for (a, b), code in zip(X, codes % 2, strict=True)]
    table.write_text("\n".join(["a,b,label", *lines]) + "\n")
    words = np.array(list("abc"), object)[codes]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("home")))
        return {
            "detector": tenfold.run(
                X, words, positive="c", models="logistic", decide="recall>=0.6", cv=2, out=folder / "detector"
            ),
            "tuned": tenfold.run(images, words, models="knn", tune="grid", augment="shift", cv=2, out=folder / "tuned"),
            "labels": tenfold.run(
                X, np.stack([codes > 0, codes > 1], axis=1), models="logistic", cv=2, out=folder / "labels"
            ),
            "streamed": tenfold.run(table, target="label", models="bayes", stream=True, cv=2, out=folder / "streamed"),
            "denoised": tenfold.denoise(images, models="median", cv=2, out=folder / "denoised"),
        }
