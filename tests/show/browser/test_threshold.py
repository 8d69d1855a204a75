"""Every number that follows the threshold is scikit-learn's, on the very scores of the run."""

from __future__ import annotations

import math
import os
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from tenfold.decimals import figure_texts
from tenfold.decision.rule import parse_rule
from tenfold.decision.threshold import choose_decision
from tenfold.errors import UsageError
from tenfold.figures.confusion import Margins, f1, mcc
from tenfold.figures.confusion import recall as recall_of
from tenfold.figures.evaluate import confusion_estimates
from tenfold.figures.intervals.bootstrap import percentile_interval, resampled_margins
from tenfold.tasks import ClassTask


def f1_of(margins: Margins) -> np.ndarray:
    return margins.one(f1, 1)


def balanced(margins: Margins) -> np.ndarray:
    return margins.each(recall_of).mean(-1)


def expected(y: np.ndarray, scores: np.ndarray, threshold: float) -> dict[str, float]:
    called = (scores >= threshold).astype(int)
    undefined = {"zero_division": np.nan}
    return {
        "precision": metrics.precision_score(y, called, **undefined),
        "recall": metrics.recall_score(y, called, **undefined),
        "specificity": metrics.recall_score(1 - y, 1 - called, **undefined),
        "f1": metrics.f1_score(y, called, **undefined),
        "accuracy": metrics.accuracy_score(y, called),
        "balanced_accuracy": metrics.balanced_accuracy_score(y, called),
        "mcc": metrics.matthews_corrcoef(y, called) if 0 < called.sum() < len(called) else math.nan,
    }


def figures_on(page) -> dict[str, dict[str, str]]:
    return page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('#live-threshold [data-figure]')]"
        ".map((cell) => [cell.dataset.figure, { ...cell.dataset, text: cell.textContent, "
        "interval: cell.closest('tr')?.cells[2].textContent }]))"
    )


def counts_on(page) -> list[list[int]]:
    return page.evaluate(
        "[...document.querySelectorAll('#live-matrix .matrix tbody tr:not(.sum-row)')].map((row) => "
        "[...row.cells].slice(1, 3).map((cell) => Number(cell.textContent.replaceAll(',', ''))))"
    )


def assert_true(page, y: np.ndarray, scores: np.ndarray, threshold: float) -> None:
    found = figures_on(page)
    called = (scores >= threshold).astype(int)
    for key, value in expected(y, scores, threshold).items():
        shown = float(found[key]["value"])
        assert math.isnan(shown) if math.isnan(value) else shown == pytest.approx(value, abs=1e-12), (key, threshold)
    assert_estimates_of_python(found, metrics.confusion_matrix(y, called, labels=[0, 1]))
    assert counts_on(page) == metrics.confusion_matrix(y, called, labels=[0, 1]).tolist()


def assert_estimates_of_python(found: dict[str, dict[str, str]], matrix: np.ndarray) -> None:
    """One figure has one interval and one text: those of metrics.json at the same decision."""
    task = ClassTask(("no", "yes"), positive="yes")
    estimates = confusion_estimates(task, matrix, np.zeros((0, 2, 2)))
    texts = figure_texts((key, one.as_dict()) for key, one in estimates.items())
    for (key, one), text in zip(estimates.items(), texts, strict=True):
        cell = found[key]
        assert (cell["text"].replace("\xa0", " "), cell["interval"]) == (text.value, text.interval), key
        for end in ("low", "high"):
            wanted = getattr(one, end)
            assert float(cell[end]) == pytest.approx(math.nan if wanted is None else wanted, abs=1e-9, nan_ok=True)


def answers(run) -> tuple[np.ndarray, np.ndarray]:
    lines = run.lines if hasattr(run, "lines") else run
    scores = lines.filter(like="score:").iloc[:, 0]
    positive = scores.name.removeprefix("score:")
    return (lines["true"] == positive).to_numpy(int), scores.to_numpy()


def shown(page):
    """The threshold as it stands in the box: as short as the answers allow."""
    return float(page.input_value("#live-threshold .typed"))


def exact(page):
    return float(page.get_attribute("#live-threshold .typed", "data-value"))


def slide(page, position: float) -> float:
    """Put the slider at a share of its way, as a hand would, and give the threshold it shows."""
    page.evaluate(
        "(share) => { const slider = document.querySelector('#live-threshold .threshold-slider');"
        "slider.value = Number(slider.min) + share * (slider.max - slider.min);"
        "slider.dispatchEvent(new Event('input')); }",
        position,
    )
    return shown(page)


def type_threshold(page, text: str) -> None:
    page.fill("#live-threshold .typed", text)
    page.press("#live-threshold .typed", "Enter")


