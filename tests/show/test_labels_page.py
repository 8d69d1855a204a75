"""The page of several labels is whole, safe and says what metrics.json says."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from tenfold import run
from tenfold.data.dataset import Dataset
from tenfold.decimals import figure_text, figure_texts
from tenfold.figures import shared_errors
from tenfold.record.words.caveats import verdict
from tenfold.show.content import read_content
from tenfold.show.sections.labels.curves import label_curves_view
from tenfold.show.sections.labels.labels import labels_view
from tenfold.show.sections.labels.overview import VERDICT, advice, weaknesses
from tenfold.show.sections.verdict.verdict import verdict_view

NAMES = ("large", "<b>odd</b>", "$\\frac{1}{2}$ \u202eيمين 🙂")


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    """A run on images of three labels, the second of which is noise for the most part."""
    home, rng = tmp_path_factory.mktemp("home"), np.random.default_rng(0)
    y = rng.integers(0, 2, (200, 3)).astype(bool)
    X = rng.integers(0, 90, (200, 4, 4)).astype(np.uint8)
    X[:, 0, 0] += (150 * y[:, 0]).astype(np.uint8)
    X[:, 1, 1] += (60 * y[:, 1]).astype(np.uint8)
    X[:, 2, 2] += (150 * y[:, 2]).astype(np.uint8)
    data = Dataset("labelled", "image", X, y, source="memory", target_names=NAMES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(home))
        out = tmp_path_factory.mktemp("runs") / "labelled"
        return run(data, models=["logistic", "sgd"], cv=3, decide="recall>=0.8", out=out), data


@pytest.fixture(scope="module")
def page(labelled):
    return (labelled[0].path / "report.html").read_text()


def test_it_has_the_sections_of_labels_and_none_of_classes(page):
    found = set(re.findall(r'<section id="(\w+)"', page))
    assert {"verdict", "board", "labels", "labelcurves", "figures", "made"} <= found
    assert not {"matrix", "decision", "calibration", "classes", "curves"} & found


def test_names_from_data_are_text(page):
    assert "<b>odd" not in page
    assert "&lt;b&gt;odd&lt;/b&gt;" in page
    assert "\u202e" not in page


def test_every_label_has_its_figures_and_threshold(labelled):
    found, data = labelled
    content = read_content(found.path, data)
    view = labels_view(content)
    assert len(view.table.rows) == len(view.matrices) == 3
    texts = figure_texts(("f1", content.figures[f"f1:{name}"]) for name in NAMES)
    for text, row, threshold in zip(texts, view.table.rows, content.decision.thresholds, strict=True):
        assert [cell.text for cell in row.cells[2:4]] == [text.value, text.interval]
        assert row.cells[8].text == f"{threshold:.4g}"
    for matrix, one in zip(content.decision.confusion_matrix, view.matrices, strict=True):
        counts = [[cell.count for cell in row] for row in one.cells]
        assert counts == [[str(matrix[1][1]), str(matrix[1][0])], [str(matrix[0][1]), str(matrix[0][0])]]


def test_errors_that_come_together_are_counted(labelled):
    found, data = labelled
    content = read_content(found.path, data)
    lines = found.out_of_fold.query("candidate == @found.chosen")
    y, called = (lines[[f"{kind}:{name}" for name in NAMES]].to_numpy(np.int64) for kind in ("true", "predicted"))
    expected = shared_errors(y, called).together
    shown = [[int(one.count.replace(",", "")) for one in row] for row in labels_view(content).crossings.rows]
    assert shown == expected.tolist()


def test_curves_mark_the_decision_in_force(labelled):
    found, data = labelled
    content = read_content(found.path, data)
    view = label_curves_view(content)
    for name, one in zip(NAMES, view.curves, strict=True):
        assert one.x == pytest.approx(100 * content.figures[f"recall:{name}"].value, abs=0.01)
        assert one.path.startswith("M")


def test_the_verdict_says_the_share_with_all_labels_right(labelled):
    found, data = labelled
    exact = found.metrics["candidates"][found.chosen]["decision"]["out_of_fold"]["exact_match"]["value"]
    said = "".join(part.text for part in verdict_view(read_content(found.path, data), VERDICT).headline)
    assert figure_text("exact_match", {"value": exact}).value in said
    assert f"all 3 labels right on {figure_text('exact_match', {'value': exact}).value}" in verdict(
        found.record.metrics
    )


def test_scores_that_are_no_probabilities_and_no_scores_are_told(labelled, tmp_path):
    found, data = labelled
    content = read_content(found.path, data)
    sgd = replace(content, metrics=replace(content.metrics, chosen="sgd"))
    assert "not probabilities" in label_curves_view(sgd).uncertain
    lines = content.out_of_fold.assign(**{f"score:{name}": np.nan for name in NAMES})
    assert "without scores" in label_curves_view(replace(sgd, out_of_fold=lines)).nothing


def test_many_labels_show_the_hardest(tmp_path):
    rng = np.random.default_rng(1)
    y = rng.random((300, 70)) < 0.3
    X = rng.integers(0, 60, (300, 9, 9)).astype(np.uint8)
    X.reshape(300, 81)[:, :70] += (100 * y).astype(np.uint8)
    data = Dataset("many", "image", X, y, source="memory", target_names=tuple(f"label {c}" for c in range(70)))
    found = run(data, models=["knn"], cv=3, out=tmp_path / "run")
    view = labels_view(read_content(found.path, data))
    assert (len(view.table.rows), len(view.matrices), len(view.crossings.names)) == (60, 24, 16)
    assert "60 of 70 labels" in view.caption
    assert (found.path / "report.html").stat().st_size < 3_000_000


def test_labels_that_go_wrong_together_are_a_worry_and_a_chain_is_advised(tmp_path):
    rng = np.random.default_rng(2)
    first = rng.random(300) < 0.5
    y = np.column_stack([first, first ^ (rng.random(300) < 0.05)])
    X = rng.integers(0, 120, (300, 4, 4)).astype(np.uint8)
    X[:, 0, 0] += (100 * first).astype(np.uint8)
    data = Dataset("twins", "image", X, y, source="memory", target_names=("one", "two"))
    found = run(data, models=["logistic"], cv=3, out=tmp_path / "run")
    content = read_content(found.path, data)
    (worry,) = ["".join(part.text for part in one) for one in weaknesses(content)][-1:]
    assert "“one” and “two” go wrong together" in worry
    suggestions = list(advice(content))
    assert any("chain:logistic" in one.command for one in suggestions)
    chained = run(data, models=["logistic", "chain:logistic"], cv=3, out=tmp_path / "chained")
    assert not any("chain" in one.command for one in advice(read_content(chained.path, data)) if "Try" in str(one))
    exact = {name: one["out_of_fold"]["exact_match"]["value"] for name, one in chained.metrics["candidates"].items()}
    assert exact["chain:logistic"] > exact["logistic"]
