"""What a run on classes says of itself: verdict, worries, candidates, all figures, how it was made."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

import numpy as np

from tenfold.decimals import is_rate, percent
from tenfold.record.augmentation import augmentation_sentence
from tenfold.record.entries.manifest import StreamedRecord
from tenfold.record.words.caveats import beside_baseline
from tenfold.record.words.verdict import metric_words_of
from tenfold.show.commands import source_command
from tenfold.show.content import BASELINE, Content
from tenfold.show.drawing.axes import Scale, zoomed
from tenfold.show.sections.verdict.board import BoardWords, without_baseline
from tenfold.show.sections.verdict.figures import FigureWords
from tenfold.show.sections.verdict.provenance import (
    INTERVAL,
    OUT_OF_FOLD,
    Note,
    ProvenanceWords,
    Step,
    data_step,
    fingerprint_step,
    finished_step,
    test_note,
    test_step,
    version_steps,
)
from tenfold.show.sections.verdict.verdict import Fact, VerdictWords, about_rows, choice_fact, times_opened
from tenfold.show.words import Number, Sentence, accent, cell_address, number, quoted, say, share, strong
from tenfold.text import shown

__all__ = ["BOARD", "DETECTOR_VERDICT", "FIGURES", "PROVENANCE", "VERDICT", "remark_on", "weaknesses"]


def _about(content: Content) -> str:
    return about_rows(content, f"{len(content.classes)} classes")


def _headline(content: Content) -> Sentence:
    return say(
        f"{shown(content.chosen, 40)} gets ",
        accent(number("accuracy", content.figures["accuracy"]).text),
        f" of the {content.rows:,} training {content.noun(content.rows)} right.",
    )


def _lead(content: Content) -> Sentence:
    interval = number("accuracy", content.figures["accuracy"]).range
    return say(f"95 % interval {interval}, on {content.noun()} it was not trained on. ", _always(content))


def _detector_headline(content: Content) -> Sentence:
    recall, precision = (number(key, content.figures[key]) for key in ("recall", "precision"))
    if precision.value is None:
        return _headline(content)
    return say(
        f"{shown(content.chosen, 40)} finds ",
        accent(recall.text),
        f" of all {quoted(content.spoken_positive)}; ",
        accent(precision.text),
        " of what it calls so is right.",
    )


def _detector_lead(content: Content) -> Sentence:
    recall, precision = (number(key, content.figures[key]) for key in ("recall", "precision"))
    if precision.value is None:
        return _lead(content)
    intervals = f"95 % intervals {recall.range} and {precision.range}"
    return say(f"{intervals}, on {content.noun()} it was not trained on. ", _always(content))


def _always(content: Content) -> str:
    """What the same answer for all is worth on the training rows: the baseline's figure, if it was judged."""
    baseline = content.baseline
    if baseline is None:
        counts = content.decision.confusion_matrix.sum(axis=1)
        predicted, right = counts == counts.max(), percent(float(counts.max() / counts.sum()))
    else:
        predicted = baseline.confusion_matrix.any(axis=0)
        right = share(baseline.out_of_fold["accuracy"])
    always = (
        quoted(content.spoken(content.classes[int(predicted.argmax())]))
        if predicted.sum() == 1
        else "the most frequent class"
    )
    return f"Always answering {always} would be right {right} of the time."


def _no_better(content: Content) -> Sentence:
    return say(beside_baseline(content.metrics))


def _facts(content: Content) -> tuple[Fact, ...]:
    accuracy = number("accuracy", content.test["accuracy"])
    note = f"right ({accuracy.range}) of {_kept_apart(content)}"
    test = Fact("On the test set", accuracy.text, note, calls=content.openings > 1)
    return test, _on_each_fold(content), _choice(content, "the class with the highest score is answered")


def _detector_facts(content: Content) -> tuple[Fact, ...]:
    recall, precision = (number(key, content.test[key]) for key in ("recall", "precision"))
    note = f"found ({recall.range}) · right when called ({precision.range or precision.reason}), {_kept_apart(content)}"
    test = Fact("On the test set", f"{recall.text} · {precision.text}", note, calls=content.openings > 1)
    return test, _any_class(content), _choice(content, "its own decision is used")


def _kept_apart(content: Content) -> str:
    n = int(content.test["accuracy"].n)
    return f"{n:,} {content.noun(n)} kept apart; opened {times_opened(content)}"


def _on_each_fold(content: Content) -> Fact:
    """How far the folds lie apart."""
    accuracy = content.figures["accuracy"]
    alone = sorted(value for value in accuracy.folds if value is not None)
    if not alone:
        return _any_class(content)
    low, high = percent(alone[0]).removesuffix(" %"), percent(alone[-1])
    note = f"{len(alone)} folds; {share(accuracy)} over all of them"
    return Fact("On each fold alone", f"{low} to {high}", note)


