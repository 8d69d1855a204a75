"""What a run on quantities says of itself: verdict, worries, what to try next, candidates, figures, how it was made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tenfold.analysis.quantities.residuals import error_spread
from tenfold.decimals import figure_texts, percent, percents
from tenfold.figures import Estimate
from tenfold.record.words.caveats import beside_baseline
from tenfold.show.commands import run_again
from tenfold.show.components import NUMBER, Column
from tenfold.show.content import BASELINE, Content
from tenfold.show.drawing.axes import Scale, spanning, zoomed
from tenfold.show.sections.classes.advice import general_advice
from tenfold.show.sections.classes.overview import BOARD as BOARD_OF_CLASSES
from tenfold.show.sections.classes.overview import PROVENANCE as PROVENANCE_OF_CLASSES
from tenfold.show.sections.classes.overview import remark_on
from tenfold.show.sections.quantities.measures import measured
from tenfold.show.sections.verdict.board import Board, BoardWords, board_view
from tenfold.show.sections.verdict.cards import Advice
from tenfold.show.sections.verdict.figures import FigureWords
from tenfold.show.sections.verdict.provenance import Note, ProvenanceWords
from tenfold.show.sections.verdict.verdict import Fact, VerdictWords, about_rows, choice_fact, times_opened
from tenfold.show.words import Number, Sentence, accent, number, numbers, say, strong
from tenfold.text import shown

__all__ = ["FIGURES", "PROVENANCE", "VERDICT", "advice", "board_scale", "quantity_board", "weaknesses"]

_WIDE = 0.2
_UNEVEN = 1.5


def _about(content: Content) -> str:
    return about_rows(content, content.task.summary)


def _headline(content: Content) -> Sentence:
    name = shown(content.chosen, 40)
    if len(content.classes) > 1:
        r2 = content.figures["r2"].value
        explained = "undefined" if r2 is None else percent(r2)
        return say(
            f"{name} explains ", accent(explained), f" of the variance, mean over {len(content.classes)} targets."
        )
    if content.figures["median_absolute_error"].value == 0 and not content.streamed:
        exact = percent(float((content.quantity.errors == 0).mean()))
        return say(f"{name} predicts ", accent(exact), f" of the {content.noun()} exactly.")
    middle = number("median_absolute_error", content.figures["median_absolute_error"]).text
    return say(f"{name} is off by less than ", accent(middle), f" for half of the {content.noun()}.")


def _lead(content: Content) -> Sentence:
    rows = f"on {content.rows:,} training {content.noun(content.rows)} it was not trained on"
    if len(content.classes) > 1:
        interval = _percent_interval(content.figures["r2"])
        return say(f"R², 95 % interval {interval}, {rows}." if interval else f"{rows[:1].upper()}{rows[1:]}.")
    figures = content.figures
    middle, rmse, *mean = numbers(
        [*((key, figures[key]) for key in ("median_absolute_error", "rmse")), *_of_the_mean(content)]
    )
    is_named = bool(middle.range) and middle.value != 0
    first = f"95 % interval {middle.range}, {rows}. " if is_named else f"{rows[:1].upper()}{rows[1:]}. "
    interval = f" ({rmse.range})" if rmse.range else ""
    beside = f"; always predicting the mean has {mean[0].text}" if mean else ""
    return say(f"{first}Large errors weigh more in the RMSE: {rmse.text}{interval}{beside}.")


def _percent_interval(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return ""
    low, high = percents([estimate.low, estimate.high])
    return f"{low.removesuffix(' %')} to {high}"


def _of_the_mean(content: Content) -> list[tuple[str, Estimate]]:
    """The RMSE of the baseline, without its interval."""
    baseline = content.baseline
    if baseline is None or content.chosen == BASELINE:
        return []
    return [("rmse", replace(baseline.out_of_fold["rmse"], low=None, high=None))]


def _no_better(content: Content) -> Sentence:
    return say(beside_baseline(content.metrics))


def _facts(content: Content) -> tuple[Fact, ...]:
    facts = (_test(content), _coverage(content), choice_fact(content, _decision(content)))
    return tuple(one for one in facts if one is not None)


def _test(content: Content) -> Fact:
    key = "rmse" if len(content.classes) == 1 else "r2"
    mine, theirs = numbers([(key, content.test[key]), (key, content.test_baseline[key])])
    interval = f"({mine.range}) " if mine.range else ""
    beside = f"; the baseline {theirs.text}" if theirs.value is not None else ""
    name = "RMSE" if key == "rmse" else "R²"
    note = f"{interval}on {mine.n:,} {content.noun(mine.n)} kept apart, opened {times_opened(content)}{beside}"
    return Fact(f"{name} on the test set", mine.text, note, calls=content.openings > 1)


def _coverage(content: Content) -> Fact | None:
    interval, held = content.decision.interval, content.test.get("coverage")
    if interval is None or held is None or held.value is None:
        return Fact("Intervals", "none", "too few rows for an interval that holds 90 % of new values")
    one = number("coverage", held)
    missed = held.high is not None and held.high < interval.coverage
    asked = f"{percent(interval.coverage)} asked for"
    width = ""
    if len(content.classes) == 1:
        width = f"; {number('width', content.test['width']).text} wide"
    note = f"({one.range}) on {one.n:,} test {content.noun(one.n)}; {asked}{width}"
    return Fact("Test values inside their intervals", one.text, note, calls=missed)


def _decision(content: Content) -> str:
    decision = content.decision
    parts = []
    if decision.shift is not None:
        moved = measured(decision.shift[0]) if len(content.classes) == 1 else "a number for each target"
        parts.append(f"predictions are moved by {moved}, by the rule {shown(content.rule, 40)}")
    if decision.interval is not None:
        parts.append(f"intervals hold {percent(decision.interval.coverage)}")
    return "; ".join(parts) or "its own predictions are used"


VERDICT = VerdictWords(_about, _headline, _lead, _no_better, _facts)


def weaknesses(content: Content) -> Iterator[Sentence]:
    """Yield sentences on where errors are large: rows that are predicted high, and a bias beyond chance."""
    if content.streamed:
        return
    yield from _uneven(content)
    yield from _biased(content)
    yield from _outside(content)


def _uneven(content: Content) -> Iterator[Sentence]:
    column = content.quantity
    spread = error_spread(column.predicted, column.errors)
    if spread is None or 1 / _UNEVEN < spread.low < _UNEVEN or 1 / _UNEVEN < spread.high < _UNEVEN:
        return
    if spread.low > _UNEVEN:
        yield say(
            strong("Errors grow with the prediction"),
            f": {spread.ratio:.1f} times as large where it is highest as where it is lowest.",
        )
    elif spread.high < 1 / _UNEVEN:
        yield say(
            strong("Errors shrink with the prediction"),
            f": {1 / spread.ratio:.1f} times as large where it is lowest as where it is highest.",
        )


def _biased(content: Content) -> Iterator[Sentence]:
    """A shift that was asked for is no bias to worry about."""
    bias = content.figures.get("bias")
    if bias is None or bias.low is None or bias.high is None or content.decision.shift is not None:
        return
    if len(content.classes) > 1 or bias.low <= 0 <= bias.high:
        return
    one = number("bias", bias)
    way = "high" if bias.low > 0 else "low"
    yield say(strong(f"Predictions are too {way} on average"), f", by {one.text.lstrip('+-')} ({one.range}).")


def _outside(content: Content) -> Iterator[Sentence]:
    """Fewer test values inside their intervals than chance explains."""
    interval, held = content.decision.interval, content.test.get("coverage")
    if interval is None or held is None or held.high is None or held.high >= interval.coverage:
        return
    one = number("coverage", held)
    yield say(
        strong("Intervals hold too few test values"),
        f": {one.text} ({one.range}) where {percent(interval.coverage)} were asked for.",
    )


def advice(content: Content) -> Iterator[Advice]:
    """Yield what the figures of quantities suggest, then what those of any run would."""
    yield from _logarithm(content)
    yield from _more_rows(content)
    yield from general_advice(content)


def _logarithm(content: Content) -> Iterator[Advice]:
    """Errors that grow with values above 0 are often alike in percent."""
    if content.streamed or len(content.classes) > 1 or content.config.get("target_transform"):
        return
    column = content.quantity
    spread = error_spread(column.predicted, column.errors)
    if spread is not None and spread.low > _UNEVEN and float(column.y.min()) > 0:
        reason = ": errors grow with the prediction, so they may be alike in percent, which a logarithm makes even."
        command = run_again(content.config, target_transform="log")
        yield Advice(say(strong("Judge models of its logarithm too"), reason), command)


def _more_rows(content: Content) -> Iterator[Advice]:
    rmse = content.figures["rmse"]
    if not rmse.value or rmse.low is None or rmse.high is None or len(content.classes) > 1:
        return
    width = (rmse.high - rmse.low) / rmse.value
    if width > _WIDE:
        reason = (
            f": the interval of the RMSE ({number('rmse', rmse).range}) is {percent(width)} of it wide; four times the "
            "rows halve it."
        )
        yield Advice(say(strong("Get more rows"), reason))


def quantity_board(content: Content) -> Board:
    """Lay out the candidates with the figure that orders them and up to two more."""
    further = (("rmse", "RMSE"), ("median_absolute_error", "half of all errors"), ("mae", "mean absolute error"))
    own = tuple(_further(key, head) for key, head in further if key != content.metric)
    return board_view(content, replace(_BOARD, further=own[:2]))


def _further(key: str, head: str) -> tuple[str, Callable[[Content], Column]]:
    return key, lambda content: Column(head, NUMBER, "below" if key == "median_absolute_error" else "")


_FAR_WORSE, _FAR_WORSE_R2 = 2.0, -3.0
"""Times the error of the baseline; an error twice as large is an R² of -3."""


def board_scale(key: str, names: Sequence[str], values: Sequence[Number]) -> Scale:
    """
    Return a scale of the real candidates that begins at nothing.

    The baseline, and candidates so much worse than it that the others would stand on one spot, are marked outside.
    """
    of = dict(zip(names, values, strict=True))
    real = [one for name, one in of.items() if name != BASELINE] or list(values)
    real = [one for one in real if not _is_far_worse(key, one, of.get(BASELINE))] or real
    ends = [end for one in real for end in (one.low, one.value, one.high) if end is not None]
    if not ends:
        return Scale(0.0, 1.0)
    return zoomed(ends, floor=-1e9, ceiling=1.0) if key.startswith("r2") else spanning(ends)


def _is_far_worse(key: str, one: Number, baseline: Number | None) -> bool:
    if one.value is None or key.startswith(("bias", "coverage")):
        return False
    if key.startswith("r2"):
        return one.value < _FAR_WORSE_R2
    return baseline is not None and baseline.value is not None and one.value > _FAR_WORSE * baseline.value


def _zoom(content: Content, scale: Scale) -> str:
    key = content.metric
    low, high = (text.value for text in figure_texts((key, {"value": end}) for end in (scale.low, scale.high)))
    return f"The scale of the dots runs from {low} to {high}."


def _remark(content: Content, name: str) -> str:
    return remark_on(content, name, "always the mean")


def _board_caption(content: Content) -> str:
    unit = "the unit of the target" if len(content.classes) == 1 else "the unit of the figure"
    return (
        f"All predicted the same {content.rows:,} training {content.noun()}, judged on the same {content.folds} folds. "
        f"Differences are paired, in {unit}."
    )


_BOARD: BoardWords = replace(BOARD_OF_CLASSES, caption=_board_caption, zoom=_zoom, scale=board_scale, remark=_remark)


def _figure_caption(content: Content) -> str:
    targets = (
        ""
        if len(content.classes) == 1
        else f" First the means over the {len(content.classes)} targets, then each of them."
    )
    return (
        f"Pooled over the folds, with what each fold gives alone. n is the number of {content.noun()} a figure was "
        f"computed on. Errors are in the unit of the target; bias is predicted less true.{targets}"
    )


FIGURES = FigureWords(_figure_caption, ", at the decision in force", ", as it predicts", baseline_on_test=True)


def _notes(content: Content) -> tuple[Note, ...]:
    *first, _ = PROVENANCE_OF_CLASSES.notes(content)
    return (
        *first,
        Note("Baseline", "always the mean of the training rows. What is not better than that has learned nothing."),
        Note(
            "RMSE",
            "root mean squared error: errors are squared, averaged, and the root is taken, so that a few large errors "
            "weigh more than many small ones. In the unit of the target.",
        ),
        Note(
            "Interval of a prediction",
            "the prediction, less and plus an amount that held the asked share of errors on rows that the models had "
            "not seen. It is right for all rows together, not for each kind of row.",
        ),
        Note("R²", "the share of the variance of the true values that predictions explain; 0 for the mean alone."),
    )


PROVENANCE: ProvenanceWords = replace(PROVENANCE_OF_CLASSES, notes=_notes)
