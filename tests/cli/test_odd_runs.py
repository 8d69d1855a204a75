"""Data that are hard to show go the whole way: run, page, errors, figures, Markdown, JSON."""

import json
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.base import BaseEstimator, ClassifierMixin

import tenfold as library

NAMES = [
    "<script>alert(1)</script>", "\"q\" 'b' & c", "{{7*7}} {% x %}", "$\\frac{1}{0}$", "line\nbreak", "🙂 emoji",
    "مرحبا", "\u202eabc\u200f", "x" * 300, "a|b *c* [d](e) `f`",
]  # fmt: skip


class NoScores(ClassifierMixin, BaseEstimator):
    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return self.classes_[np.clip(np.round(X[:, 0]), 0, len(self.classes_) - 1).astype(int)]


class AllEqual(NoScores):
    def predict_proba(self, X):
        return np.full((len(X), len(self.classes_)), 1 / len(self.classes_))


class Infinite(NoScores):
    def decision_function(self, X):
        return np.where(np.arange(len(X)) == 3, np.inf, X[:, 0])


@pytest.fixture
def shown(tenfold, tmp_path):
    """Give a function that shows a run in every way and gives what was told."""

    def show(run):
        for words in (["errors", run], ["errors", run, "--json"], ["report", run]):
            code, out, err = tenfold(*words)
            assert code == 0, err
        code, text, err = tenfold("report", run, "--format", "md", "--figures", tmp_path / "figures")
        assert code == 0, err
        assert "Traceback" not in err
        for path in (tmp_path / "figures").glob("*.svg"):
            ElementTree.parse(path)
        page = (run / "report.html").read_text()
        _, out, _ = tenfold("errors", run)
        return page, out, text

    return show


def table_run(tenfold, tmp_path, table, *words):
    table.to_csv(tmp_path / "table.csv", index=False)
    asked = ("run", tmp_path / "table.csv", "--target", "y", "--models", "logistic", "--cv", "2", "--quiet")
    code, _, err = tenfold(*asked, *words, "--out", tmp_path / "run")
    assert code == 0, err
    return tmp_path / "run"


def test_names_that_are_markup_stay_names(tenfold, tmp_path, shown):
    rng = np.random.default_rng(0)
    codes = np.arange(200) % len(NAMES)
    y = [NAMES[code] for code in codes]
    table = pd.DataFrame({"<img src=x>": codes + rng.normal(0, 0.8, 200), "b": rng.normal(size=200), "y": y})
    page, out, text = shown(table_run(tenfold, tmp_path, table))
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert not {"\u202e", "\u200f"} & set(page + out + text)
    assert "x" * 130 not in out
    assert "1 " in out


def test_a_cell_of_odd_names_is_found_and_its_table_is_harmless(tenfold, tmp_path):
    y = np.array(["=1+1", "line\nbreak"], object)[np.arange(80) % 2]
    X = np.random.default_rng(1).normal(np.arange(80) % 2, 1.5)
    run = table_run(tenfold, tmp_path, pd.DataFrame({"a": X, "b": X[::-1], "y": y}))
    path = tmp_path / "cell.csv"
    code, _, err = tenfold("errors", run, "--actual", "=1+1", "--predicted", "line\nbreak", "--csv", path)
    assert code == 0, err
    got = pd.read_csv(path, keep_default_na=False)
    assert set(got["true"]) == {"'=1+1"}
    assert set(got["predicted"]) == {"line\nbreak"}


def test_a_class_never_predicted_is_said(tenfold, tmp_path, shown):
    rng = np.random.default_rng(0)
    y = np.array(["a"] * 150 + ["b"] * 100 + ["rare"] * 6, object)
    X = rng.normal(size=(256, 2)) + 3 * (y == "a")[:, None]
    table = pd.DataFrame(X, columns=["u", "v"]).assign(y=y).sample(frac=1, random_state=0)
    _, out, _ = shown(table_run(tenfold, tmp_path, table))
    assert "rare is never answered." in out
    assert "never called" in out


def test_three_positives_and_empty_cells_are_shown(tenfold, tmp_path, shown):
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"u": rng.normal(size=203), "v": np.where(np.arange(203) % 2, "", "0.5"), "w": [""] * 203})
    table["y"] = ["no"] * 200 + ["yes"] * 3
    _, out, _ = shown(table_run(tenfold, tmp_path, table))
    assert "of the 2 rows of y = yes" in out


