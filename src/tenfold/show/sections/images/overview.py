"""What a run that restores images says of itself: verdict, worries, what to try next, candidates, how it was made."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from tenfold.record.words.choice import choice_words
from tenfold.record.words.restoration import grey
from tenfold.show.commands import run_again
from tenfold.show.components import NUMBER, Column, Footnote
from tenfold.show.content import BASELINE, Content
from tenfold.show.drawing.axes import Scale, zoomed
from tenfold.show.sections.verdict.board import BoardWords, without_baseline
from tenfold.show.sections.verdict.cards import Advice, Cards, worries_of
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
from tenfold.show.sections.verdict.verdict import Fact, VerdictWords, in_lead, times_opened
from tenfold.show.words import Number, Sentence, accent, number, quoted, say, share, strong
from tenfold.tasks.images.catalogue import CATALOGUE
from tenfold.text import shown

__all__ = ["BOARD", "FIGURES", "PROVENANCE", "VERDICT", "again", "cards_view", "weaknesses"]

_MOST = 1e6
_USUAL = ("median", "ridge", "knn:mean")


def _about(content: Content) -> str:
    return (
        f"{shown(content.data.name, 60)} with noise: {shown(content.noise.words, 120)} · "
        f"{content.rows:,} training {content.noun(content.rows)} judged out of fold, {content.folds} folds"
    )


def _headline(content: Content) -> Sentence:
    mine, nothing = (figures["mae"].value or 0.0 for figures in (content.test, content.test_baseline))
    name, level = shown(content.chosen, 40), accent(f"{grey(mine)} grey levels")
    if content.chosen == BASELINE:
        return say("Doing nothing leaves an error of ", level, ".")
    if mine >= nothing:
        return say(f"{name} does not help: the error goes from {grey(nothing)} to ", level, ".")
    return say(f"{name} brings the error down from {grey(nothing)} to ", level, ".")


def _lead(content: Content) -> Sentence:
    test = number("mae", content.test["mae"])
    interval = f"95 % interval {test.range}, on" if test.range else "On"
    return say(
        f"{interval} {test.n:,} test {content.noun(test.n)} set apart, opened {times_opened(content)}: the distance "
        f"of a pixel from the clean image on average. White is {content.restoration.peak}."
    )


def _no_better(content: Content) -> Sentence:
    return in_lead(_headline(content), _lead(content))


def _facts(content: Content) -> tuple[Fact, ...]:
    return _out_of_fold(content), _likeness(content), _choice(content)


def _out_of_fold(content: Content) -> Fact:
    error = number("mae", content.figures["mae"])
    alone = sorted(value for value in content.figures["mae"].folds if value is not None)
    folds = f"; {grey(alone[0])} to {grey(alone[-1])} on each fold alone" if alone else ""
    note = f"grey levels ({error.range}) on {error.n:,} training {content.noun(error.n)} it had not seen{folds}"
    return Fact("Judged out of fold", error.text, note)


def _likeness(content: Content) -> Fact:
    """Pixels right on the test part, and how alike the images look."""
    tolerance, before = content.restoration.tolerance, content.test_baseline
    right, like = (number(key, content.test[key]) for key in ("pixels_right", "ssim"))
    within = f"within {tolerance} grey levels" if tolerance else "exactly"
    note = (
        f"of the test pixels {within} ({right.range}), {share(before['pixels_right'])} before; "
        f"structural similarity {like.text} ({like.range}), {number('ssim', before['ssim']).text} before"
    )
    return Fact("Pixels right", right.text, note)


def _choice(content: Content) -> Fact:
    why = choice_words(content.metrics) or "the least mean error out of fold"
    return Fact("Chosen", shown(content.chosen, 24), f"of {len(content.candidates)} candidates: {why}")


VERDICT = VerdictWords(_about, _headline, _lead, _no_better, _facts)


def weaknesses(content: Content) -> Iterator[Sentence]:
    """Yield sentences on a candidate ahead by another figure, on the worst class and on images far off."""
    yield from _ahead_by_another_figure(content)
    yield from _worst_class(content)
    yield from _tail(content)


def _ahead_by_another_figure(content: Content) -> Iterator[Sentence]:
    """Another candidate that has more pixels right, or looks more alike, by more than chance."""
    for key, words in (("pixels_right", "pixels right"), ("ssim", "structural similarity")):
        mine = number(key, content.figures[key])
        others = [(number(key, entry.out_of_fold[key]), name) for name, entry in content.candidates.items()]
        best, name = max(others, key=lambda other: other[0].value or 0.0)
        if mine.high is not None and best.low is not None and best.low > mine.high:
            yield say(
                strong(f"By {words} {shown(name, 40)} is ahead"),
                f": {best.text} ({best.range}) against {mine.text} ({mine.range}). "
                "The mean error counts a large slip as many small ones; which of the two matters is yours to say.",
            )
            return


def _worst_class(content: Content) -> Iterator[Sentence]:
    """The class of the largest error, where that is more than chance."""
    known = {key: number("mae", one) for key, one in content.figures.items() if key.startswith("mae:")}
    ranked = sorted((one.value, key) for key, one in known.items() if one.value is not None)
    if len(ranked) < 2:
        return
    low, high = known[ranked[0][1]], known[ranked[-1][1]]
    if low.high is None or high.low is None or low.high >= high.low:
        return
    best, worst = (quoted(key.partition(":")[2]) for key in (ranked[0][1], ranked[-1][1]))
    yield say(
        strong("The error differs by class"),
        f": {worst} is off by {high.text} grey levels ({high.range}), {best} by {low.text} ({low.range}).",
    )


def _tail(content: Content) -> Iterator[Sentence]:
    """A few images that are restored much worse than most."""
    worst = content.pictures.mae[content.pictures.group == "worst"]
    mean = content.figures["mae"].value
    if mean and len(worst) and worst[0] >= 2 * mean:
        yield say(
            strong("Some images come out much worse"),
            f": the worst of {content.rows:,} is off by {grey(float(worst[0]))} grey levels, {worst[0] / mean:.1f} "
            "times the mean. See “The worst” below.",
        )


def cards_view(content: Content) -> Cards:
    """Return warnings and weaknesses, what the figures suggest and, at the end, what the model is for."""
    return Cards(worries_of(content, weaknesses(content)), tuple(_advice(content)))


def _advice(content: Content) -> Iterator[Advice]:
    yield from _other_candidates(content)
    yield from _all_rows(content)
    yield from _fresh_test(content)
    right = share(content.test["pixels_right"])
    reason = f": {right} of the test pixels came out right. It answers images with noise like that above."
    command = content.command("denoise", "IN.png", "--out", "CLEAN.png")
    yield Advice(say(strong("Clean images with this model"), reason), command)


def _other_candidates(content: Content) -> Iterator[Advice]:
    missing = [name for name in _USUAL if name not in content.candidates and name not in content.metrics.failed]
    if missing:
        were = "was" if len(missing) == 1 else "were"
        models = [*without_baseline(list(content.candidates)), *missing]
        text = say(strong("Compare with others"), f": {', '.join(missing)} {were} not tried.")
        yield Advice(text, again(content, models=models))


def _all_rows(content: Content) -> Iterator[Advice]:
    if "size" in content.config:
        rows = content.manifest.training_rows
        text = say(strong("Learn from all images"), f": this run learnt from {rows:,} only.")
        yield Advice(text, again(content, size=None))


def _fresh_test(content: Content) -> Iterator[Advice]:
    if content.openings > 1:
        yield Advice(
            say(
                strong("Set fresh test images apart"),
                f": these have been opened {content.openings} times, and each choice made after a look flatters the "
                "figure.",
            )
        )


def again(content: Content, **changes: object) -> str:
    """Return the command of the run with options changed; what is usual is left unsaid."""
    return run_again(content.manifest.asked, verb="denoise", **changes)


def _board_caption(content: Content) -> str:
    return (
        f"All restored the same {content.rows:,} training {content.noun(content.rows)} on the same {content.folds} "
        f"folds. Mean error in grey levels, white is {content.restoration.peak}: less is better. Differences are "
        f"paired, image by image. The window of structural similarity is {content.restoration.ssim_window} pixels "
        "wide."
    )


def _from_nothing(content: Content, scale: Scale) -> str:
    """The scale begins at no error, so nothing needs to be said of it."""
    return ""


def _board_scale(key: str, names: Sequence[str], values: Sequence[Number]) -> Scale:
    """From nothing to the largest error, that of doing nothing too."""
    return zoomed([end for one in values for end in (one.value, one.high, 0.0) if end is not None], ceiling=_MOST)


def _board_title(names: Sequence[str]) -> str:
    best = shown(names[0], 40)
    return f"{best} leaves the least error" if len(without_baseline(names)) > 1 else f"{best} against doing nothing"


def _remark(content: Content, name: str) -> str:
    if name == content.chosen:
        return "chosen"
    return "tied with the best" if content.candidates[name].tied_with_best else ""


def _summary(name: str) -> str:
    return CATALOGUE[name].summary if name in CATALOGUE else ""


def _pixels_right(content: Content) -> Column:
    tolerance = content.restoration.tolerance
    within = f"within {tolerance} grey level{'' if tolerance == 1 else 's'}" if tolerance else "exactly"
    return Column("pixels right,", NUMBER, within)


BOARD = BoardWords(
    _board_caption,
    _from_nothing,
    lambda content: "mean error",
    _board_scale,
    _board_title,
    "",
    _remark,
    _summary,
    (
        ("psnr", lambda content: Column("PSNR", NUMBER, note=Footnote(3, "note-psnr", "What PSNR is"))),
        ("ssim", lambda content: Column("SSIM", NUMBER, note=Footnote(4, "note-ssim", "What SSIM is"))),
        ("pixels_right", _pixels_right),
    ),
    "denoise",
)


def _figure_caption(content: Content) -> str:
    return (
        "Averaged over the images of all folds, with what each fold gives alone. n is the number of images a figure "
        "was computed on: for a class those of that class."
    )


FIGURES = FigureWords(_figure_caption, by_class_limit=-1, baseline_on_test=True)


def _steps(content: Content) -> Iterator[Step]:
    manifest, data = content.manifest, content.data
    rows, sampled = manifest.training_rows, manifest.judged_rows
    yield data_step(content, f" of {' x '.join(map(str, data.image_shape or ()))}")
    yield fingerprint_step(content)
    yield Step("Noise", f"{shown(content.noise.words, 120)}; nothing is cut off at black or white")
    seed = content.config["seed"]
    yield Step("Drawn", f"with seed {seed}, for training and test images apart; the same for every candidate and fold")
    yield test_step(content)
    sample = (
        "" if sampled == rows else f", a sample drawn from {rows:,}; each was restored by a model of all the others"
    )
    yield Step("Judged on", f"{sampled:,} training images{sample}; {content.folds} folds, equal images in one fold")
    yield Step("Ranked by", "mean absolute error; the candidates above say why the chosen one was chosen")
    yield from version_steps(content)
    yield finished_step(content)


def _commands(content: Content) -> tuple[tuple[str, str], ...]:
    run = shlex.quote(content.run)
    return (
        ("Clean an image with this model", f"tenfold denoise {run} IN.png --out CLEAN.png"),
        ("Draw this page again", f"tenfold report {run}"),
    )


def _notes(content: Content) -> tuple[Note, ...]:
    return (
        Note(
            "Judged out of fold",
            f"the training images are split into {content.folds} parts; each part is restored by a model that learnt "
            "from the others only, so no clean image was known to the model that is judged on it.",
            OUT_OF_FOLD,
        ),
        Note(
            "95 % interval",
            "the range of values that the figures do not rule out; drawn again and again, 95 of 100 such ranges hold "
            "the true value. Images are what is drawn; the pixels of one image are not counted as if they were "
            "independent.",
            INTERVAL,
        ),
        Note(
            "PSNR",
            "peak signal-to-noise ratio in decibels, of the mean squared error over all images, white being "
            f"{content.restoration.peak}. More is better; 3 dB more is half the squared error.",
            "note-psnr",
        ),
        Note(
            "SSIM",
            "structural similarity (Wang and others, 2004), near 1 where two images look alike in brightness, contrast "
            "and pattern; 1 for equal images.",
            "note-ssim",
        ),
        Note(
            "Mean error",
            "by how many grey levels a pixel is off on average, in either direction. The baseline does nothing: what "
            "is not better than the noisy image itself has restored nothing.",
        ),
        test_note(content),
    )


PROVENANCE = ProvenanceWords(_steps, _commands, _notes, checked=False, verb="denoise")
