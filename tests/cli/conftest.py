"""The command line in this process: exit code, standard output and standard error of one command."""

import numpy as np
import pandas as pd
import pytest

from tenfold.cli.app import main


@pytest.fixture
def tenfold(capsys):
    """Give a function that runs one command."""

    def run(*words):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run


@pytest.fixture
def refused(tenfold):
    """Give a function that runs a command which must be refused in one line without a traceback."""

    def run(*words, code):
        got, out, err = tenfold(*words)
        lines = [line for line in err.splitlines() if line.startswith("tenfold:")]
        assert got == code, (got, err)
        assert len(lines) == 1, err
        assert "Traceback" not in err + out
        assert len(lines[0]) <= 410
        return lines[0]

    return run


@pytest.fixture
def never(tmp_path):
    """A run folder that must not be made."""
    path = tmp_path / "never"
    yield path
    assert not path.exists(), list(path.rglob("*"))


@pytest.fixture(scope="session")
def flowers(tmp_path_factory):
    """A table of 120 rows, two classes, one informative number, one category."""
    rng = np.random.default_rng(3)
    kind = np.array(["rose", "=tulip"], object)[np.arange(120) % 2]
    number = rng.normal(np.arange(120) % 2, 0.8).round(3)
    table = pd.DataFrame({"size": number, "colour": rng.choice(["red", "blue"], 120), "kind": kind})
    path = tmp_path_factory.mktemp("flowers") / "flowers.csv"
    table.to_csv(path, index=False)
    return path


@pytest.fixture(scope="session")
def flower_run(flowers, tmp_path_factory):
    """A finished run on the flowers, not to be changed."""
    home = tmp_path_factory.mktemp("home")
    path = tmp_path_factory.mktemp("runs") / "flowers"
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
        patch.setenv("XDG_STATE_HOME", str(home))
        main(["run", str(flowers), "--target", "kind", "--models", "logistic,knn", "--out", str(path), "--quiet"])
    assert ended.value.code == 0
    return path


def ended_well(main, *words):
    """Run a command that must end with code 0."""
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    assert ended.value.code == 0
