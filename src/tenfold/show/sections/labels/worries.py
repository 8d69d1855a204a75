"""Where are several labels weak? The hardest label, and labels that go wrong together."""

from __future__ import annotations

import numpy as np

from tenfold.figures import SharedErrors, shared_errors
from tenfold.show.content import Content
from tenfold.show.words import Sentence, number, quoted, say, strong

__all__ = ["errors_together", "label_worries", "together"]

_OFTEN, _MANY = 2.0, 5


def label_worries(content: Content) -> tuple[Sentence, ...]:
    """Name the hardest label where it stands out, and the labels whose errors come together."""
    return tuple(found for found in (_hardest(content), _together(content)) if found)


def errors_together(content: Content) -> SharedErrors:
    """Count the out-of-fold errors of the chosen candidate, at the decision in force, by labels wrong together."""
    lines = content.out_of_fold[content.out_of_fold["candidate"] == content.chosen]
    true, called = (lines[[f"{kind}:{name}" for name in content.classes]].to_numpy() for kind in ("true", "predicted"))
    return shared_errors(true.astype(np.int64), called.astype(np.int64))


def _hardest(content: Content) -> Sentence | None:
    found = {name: number("f1", content.figures[f"f1:{name}"]) for name in content.classes}
    ranked = sorted((one.value, name) for name, one in found.items() if one.value is not None)
    if len(ranked) < 2:
        return None
    low, high = found[ranked[0][1]], found[ranked[-1][1]]
    if low.high is None or high.low is None or low.high >= high.low:
        return None
    return say(
        strong(f"{quoted(ranked[0][1])} is the hardest label"),
        f": F1 {low.text} ({low.range}), against {high.text} ({high.range}) for {quoted(ranked[-1][1])}.",
    )


def together(content: Content) -> tuple[int, int, int, float] | None:
    """
    Find the pair of labels that is wrong together most above chance, if any is so clearly.

    Returns
    -------
    (int, int, int, float) or None
        Codes of the two labels, rows in which both are wrong, and rows expected by chance.
    """
    errors = errors_together(content)
    excess = np.triu(errors.together - errors.by_chance, 1)
    first, second = (int(place) for place in np.unravel_index(excess.argmax(), excess.shape))
    count, chance = int(errors.together[first, second]), float(errors.by_chance[first, second])
    return (first, second, count, chance) if count >= _MANY and count >= _OFTEN * chance else None


def _together(content: Content) -> Sentence | None:
    pair = together(content)
    if pair is None:
        return None
    one, other = (quoted(content.classes[c]) for c in pair[:2])
    count, chance = pair[2:]
    times = f", {count / chance:,.0f} times as often as by chance" if chance >= 1 else ""
    return say(
        strong(f"{one} and {other} go wrong together"),
        f" in {count:,} {content.noun(count)}{times}.",
    )