@pytest.mark.parametrize("name", ["eights", "margins"])
def test_the_page_begins_with_the_decision_in_force(visit, request, name):
    run = request.getfixturevalue(name)
    y, scores = answers(run)
    page = visit(run.folder)
    threshold = run.made.answers[run.made.chosen].threshold
    assert shown(page) == threshold
    assert_true(page, y, scores, threshold)
    assert "Every answer is as under the decision in force." in page.inner_text(".flips")


@pytest.mark.parametrize("name", ["eights", "margins"])
def test_every_number_at_fifty_positions_of_the_slider_is_right(visit, request, name):
    run = request.getfixturevalue(name)
    y, scores = answers(run)
    page = visit(run.folder)
    for position in np.linspace(0, 1, 50):
        assert_true(page, y, scores, slide(page, position))


@pytest.mark.parametrize("name", ["eights", "margins"])
def test_a_typed_threshold_that_equals_a_score_calls_that_row_positive(visit, request, name):
    run = request.getfixturevalue(name)
    y, scores = answers(run)
    page = visit(run.folder)
    for threshold in np.random.default_rng(1).choice(np.unique(scores), 12, replace=False):
        type_threshold(page, repr(float(threshold)))
        assert_true(page, y, scores, float(threshold))
    beyond = float(np.nextafter(scores.max(), np.inf))
    type_threshold(page, repr(beyond))
    assert_true(page, y, scores, beyond)


RULES = [("precision ≥ 90", "precision>=0.9"), ("recall ≥ 95", "recall>=0.95"), ("best F1", "f1")]


@pytest.mark.parametrize(("button", "rule"), RULES)
@pytest.mark.parametrize("name", ["eights", "margins"])
def test_a_rule_finds_the_threshold_that_the_command_finds(visit, request, name, button, rule):
    run = request.getfixturevalue(name)
    y, scores = answers(run)
    page = visit(run.folder)
    page.get_by_role("button", name=button).click()
    try:
        chosen = choose_decision(parse_rule(rule), y, scores, probabilities=False, classes=("no", "yes"))
    except UsageError:
        assert "No threshold reaches precision ≥ 90" in page.inner_text("#live-threshold .refusal")
        return
    assert exact(page) == chosen.threshold
    assert np.array_equal(scores >= shown(page), scores >= chosen.threshold)
    assert f"tenfold decide {run.folder.name} '{rule}'" in page.inner_text(".about-threshold")


@pytest.mark.parametrize("prices", [(1, 1), (1, 10), (30, 1), (1, 0)])
def test_the_cheapest_threshold_is_the_one_the_command_finds(visit, margins, prices):
    y, scores = answers(margins)
    page = visit(margins.folder)
    for label, price in zip(("cost of a false alarm", "cost of a miss"), prices, strict=True):
        page.get_by_label(label).fill(str(price))
    page.get_by_role("button", name="cheapest").click()
    rule = parse_rule(f"cost fp={prices[0]} fn={prices[1]}")
    threshold = choose_decision(rule, y, scores, probabilities=False, classes=("no", "yes")).threshold
    assert exact(page) == threshold
    called = scores >= threshold
    cost = prices[0] * (called & (y == 0)).sum() + prices[1] * (~called & (y == 1)).sum()
    assert float(figures_on(page)["cost"]["value"]) == cost


def test_an_address_sets_the_threshold_and_the_threshold_the_address(visit, margins):
    y, scores = answers(margins)
    page = visit(margins.folder, "#threshold=-12.5")
    assert_true(page, y, scores, -12.5)
    type_threshold(page, "3.25")
    assert page.evaluate("location.hash") == "#threshold=3.25"


def test_what_is_no_number_is_told_and_changes_nothing(visit, eights):
    page = visit(eights.folder)
    type_threshold(page, "high")
    assert "“high” is not a number" in page.inner_text("#live-threshold .refusal")
    assert shown(page) == 0.35


def test_keys_move_the_slider(visit, eights):
    y, scores = answers(eights)
    page = visit(eights.folder)
    page.focus(".threshold-slider")
    page.keyboard.press("ArrowRight")
    assert shown(page) == pytest.approx(0.355)
    assert_true(page, y, scores, shown(page))


def test_flips_are_the_rows_between_the_two_thresholds(visit, margins):
    y, scores = answers(margins)
    page = visit(margins.folder)
    in_force = shown(page)
    lower = float(np.sort(scores[scores < in_force])[-7])
    type_threshold(page, repr(lower))
    turned = np.flatnonzero((scores >= lower) & (scores < in_force))
    told = page.inner_text(".flips")
    assert f"{len(turned)} images now called “8”" in told
    assert f"{int(y[turned].sum())} rightly" in told
    rows = [int(row) for row in page.get_attribute(".flips [data-rows]", "data-rows").split()]
    assert rows == sorted(turned.tolist(), key=lambda i: -scores[i])