def _any_class(content: Content) -> Fact:
    baseline = content.baseline
    figures = content.test_baseline if baseline is None else baseline.out_of_fold
    mine, theirs = number("accuracy", content.figures["accuracy"]), number("accuracy", figures["accuracy"])
    where = "on the test set" if baseline is None else "judged the same way"
    note = f"({mine.range}); the baseline {theirs.text} ({theirs.range}), {where}"
    return Fact("Right answers, any class", mine.text, note)


def _choice(content: Content, own: str) -> Fact:
    if content.threshold is None:
        return choice_fact(content, own)
    threshold = f"threshold {content.threshold:.4g}, set on out-of-fold scores by the rule {shown(content.rule, 40)}"
    return choice_fact(content, threshold)


VERDICT = VerdictWords(_about, _headline, _lead, _no_better, _facts)
DETECTOR_VERDICT = VerdictWords(_about, _detector_headline, _detector_lead, _no_better, _detector_facts)


def weaknesses(content: Content) -> Iterator[Sentence]:
    """Yield sentences on the most frequent confusion and, if it stands out, the lowest recall."""
    yield _confusion(content)
    yield from _lowest_recall(content)


def _confusion(content: Content) -> Sentence:
    """The cell off the diagonal with the most rows."""
    matrix = np.array(content.decision.confusion_matrix)
    errors = matrix - np.diag(np.diag(matrix))
    if not errors.any():
        return say(f"No training {content.noun(1)} of any class was taken for another.")
    actual, called = np.unravel_index(errors.argmax(), errors.shape)
    count, all_errors = int(errors[actual, called]), int(errors[actual].sum())
    name, other = quoted(content.spoken(content.classes[actual])), quoted(content.spoken(content.classes[called]))
    opens = cell_address(content.classes[actual], content.classes[called])
    if content.positive is not None:
        return say(
            strong(f"{name} called {other}", opens), f" is the more frequent error: {count:,} of {int(errors.sum()):,}."
        )
    share = percent(count / all_errors)
    times = "once" if count == 1 else f"{count:,} times"
    return say(
        strong(f"{name} is called {other}", opens),
        f" more than any other confusion: {times}, {share} of the errors on {name}.",
    )


def _lowest_recall(content: Content) -> Iterator[Sentence]:
    keys = [f"recall:{name}" for name in content.classes]
    known = {key: number(key, content.figures[key]) for key in keys if key in content.figures}
    ranked = sorted((one.value, key) for key, one in known.items() if one.value is not None)
    if len(ranked) < 3:
        return
    (_, worst), (_, best) = ranked[0], ranked[-1]
    low, high = known[worst], known[best]
    if low.high is None or high.low is None or low.high >= high.low:
        return
    yield say(
        strong("Recall differs by class", cell_address(worst.removeprefix("recall:"), "")),
        f": {quoted(worst.removeprefix('recall:'))} at {low.text} ({low.range}), "
        f"{quoted(best.removeprefix('recall:'))} at {high.text} ({high.range}).",
    )


def _board_caption(content: Content) -> str:
    """Return on which rows the candidates were judged."""
    unit = "in points of a percent scale" if is_rate(content.metric) else "in the unit of the figure"
    return (
        f"All answered the same {content.rows:,} training {content.noun()}, judged on the same {content.folds} folds, "
        f"each by its own default decision. Differences are paired, {unit}."
    )


def _zoom(content: Content, scale: Scale) -> str:
    low, high = (percent(end) if is_rate(content.metric) else f"{end:g}" for end in (scale.low, scale.high))
    return "" if (scale.low, scale.high) == (0, 1) else f"The scale of the dots is zoomed: {low} to {high}."


def _board_scale(key: str, names: Sequence[str], values: Sequence[Number]) -> Scale:
    """Return a scale of the real candidates; the baseline is marked where it lies outside."""
    real = [one for name, one in zip(names, values, strict=True) if name != BASELINE] or list(values)
    ends = [end for one in real for end in (one.low, one.value, one.high) if end is not None]
    losses = key.startswith(("log_loss", "brier"))
    return zoomed(ends, floor=-1.0 if key == "mcc" else 0.0, ceiling=max([1.0, *ends]) if losses else 1.0)


def _spoken_figure(content: Content) -> str:
    """Return the name of the figure that orders the candidates."""
    return metric_words_of(content.task, content.metric)


def _board_title(names: Sequence[str]) -> str:
    """Return which candidate is ahead, as a title."""
    best, *others = names
    return f"{shown(best, 40)} is ahead of {'the other candidates' if without_baseline(others) else 'the baseline'}"