def test_two_instances_a_class_are_shown(tenfold, tmp_path, shown):
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"u": rng.normal(size=12), "v": rng.normal(size=12), "y": list("aaabbbcccddd")})
    _, out, _ = shown(table_run(tenfold, tmp_path, table))
    assert "of 8 rows" in out


@pytest.mark.slow
def test_five_hundred_classes_are_listed_by_their_worst_pairs(tenfold, tmp_path):
    rng = np.random.default_rng(3)
    code = np.arange(1500) % 500
    X = np.stack([code + rng.normal(0, 0.4, 1500), rng.normal(size=1500)], axis=1)
    y = np.array([f"class {one}" for one in code], object)
    run = library.run(X, y, models=[NoScores()], cv=2, out=tmp_path / "run").path
    code, out, err = tenfold("errors", run)
    assert code == 0, err
    assert "500 classes is wider than a terminal" in out
    assert out.count(" are called class") >= 3
    assert len(out) < 3_000
    assert (run / "report.html").stat().st_size < 3_000_000
    code, out, _ = tenfold("errors", run, "--json")
    assert len(json.loads(out)["confusion_matrix"]) == 500


@pytest.mark.parametrize("k", [2, 3])
def test_without_scores_the_curves_say_why_they_are_absent(tmp_path, shown, tenfold, k):
    X = np.random.default_rng(0).normal(0.5 * (k - 1), 0.7, (120, 3))
    y = np.array(list("abc"), object)[np.clip(np.round(X[:, 0] + 0.2), 0, k - 1).astype(int)]
    run = library.run(X, y, models=[NoScores()], cv=3, shuffle=True, out=tmp_path / "run").path
    page, out, _ = shown(run)
    assert "without scores" in page
    _, _, err = tenfold("report", run, "--figures", tmp_path / "more")
    assert "without scores" in err
    matrix = library.errors_of(library.open_run(run)).matrix
    actual, called = (("a", "b", "c")[code] for code in np.argwhere(matrix - np.diag(np.diag(matrix)))[0])
    _, out, err = tenfold("errors", run, "--actual", actual, "--predicted", called)
    assert "columns of the rows cannot be shown" in err
    assert "no scores, so the order is that of the rows" in out


def test_scores_that_are_all_equal_are_shown(tmp_path, shown):
    X = np.random.default_rng(0).normal(0.5, 0.7, (120, 3))
    y = np.array(list("ab"), object)[(X[:, 0] > 0.4).astype(int)]
    run = library.run(X, y, models=[AllEqual()], cv=3, shuffle=True, out=tmp_path / "run").path
    page, _, _ = shown(run)
    assert "one group, as all are equal" in page


def test_scores_that_are_infinite_are_refused_with_their_row(tmp_path):
    X = np.random.default_rng(0).normal(0.5, 0.7, (120, 3))
    y = np.array(list("ab"), object)[(X[:, 0] > 0.4).astype(int)]
    with pytest.raises(library.errors.TenfoldError, match=r"not finite \(training row \d+\)"):
        library.run(X, y, models=[Infinite()], cv=3, out=tmp_path / "run")


@pytest.mark.parametrize(("sizes", "words"), [([(1, 1)], []), ([(8, 8), (12, 8), (8, 16)], ["--resize", "8x8"])])
def test_images_of_one_pixel_and_of_different_sizes_are_shown(tenfold, tmp_path, shown, sizes, words):
    rng = np.random.default_rng(0)
    for name, base in (("dark", 40), ("light", 120)):
        (tmp_path / "images" / name).mkdir(parents=True)
        for number in range(24):
            width, height = sizes[number % len(sizes)]
            pixels = np.clip(rng.integers(0, 120, (height, width)) + base, 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(tmp_path / "images" / name / f"{number}.png")
    asked = ("run", tmp_path / "images", *words, "--models", "knn", "--cv", "3", "--quiet", "--out", tmp_path / "run")
    code, _, err = tenfold(*asked)
    assert code == 0, err
    shown(tmp_path / "run")
    sheet = tmp_path / "sheet.png"
    code, _, err = tenfold("errors", tmp_path / "run", "--actual", "dark", "--predicted", "light", "--sheet", sheet)
    assert code == 0, err
    with Image.open(sheet) as picture:
        assert min(picture.size) >= 280
