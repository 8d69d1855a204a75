"""Curves and comparisons as views: what is drawn, what is said where something is missing."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
import samples
from run_folders import Answers
from sklearn import metrics as sk

from tenfold.figures.curves.planes import PLANES
from tenfold.show.content import read_content
from tenfold.show.sections.decision.compare import compare_view, schemes
from tenfold.show.sections.decision.curves import curves_view


def test_each_curve_says_its_plane_and_scales_and_its_ring_is_the_decision(detector):
    view = curves_view(read_content(detector.folder))
    assert [one.plane for one in view.drawings] == list(PLANES)
    figures = detector.metrics["candidates"][detector.metrics["chosen"]]["decision"]["out_of_fold"]
    recall, precision = figures["recall"]["value"], figures["precision"]["value"]
    share = float((detector.made.y == 1).mean())
    wanted = {"pr": (recall, precision), "roc": (1 - figures["specificity"]["value"], recall),
              "lift": (recall * share / precision, precision / share)}  # fmt: skip
    for drawing in view.drawings:
        x, y = drawing.x_scale, drawing.y_scale
        sides = f'data-x0="{x.low}" data-x1="{x.high}" data-y0="{y.low}" data-y1="{y.high}"'
        assert f'data-curve="{drawing.plane}" {sides}' in detector.html
        if drawing.plane in wanted:
            across, up = wanted[drawing.plane]
            assert drawing.mark.x == pytest.approx(100 * across / x.high, abs=0.02)
            assert 100 - drawing.mark.y == pytest.approx(100 * up / y.high, abs=0.02)


def test_areas_beside_the_names_are_scikit_learns(detector):
    made = detector.made
    view = curves_view(read_content(detector.folder))
    for plane, area in (("pr", sk.average_precision_score), ("roc", sk.roc_auc_score)):
        drawing = next(one for one in view.drawings if one.plane == plane)
        for series in drawing.series:
            name, said = re.fullmatch(r"(\S+)\s+(\S+)", series.label).groups()
            assert float(said) == pytest.approx(area(made.y, made.answers[name].scores), abs=6e-4)


def test_a_candidate_without_scores_is_named_and_the_others_are_drawn(drawn):
    made = samples.detector()
    silent = Answers(made.answers["knn"].predicted, None, False)
    page = drawn("silent", replace(made, answers={**made.answers, "knn": silent}))
    view = curves_view(read_content(page.folder))
    assert len(view.drawings) == len(PLANES)
    assert all("knn" not in series.label for drawing in view.drawings for series in drawing.series)
    assert "knn gives answers without scores" in view.legend
    assert "knn gives answers without scores" in page.html


@pytest.mark.parametrize("scores", [np.full(400, 0.5), np.linspace(0, 1, 400)])
def test_equal_scores_and_three_positives_are_drawn(drawn, scores):
    made = samples.invented(2, ("no", "yes"))
    y = np.zeros(400, int)
    y[[5, 105, 250]] = 1
    said = {"baseline": made.answers["baseline"], "forest": Answers((scores >= 0.5).astype(int), scores),
            "knn": made.answers["knn"]}  # fmt: skip
    page = drawn(f"few-{scores[0]}", replace(made, y=y, answers=said))
    assert len(curves_view(read_content(page.folder)).drawings) == len(PLANES)
    assert "nan" not in re.search(r'<section id="curves".*?</section>', page.html, re.DOTALL).group(0).lower()


def test_several_classes_have_their_mean_and_each_its_own(digits):
    view = curves_view(read_content(digits.folder))
    assert [one.plane for one in view.drawings] == ["pr", "roc"]
    assert any("pooled" in series.label for series in view.drawings[0].series)
    made = digits.made
    for code, small in enumerate(view.smalls):
        wanted = sk.roc_auc_score(made.y == code, made.answers["forest"].scores[:, code])
        assert float(small.area) == pytest.approx(wanted, abs=6e-4)


def test_the_chosen_candidate_is_compared_with_each_other_one(digits):
    view = compare_view(read_content(digits.folder))
    made = digits.made
    right = {name: said.predicted == made.y for name, said in made.answers.items()}
    assert {pair.first for pair in view.pairs} == set(right) - {"forest", "baseline"}
    for pair in view.pairs:
        other = right[pair.first]
        assert (pair.fixed, pair.broken) == (
            str((right["forest"] & ~other).sum()),
            str((other & ~right["forest"]).sum()),
        )
        assert len(pair.sides[0].instances) == min(24, int(pair.fixed))


def test_one_estimator_under_two_schemes_is_set_side_by_side(drawn):
    made = samples.digits()
    said = {**made.answers, "svm": made.answers["knn"], "svm:ovr": made.answers["bayes"]}
    content = read_content(drawn("schemes", replace(made, answers=said)).folder)
    found = {one.name: one for one in schemes(content)}
    assert set(found) == {"svm", "svm:ovr"}
    assert found["svm:ovr"].how == "one detector a class"
    matrix = sk.confusion_matrix(made.y, made.answers["bayes"].predicted)
    both = np.triu(matrix + matrix.T, 1)
    a, b = np.unravel_index(both.argmax(), both.shape)
    assert found["svm:ovr"].hardest.startswith(f"{a} and {b} ({both.max()})")


def test_without_schemes_nothing_is_said_of_them(digits):
    assert schemes(read_content(digits.folder)) == ()
