"""What to worry about in a denoising run, and what to try next: only what follows from the figures."""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.decimals import percent
from tenfold.record.source import spoken_source
from tenfold.record.words.caveats import further_warnings
from tenfold.record.words.restoration import grey
from tenfold.show.denoise_content import DenoiseContent
from tenfold.show.sections.verdict.advice import Advice
from tenfold.show.sections.verdict.worries import Worries
from tenfold.show.words import Sentence, number, quoted, say, strong
from tenfold.text import shown

__all__ = ["advice_view", "again", "worries_view"]

_OPEN = 5
_LONGEST = 400
_UNSAID = {"cv", "test_size", "seed", "source"}


def worries_view(content: DenoiseContent) -> Worries:
    """Gather the run's warnings, the worst class and the images that got worse."""
    warned = tuple(say(shown(line, _LONGEST)) for line in further_warnings(content.metrics))
    weak = tuple(found for found in (_ahead_by_another_figure(content), _worst_class(content), _tail(content)) if found)
    room = _OPEN - len(weak)
    return Worries((*warned[:room], *weak), warned[room:])


def _ahead_by_another_figure(content: DenoiseContent) -> Sentence | None:
    """Another candidate that has more pixels right, or looks more alike, by more than chance."""
    for key, words in (("pixels_right", "pixels right"), ("ssim", "structural similarity")):
        mine = number(key, content.judged[key])
        others = [
            (number(key, entry["out_of_fold"][key]), name) for name, entry in content.metrics["candidates"].items()
        ]
        best, name = max(others, key=lambda other: other[0].value or 0.0)
        if mine.high is not None and best.low is not None and best.low > mine.high:
            return say(
                strong(f"By {words} {shown(name, 40)} is ahead"),
                f": {best.text} ({best.range}) against {mine.text} ({mine.range}). "
                "The mean error counts a large slip as many small ones; which of the two matters is yours to say.",
            )
    return None


def _worst_class(content: DenoiseContent) -> Sentence | None:
    """The class of the largest error, where that is more than chance."""
    known = {key: number("mae", entry) for key, entry in content.judged.items() if key.startswith("mae:")}
    ranked = sorted((found.value, key) for key, found in known.items() if found.value is not None)
    if len(ranked) < 2:
        return None
    low, high = known[ranked[0][1]], known[ranked[-1][1]]
    if low.high is None or high.low is None or low.high >= high.low:
        return None
    best, worst = (quoted(key.partition(":")[2]) for key in (ranked[0][1], ranked[-1][1]))
    return say(
        strong("The error differs by class"),
        f": {worst} is off by {high.text} grey levels ({high.range}), {best} by {low.text} ({low.range}).",
    )


def _tail(content: DenoiseContent) -> Sentence | None:
    """A few images that are restored much worse than most."""
    worst = content.pictures.mae[content.pictures.group == "worst"]
    mean = content.judged["mae"]["value"]
    if not len(worst) or worst[0] < 2 * mean:
        return None
    return say(
        strong("Some images come out much worse"),
        f": the worst of {content.rows:,} is off by {grey(float(worst[0]))} grey levels, {worst[0] / mean:.1f} times "
        "the mean. See “The worst” below.",
    )


def advice_view(content: DenoiseContent) -> tuple[Advice, ...]:
    """Gather what the figures of a run suggest; at the end, what the model is for."""
    return (*_other_votes(content), *_size(content), *_fresh_test(content), _use(content))


def _other_votes(content: DenoiseContent) -> Iterator[Advice]:
    judged, failed = list(content.metrics["candidates"]), content.metrics["failed"]
    untried = [name for name in ("median", "ridge", "knn:mean") if name not in judged and name not in failed]
    if not untried:
        return
    names = ", ".join(untried)
    yield Advice(
        say(strong("Compare with others"), f": {names} {'was' if len(untried) == 1 else 'were'} not tried."),
        again(content, models=[*(name for name in judged if name != "baseline"), *untried]),
    )


def _size(content: DenoiseContent) -> Iterator[Advice]:
    if "size" in content.manifest["config"]:
        used = content.manifest["training_rows"]
        yield Advice(
            say(strong("Learn from all images"), f": this run learnt from {used:,} only."), again(content, size=None)
        )


def _fresh_test(content: DenoiseContent) -> Iterator[Advice]:
    openings = content.metrics["test_openings"]
    if openings > 1:
        yield Advice(
            say(
                strong("Set fresh test images apart"),
                f": these have been opened {openings} times, and each choice made after a look flatters the figure.",
            )
        )


def _use(content: DenoiseContent) -> Advice:
    right = content.metrics["test"]["pixels_right"]["value"]
    reason = f": {percent(right)} of the test pixels came out right. It answers images with noise like that above."
    return Advice(
        say(strong("Clean images with this model"), reason), content.command("denoise", "IN.png", "--out", "CLEAN.png")
    )


def again(content: DenoiseContent, **changed: object) -> str:
    """Give the command of the run with options changed; what is usual is left unsaid."""
    import shlex

    asked = {**content.manifest["asked"], **changed}
    words = [shown(spoken_source(asked["source"]), 200)]
    for key, value in asked.items():
        if value in (None, False) or (key in _UNSAID and key not in changed and value in (0.2, 42)) or key == "source":
            continue
        words += [f"--{key.replace('_', '-')}"]
        words += [] if value is True else [shown(",".join(value) if isinstance(value, list) else value, 200)]
    return " ".join(["tenfold", "denoise", *map(shlex.quote, words)])
