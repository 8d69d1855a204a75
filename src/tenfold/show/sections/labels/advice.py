"""What is worth trying where each row has several labels: other thresholds, a chain of labels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tenfold.candidates.catalogue import CATALOGUE
from tenfold.decimals import percent
from tenfold.figures import threshold_curve
from tenfold.show.commands import run_again
from tenfold.show.content import Content
from tenfold.show.sections.labels.worries import together
from tenfold.show.sections.verdict.advice import Advice, advice_view
from tenfold.show.words import quoted, say, strong

__all__ = ["label_advice"]

_GAIN = 0.01
_CHAIN = "chain:"


def label_advice(content: Content) -> tuple[Advice, ...]:
    """Gather what the figures of several labels suggest, then what those of any run would."""
    return (*_best_thresholds(content), *_chain(content), *advice_view(content))


def _best_thresholds(content: Content) -> Iterator[Advice]:
    """The mean F1 that a threshold for each label could reach, where no rule was asked for and it is well above."""
    if content.decision["kind"] != "argmax":
        return
    lines = content.out_of_fold[content.out_of_fold["candidate"] == content.chosen]
    now = content.figures["f1_macro"]["value"]
    if now is None or lines[[f"score:{name}" for name in content.classes]].isna().to_numpy().any():
        return
    best = [
        float(threshold_curve(lines[f"true:{name}"].to_numpy(np.int64), lines[f"score:{name}"].to_numpy()).f1.max())
        for name in content.classes
    ]
    reached = float(np.mean(best))
    if reached >= now + _GAIN:
        reason = (
            f": the mean F1 over labels would be {percent(reached)} on these out-of-fold scores, now {percent(now)}."
        )
        yield Advice(say(strong("Give each label its own threshold"), reason), content.command("decide", "f1"))


def _chain(content: Content) -> Iterator[Advice]:
    """Labels that go wrong together may tell of each other; a chain is the candidate that can use that."""
    pair = together(content)
    names = list(content.metrics["candidates"])
    known = content.chosen.split(":")[0] in CATALOGUE
    if pair is None or not known or any(name.startswith(_CHAIN) for name in names):
        return
    one, other = (quoted(content.classes[c]) for c in pair[:2])
    reason = f": errors on {one} and {other} come together, so the answer to one may help with the other."
    models = [content.chosen, f"{_CHAIN}{content.chosen}"]
    yield Advice(say(strong("Try a chain of labels"), reason), run_again(content.manifest["config"], models=models))
