"""The neighbours that a candidate found while it was judged: kept, shown, and never trusted blindly."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_digits
from sklearn.neighbors import NearestNeighbors

from tenfold.cli.app import main

DATA = load_digits()


@pytest.fixture(scope="module")
def neighbour_run(tmp_path_factory):
    folder, home = tmp_path_factory.mktemp("near") / "r", tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
        patch.setenv("XDG_STATE_HOME", str(home))
        main(["run", "digits", "--models", "logistic,knn", "--cv", "3", "--out", str(folder), "--quiet"])
    assert ended.value.code == 0
    return folder


@pytest.fixture
def lines(neighbour_run):
    table = pd.read_parquet(neighbour_run / "out_of_fold.parquet")
    return table[table["candidate"] == "knn"].reset_index(drop=True)


def test_they_are_the_nearest_rows_outside_the_fold(neighbour_run, lines):
    kept = np.load(neighbour_run / "neighbours.npz", allow_pickle=False)
    pixels, fold = DATA.data[lines["row"]], lines["fold"].to_numpy()
    assert str(kept["candidate"]) == "knn"
    for one in range(3):
        outside, inside = np.flatnonzero(fold != one), np.flatnonzero(fold == one)
        theirs, _ = NearestNeighbors(n_neighbors=5, algorithm="brute").fit(pixels[outside]).kneighbors(pixels[inside])
        np.testing.assert_allclose(kept["distances"][inside], theirs, rtol=1e-6)
        assert not (fold[kept["rows"][inside]] == one).any()
        apart = np.linalg.norm(pixels[kept["rows"][inside, 0]] - pixels[inside], axis=1)
        np.testing.assert_allclose(apart, theirs[:, 0], rtol=1e-6)


def test_the_page_carries_them(neighbour_run):
    page = (neighbour_run / "report.html").read_text()
    block = page.split('id="run-data"', 1)[1].split(">", 1)[1].split("</script>", 1)[0]
    near = json.loads(block)["instances"]["nearest"]
    assert (near["by"], near["each"]) == ("knn", 3)


def test_errors_tells_those_that_were_kept(neighbour_run, lines, tenfold):
    kept = np.load(neighbour_run / "neighbours.npz", allow_pickle=False)
    wrong = lines[lines["true"] != lines["predicted"]].iloc[0]
    words = (
        "errors",
        neighbour_run,
        "--actual",
        wrong["true"],
        "--predicted",
        wrong["predicted"],
        "--candidate",
        "knn",
    )
    _, out, _ = tenfold(*words, "--neighbours", 2, "--json")
    told = next(one for one in json.loads(out)["cells"][0]["instances"] if one["row"] == wrong["row"])
    first = kept["rows"][wrong.name, 0]
    assert told["neighbour:1:row"] == lines["row"].iloc[first]


@pytest.mark.parametrize("damage", ["cut", "rows", "shape"])
def test_a_damaged_file_is_named(neighbour_run, tmp_path, refused, damage):
    import shutil

    folder = tmp_path / "r"
    shutil.copytree(neighbour_run, folder)
    path = folder / "neighbours.npz"
    kept = dict(np.load(path, allow_pickle=False))
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:500])
    elif damage == "rows":
        np.savez(path, **{**kept, "rows": kept["rows"] + 10_000})
    else:
        np.savez(path, **{**kept, "rows": kept["rows"][:-1]})
    line = refused("report", folder, code=3)
    assert "neighbours.npz" in line
    assert "damaged" in line
