"""What the words of a message decide, in sentences."""

from __future__ import annotations

from tenfold.analysis.evidence.removal import MOST_WORDS, Removal
from tenfold.ask.errors.errors import Errors
from tenfold.ask.words.messages import WeighedMessage
from tenfold.text import shown

__all__ = ["basis_sentence", "message_title", "removal_sentence", "score_sentence"]


def basis_sentence(errors: Errors, unit: str, *, refit: bool) -> str:
    """Say whose weights they are, and whether that model had seen the messages."""
    name = shown(errors.candidate if refit else errors.run.chosen, 40)
    if refit:
        return (
            f"Weighed by {name} as it judged them, fitted again without their folds: words sum to its {unit}, exactly."
        )
    whose = f"Weighed by the saved model, {name}: words sum to its {unit}, exactly."
    if errors.part == "test":
        return f"{whose} It had not seen these messages."
    return f"{whose} It was fitted on these messages too; --refit weighs them by the models that judged them."


def message_title(errors: Errors, message: WeighedMessage) -> str:
    """Say which message it is, what it is and was called; and what the saved model calls it, where that differs."""
    at, names = message.position, errors.task.classes
    actual, called = (shown(names[code], 30) for code in (errors.y[at], errors.predicted[at]))
    verdict = f"{actual}, rightly called so" if actual == called else f"{actual} called {called}"
    now = shown(message.evidence.predicted, 30)
    otherwise = "" if now == called else f"; the saved model calls it {now}"
    return f"row {errors.lines['row'].iloc[at]:,}: {verdict}{otherwise}"


def score_sentence(message: WeighedMessage) -> str:
    """Say what the model's sum is made of, and what it decides."""
    evidence, figure = message.evidence, message.figure
    columns = {text.name for text in message.texts}
    words, built = evidence.sum_of(columns), evidence.sum_of(set(evidence.texts) - columns)
    return (
        f"Words {figure(words)}, how it is built {figure(built)}, every message {figure(evidence.offset)}: together "
        f"{figure(evidence.score)} {evidence.unit}; from {figure(evidence.threshold)} on it is called "
        f"{shown(evidence.toward, 30)}."
    )


def removal_sentence(removal: Removal) -> str:
    """Say which words would change the prediction."""
    before, after = shown(removal.before, 30), shown(removal.after, 30)
    if not removal.supporting:
        return f"No word of its text speaks for {before}: what it is built of decides."
    if not removal.flips:
        which = "all words that speak" if removal.supporting < MOST_WORDS else f"the {MOST_WORDS} words that speak most"
        return f"Without {which} for {before} it is still called so."
    names = [f"“{shown(word, 30)}”" + (f" ({times} times)" if times > 1 else "") for word, times in removal.words[:12]]
    more = len(removal.words) - len(names)
    words = ", ".join(names) + (f" and {more} more" if more else "")
    return f"Without {words} it would be called {after}."
