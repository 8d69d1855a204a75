"""How much cleaner do the images get? The large sentence of a denoising run, and what stands right under it."""

from __future__ import annotations

from tenfold.decimals import percent
from tenfold.record.words.choice import choice_words
from tenfold.record.words.restoration import grey
from tenfold.show.denoise_content import DenoiseContent
from tenfold.show.sections.verdict.verdict import Fact, Verdict, with_caveats
from tenfold.show.words import Sentence, accent, number, say
from tenfold.text import shown

__all__ = ["verdict_view"]

_BASELINE = "baseline"


def verdict_view(content: DenoiseContent) -> Verdict:
    """Say what the run has found."""
    facts = (_judged(content), _likeness(content), _choice(content))
    headline, lead = with_caveats(content.metrics, _headline(content), _lead(content))
    return Verdict(_about(content), headline, lead, facts)


def _about(content: DenoiseContent) -> str:
    return (
        f"{shown(content.data['name'], 60)} with noise: {shown(content.manifest['noise']['words'], 120)} · "
        f"{content.rows:,} training {content.noun(content.rows)} judged out of fold, {content.folds} folds"
    )


def _headline(content: DenoiseContent) -> Sentence:
    mine, nothing = (content.metrics[part]["mae"]["value"] for part in ("test", "test_baseline"))
    name, level = shown(content.chosen, 40), accent(f"{grey(mine)} grey levels")
    if content.chosen == _BASELINE:
        return say("Doing nothing leaves an error of ", level, ".")
    if mine >= nothing:
        return say(f"{name} does not help: the error goes from {grey(nothing)} to ", level, ".")
    return say(f"{name} brings the error down from {grey(nothing)} to ", level, ".")


def _lead(content: DenoiseContent) -> Sentence:
    test, openings = number("mae", content.metrics["test"]["mae"]), int(content.metrics["test_openings"])
    times = "once" if openings == 1 else f"{openings} times"
    interval = f"95 % interval {test.range}, on" if test.range else "On"
    return say(
        f"{interval} {test.n:,} test {content.noun(test.n)} set apart, opened {times}: the distance of a pixel from "
        f"the clean image on average. White is {content.metrics['peak']}."
    )


def _judged(content: DenoiseContent) -> Fact:
    found = number("mae", content.judged["mae"])
    alone = sorted(value for value in content.judged["mae"].get("folds", ()) if value is not None)
    folds = f"; {grey(alone[0])} to {grey(alone[-1])} on each fold alone" if alone else ""
    note = f"grey levels ({found.range}) on {found.n:,} training {content.noun(found.n)} it had not seen{folds}"
    return Fact("Judged out of fold", found.text, note)


def _likeness(content: DenoiseContent) -> Fact:
    """Pixels right on the test part, and how alike the images look."""
    tolerance, part = content.metrics["tolerance"], content.metrics["test"]
    right, like = (number(key, part[key]) for key in ("pixels_right", "ssim"))
    before = content.metrics["test_baseline"]
    within = f"within {tolerance} grey levels" if tolerance else "exactly"
    note = (
        f"of the test pixels {within} ({right.range}), {percent(before['pixels_right']['value'])} before; "
        f"structural similarity {like.text} ({like.range}), {number('ssim', before['ssim']).text} before"
    )
    return Fact("Pixels right", right.text, note)


def _choice(content: DenoiseContent) -> Fact:
    count = len(content.metrics["candidates"])
    note = f"of {count} candidates: {choice_words(content.metrics) or 'the least mean error out of fold'}"
    return Fact("Chosen", shown(content.chosen, 24), note)
