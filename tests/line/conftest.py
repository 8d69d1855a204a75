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