def test_a_bar_of_the_histogram_opens_its_instances(visit, eights):
    y, scores = answers(eights)
    page = visit(eights.folder)
    page.locator('.bar-buttons button[data-of="1"][data-bar="18"]').click()
    inside = np.flatnonzero((y == 1) & (scores >= 0.5) & (scores < 19 / 36))
    page.wait_for_selector("#live-threshold .panel")
    shown = page.locator("#live-threshold .panel [data-row]").evaluate_all(
        "all => all.map((one) => Number(one.dataset.row))"
    )
    assert sorted(shown) == inside.tolist()


def test_a_mark_moves_on_every_curve(visit, margins):
    y, scores = answers(margins)
    page = visit(margins.folder)
    type_threshold(page, repr(float(np.quantile(scores[y == 1], 0.7))))
    rates = expected(y, scores, shown(page))
    called = (scores >= shown(page)).mean()
    recall, alarms = rates["recall"], 1 - rates["specificity"]
    wanted = {"pr": (recall, rates["precision"]), "roc": (alarms, recall), "det": (alarms, 1 - recall),
              "gain": (called, recall), "lift": (called, recall / called)}  # fmt: skip
    for name, (x, height) in wanted.items():
        curve = page.locator(f'svg[data-curve="{name}"]')
        x0, x1, y0, y1 = (float(curve.get_attribute(f"data-{side}")) for side in ("x0", "x1", "y0", "y1"))
        across, up = (x - x0) / (x1 - x0), (height - y0) / (y1 - y0)
        mark = curve.locator("> .live-mark")
        if not (0 <= across <= 1 and 0 <= up <= 1):
            assert "none" in mark.get_attribute("style")
            continue
        assert float(mark.get_attribute("cx").rstrip("%")) == pytest.approx(100 * across)
        assert float(mark.get_attribute("cy").rstrip("%")) == pytest.approx(100 - 100 * up)


@pytest.mark.parametrize(("key", "formula"), [("f1", f1_of), ("balanced_accuracy", balanced), ("mcc", mcc)])
@pytest.mark.parametrize("share", [0.2, 0.6, 0.9])
def test_intervals_of_what_is_no_share_agree_with_the_bootstrap(visit, eights, key, formula, share):
    y, scores = answers(eights)
    page = visit(eights.folder, f"#threshold={np.quantile(scores[y == 1], share)}")
    matrix = metrics.confusion_matrix(y, scores >= shown(page))
    drawn = resampled_margins(matrix, matrix, matrix, 2000, 0)
    low, high = percentile_interval(formula(drawn), float(formula(Margins.of(matrix))), (-1.0, 1.0))
    found = figures_on(page)[key]
    assert float(found["low"]) == pytest.approx(low, abs=0.03)
    assert float(found["high"]) == pytest.approx(high, abs=0.03)


MNIST_RUN = os.environ.get("TENFOLD_MNIST_DETECTOR")


@pytest.mark.slow
def test_sixty_thousand_rows_move_in_less_than_fifty_milliseconds(visit):
    if MNIST_RUN is None:
        pytest.skip("set TENFOLD_MNIST_DETECTOR to the folder of a run that detects a digit of MNIST")
    folder = Path(MNIST_RUN)
    lines = pd.read_parquet(folder / "out_of_fold.parquet")
    chosen = pd.read_json(folder / "metrics.json", typ="series")["chosen"]
    y, scores = answers(lines[lines["candidate"] == chosen])
    page = visit(folder)
    for position in np.linspace(0, 1, 50):
        assert_true(page, y, scores, slide(page, position))
    milliseconds = page.evaluate(MEASURE)
    print(f"median {np.median(milliseconds):.1f} ms, slowest {max(milliseconds):.1f} ms", time.strftime("%F"))
    assert np.quantile(milliseconds, 0.95) < 50


MEASURE = """() => {
  const slider = document.querySelector('#live-threshold .threshold-slider');
  const taken = [];
  for (let step = 0; step < 200; step += 1) {
    const begun = performance.now();
    slider.value = Number(slider.min) + ((37 * step) % 200) / 200 * (slider.max - slider.min);
    slider.dispatchEvent(new Event('input'));
    document.body.getBoundingClientRect();
    taken.push(performance.now() - begun);
  }
  return taken;
}"""
