"""What should a reader worry about? The run's warnings, and the weakest places in its figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.decimals import percent
from tenfold.record.words.caveats import further_warnings
from tenfold.show.content import Content
from tenfold.show.sections.labels.worries import label_worries
from tenfold.show.words import Sentence, cell_address, number, quoted, say, strong
from tenfold.text import shown

__all__ = ["Worries", "worries_view"]

_OPEN = 5
_LONGEST = 400


@dataclass(frozen=True)
class Worries:
    """Sentences, the first ones open, the rest folded."""

    open: tuple[Sentence, ...]
    folded: tuple[Sentence, ...]


def worries_view(content: Content) -> Worries:
    """Gather the run's warnings, the most frequent confusion and, if it stands out, the lowest recall."""
    warned = tuple(say(shown(line, _LONGEST)) for line in further_warnings(content.metrics))
    weakest = label_worries if content.several_labels else _class_worries
    weak = tuple(weakest(content))
    room = _OPEN - len(weak)
    return Worries((*warned[:room], *weak), warned[room:])


def _class_worries(content: Content) -> tuple[Sentence, ...]:
    return tuple(found for found in (_confusion(content), _lowest_recall(content)) if found)


def _confusion(content: Content) -> Sentence | None:
    """The cell off the diagonal with the most rows."""
    matrix = np.array(content.decision["confusion_matrix"])
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


def _lowest_recall(content: Content) -> Sentence | None:
    keys = [f"recall:{name}" for name in content.classes]
    known = {key: number(key, content.figures[key]) for key in keys if key in content.figures}
    ranked = sorted((found.value, key) for key, found in known.items() if found.value is not None)
    if len(ranked) < 3:
        return None
    (_, worst), (_, best) = ranked[0], ranked[-1]
    low, high = known[worst], known[best]
    if low.high is None or high.low is None or low.high >= high.low:
        return None
    return say(
        strong("Recall differs by class", cell_address(worst.removeprefix("recall:"), "")),
        f": {quoted(worst.removeprefix('recall:'))} at {low.text} ({low.range}), "
        f"{quoted(best.removeprefix('recall:'))} at {high.text} ({high.range}).",
    )