def remark_on(content: Content, name: str, baseline: str) -> str:
    """Return the remark on a candidate; `baseline` says what the baseline predicts."""
    if name == content.chosen:
        return "chosen"
    if name == BASELINE:
        return baseline
    entry = content.candidates[name]
    place = "best by this figure" if entry.difference_to_best is None else "tied with the best"
    tied_too = [place] if entry.tied_with_best else []
    unmet = ["cannot meet the decision asked for"] if entry.decision.unmet else []
    return "; ".join(tied_too + unmet)


def _remark(content: Content, name: str) -> str:
    return remark_on(content, name, "always the most frequent class")


BOARD = BoardWords(
    _board_caption,
    _zoom,
    _spoken_figure,
    _board_scale,
    _board_title,
    "No candidate is better than the baseline",
    _remark,
)


def _figure_caption(content: Content) -> str:
    return (
        f"Pooled over the folds, with what each fold gives alone. n is the number of {content.noun()} a figure was "
        "computed on: for the recall of a class those of that class, for its precision those called so."
    )


FIGURES = FigureWords(_figure_caption, ", at the decision in force", ", at its own default decision")


def _steps(content: Content) -> Iterator[Step]:
    manifest, config = content.manifest, content.config
    yield data_step(content)
    if config.get("labels"):
        yield Step("Labels", shown(", ".join(config["labels"].splitlines()), 400), plain=False)
    yield fingerprint_step(content)
    yield test_step(content)
    yield Step("Judged on", f"{manifest.training_rows:,} training {content.noun()}, {_folds(content)}")
    figure = metric_words_of(content.task, shown(config.get("metric") or content.metric, 40))
    yield Step("Ranked by", f"{figure}; {_rule(config['decide'])}")
    if augmentation := augmentation_sentence(content.metrics):
        yield Step("Learnt from", augmentation)
    yield Step("Seed", str(config["seed"]))
    yield from version_steps(content)
    if manifest.previous_decisions:
        yield Step("Decided before", ", then ".join(shown(one.rule, 60) for one in manifest.previous_decisions))
    if manifest.streamed is not None:
        yield Step("Read", _streaming(manifest.streamed))
    if manifest.columns_unused:
        yield Step("Columns not used", ", ".join(shown(name, 40) for name in manifest.columns_unused))
    yield finished_step(content)


def _streaming(entry: StreamedRecord) -> str:
    parts = "one file" if entry.parts == 1 else f"{entry.parts:,} files"
    model = entry.final_model
    sample = f"; the model learnt from a drawn {model.rows:,} of them" if model.rows < model.of else ""
    passes = f"; the model went over the rows {model.passes} times" if model.passes > 1 else ""
    return f"streamed from {parts} of {entry.bytes / 1e6:,.0f} MB, a block of rows at a time{sample}{passes}"


def _rule(rule: str) -> str:
    return "no decision asked for" if rule == "argmax" else f"decision asked for: {shown(rule, 60)}"


def _folds(content: Content) -> str:
    order = "drawn at random" if content.config.get("shuffle") else "in the order of the rows"
    if (column := content.config.get("order")) is not None:
        order = f"in order of “{shown(column, 40)}”, each predicted from the rows before it"
    order = "drawn by what a row holds" if content.streamed else order
    equal = "; equal rows stay in one fold" if content.config.get("group_duplicates") else ""
    return f"{content.folds} folds {order}{equal}"


def _commands(content: Content) -> tuple[tuple[str, str], ...]:
    run = shlex.quote(content.run)
    with_model = (
        (f"Answer new {content.noun()} with this model", f"tenfold predict {run} INPUT"),
        (f"Judge it on new labelled {content.noun()}", f"tenfold evaluate {run} INPUT"),
    )
    check = ("Look for faults in the data", source_command(content.config, "check"))
    return (*(with_model if content.saved else ()), check)


def _notes(content: Content) -> tuple[Note, ...]:
    noun = content.noun()
    return (
        Note(
            "Judged out of fold",
            f"the training {noun} are split into {content.folds} parts; each part is answered by a model trained on "
            "the others only, so no answer was known to the model that is judged on it.",
            OUT_OF_FOLD,
        ),
        Note(
            "95 % interval",
            "the range of values that the figures do not rule out; drawn again and again, 95 of 100 such ranges hold "
            f"the true value. It covers the chance of which {noun} were drawn, not a change in the data.",
            INTERVAL,
        ),
        test_note(content),
        Note("Baseline", "always the most frequent class. What is not better than that has learned nothing."),
    )


PROVENANCE = ProvenanceWords(_steps, _commands, _notes)
