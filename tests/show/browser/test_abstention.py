"""Several classes: answers left to a person, and one class against the rest, are as scikit-learn counts them."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from tests.show.browser.test_threshold import expected, figures_on


def _scores(run) -> np.ndarray:
    return run.lines.filter(like="score:").to_numpy()


@pytest.mark.parametrize("margin", [False, True], ids=["highest", "lead"])
def test_what_is_answered_and_how_much_of_it_is_right(visit, ten_classes, margin):
    page = visit(ten_classes.folder)
    if margin:
        page.get_by_role("button", name="lead over the second").click()
    ordered = np.sort(_scores(ten_classes), axis=1)
    sure = ordered[:, -1] - ordered[:, -2] if margin else ordered[:, -1]
    right = (ten_classes.lines["true"] == ten_classes.lines["predicted"]).to_numpy()
    for threshold in np.quantile(sure, np.linspace(0, 1, 20), method="nearest"):
        page.get_by_label("threshold of sureness, typed").fill(repr(float(threshold)))
        page.get_by_label("threshold of sureness, typed").press("Enter")
        found = figures_on(page)
        answered = sure >= threshold
        assert float(found["coverage"]["value"]) == pytest.approx(answered.mean(), abs=1e-12)
        page_accuracy = page.locator(".answered [data-figure=accuracy]").get_attribute("data-value")
        assert float(page_accuracy) == pytest.approx(right[answered].mean(), abs=1e-12)
        assert int(found["left"]["value"]) == (~answered).sum()


def test_a_class_against_the_rest_is_as_scikit_learn_counts(visit, ten_classes):
    page = visit(ten_classes.folder, "#class=3&threshold=0.25")
    scores, y = _scores(ten_classes)[:, 3], (ten_classes.lines["true"] == "3").to_numpy(int)
    for threshold in [0.25, *np.unique(scores)[5:30:5]]:
        page.get_by_label("threshold, typed").fill(repr(float(threshold)))
        page.get_by_label("threshold, typed").press("Enter")
        found = page.evaluate(
            "Object.fromEntries([...document.querySelectorAll('#live-threshold .split:last-child [data-figure]')]"
            ".map((cell) => [cell.dataset.figure, cell.dataset.value]))"
        )
        for key, value in expected(y, scores, float(threshold)).items():
            assert float(found[key]) == pytest.approx(value, abs=1e-12, nan_ok=True), (key, threshold)
        assert metrics.recall_score(y, scores >= threshold) == pytest.approx(float(found["recall"]))


def test_scores_that_are_left_out_for_size_are_spoken_of(visit, ten_classes, monkeypatch, written):
    from tenfold.data.dataset import Dataset
    from tenfold.show.live import block

    monkeypatch.setattr(block, "_SCORE_BYTES", 1_000)
    n = len(ten_classes.made.y)
    labels = np.array(ten_classes.made.task.classes, object)[ten_classes.made.y]
    data = Dataset("d", "image", np.zeros((n, 8, 8), np.uint8), labels, source="d")
    page = visit(written("large", ten_classes.made, data).folder, "#errors/9/8")
    assert "left out to keep this file small" in page.inner_text("#live-threshold")
    assert "in the order of the data" in page.inner_text("#live-matrix .side")
