"""Messages in a terminal: words on a ground as strong as their evidence; marked with + and - without colours."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tenfold.cli.terminal import print_paragraph, print_record, print_table, progress_line, terminal_width
from tenfold.output import echo, echo_shaded
from tenfold.text import printable, shown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tenfold.ask.errors.errors import Errors
    from tenfold.ask.words.messages import ShownText, WeighedMessage
    from tenfold.data.dataset import Dataset
    from tenfold.record.bundle import Classifier
    from tenfold.record.run import Run

__all__ = ["print_messages", "print_reasons", "show_words"]

_REASONS, _LETTERS = 20, 3_000

Piece = tuple[str, int]


def legend(toward: str, against: str, *, colour: bool) -> str:
    """Say what colours, or marks, mean."""
    if colour:
        return f"Warm: speaks for {toward}; cold: for {against}; the stronger the colour, the more it weighs."
    return f"+word speaks for {toward}, -word for {against}; twice the sign, more than twice the weight."


def _print_text(message: WeighedMessage, text: ShownText, *, colour: bool) -> None:
    echo(text.name, dim=True)
    if not text.pieces:
        echo("  (empty)")
    _print_lines([(piece, message.level(weight)) for piece, weight in text.pieces], colour=colour)
    if text.hidden_characters:
        hidden = message.figure(text.hidden_weight)
        more = f"… {text.hidden_characters:,} more characters, whose words add {hidden}"
        echo(f"  {more}", dim=True)


def _print_lines(pieces: Sequence[Piece], *, colour: bool) -> None:
    for line in _wrapped(_words(pieces), terminal_width() - 3):
        if colour and line:
            echo_shaded(line, indent="  ")
        else:
            echo(f"  {''.join(_marked(text, level) for text, level in line)}".rstrip())


def _marked(text: str, level: int) -> str:
    """
    Put signs before a word.

    Examples
    --------
    >>> _marked("free", 3), _marked("wrote", -1), _marked("to", 0)
    ('++free', '-wrote', 'to')
    """
    return ("+" if level > 0 else "-") * (2 if abs(level) > 1 else 1 if level else 0) + text


def _words(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Words, and line ends, of pieces of text."""
    for text, level in pieces:
        if level:
            yield printable(text), level
            continue
        for number, line in enumerate(text.split("\n")):
            if number:
                yield "\n", 0
            yield from ((printable(word), 0) for word in line.split())


def _wrapped(words: Iterator[Piece], width: int) -> Iterator[list[Piece]]:
    """Lines of words that fit; empty lines that follow one another become one."""
    line: list[Piece] = []
    length, blank = 0, True
    for text, level in words:
        if text == "\n":
            if line or not blank:
                yield line
            blank = not line
            line, length = [], 0
            continue
        for part in textwrap.wrap(text, width) or [text]:
            if line and length + 1 + len(part) > width:
                yield line
                line, length = [], 0
            line += [(" ", 0)] if line else []
            line.append((part, level))
            length += len(part) + (length > 0)
    if line:
        yield line


def show_words(run: Run, limit: int, as_json: bool) -> None:
    """Show the words that weigh most for each class."""
    from tenfold.ask.words.messages import words_model
    from tenfold.ask.words.records import words_of_classes
    from tenfold.decimals import percents
    from tenfold.record.instances import training_instances

    words = words_of_classes(words_model(run), training_instances(run), limit)
    if as_json:
        print_record(words)
        return
    print_paragraph(words.sentence)
    for one in words.classes:
        echo()
        shares = percents(word.share for word in one.words)
        rows = [
            (shown(word.term, 40), f"{word.weight:+.3f}", share, " and ".join(word.parts))
            for word, share in zip(one.words, shares, strict=True)
        ]
        print_table([(f"for {shown(one.name, 30)}", words.unit, "messages", "in"), *rows], right=(1, 2))


def print_messages(
    errors: Errors, positions: NDArray[np.int64], instances: Dataset, limit: int, *, colour: bool, refit: bool
) -> None:
    """
    Print some messages with their words weighed; where the model has no such weights, say why.

    Parameters
    ----------
    errors : Errors
    positions : ndarray of int64
    instances : Dataset
        The rows of `errors`.
    limit : int
        Characters of a text that are shown.
    colour : bool
        Words stand on coloured grounds; otherwise they are marked.
    refit : bool
        Weigh by the models that judged the messages, fitted again, and not by the saved one.
    """
    from tenfold.ask.words.sentences import basis_sentence, message_title
    from tenfold.errors import UsageError

    weigh = _by_judging_models if refit else _by_saved_model
    try:
        for number, message in enumerate(weigh(errors, positions, instances, limit)):
            if not number:
                print_paragraph(basis_sentence(errors, message.evidence.unit, refit=refit))
                print_paragraph(legend(message.evidence.toward, message.evidence.against, colour=colour))
            print_weighed(message_title(errors, message), message, colour=colour)
    except UsageError as fault:
        if refit:
            raise
        print_paragraph(f"No word is weighed: {fault}")


def _by_saved_model(
    errors: Errors, positions: NDArray[np.int64], instances: Dataset, limit: int
) -> Iterator[WeighedMessage]:
    from tenfold.ask.words.messages import weighed_messages, words_model

    return weighed_messages(words_model(errors.run), instances, positions, limit)


def _by_judging_models(
    errors: Errors, positions: NDArray[np.int64], instances: Dataset, limit: int
) -> Iterator[WeighedMessage]:
    """Each message by the model of its fold."""
    from tenfold.analysis.evidence.fold_models import fold_model
    from tenfold.analysis.studies.study_input import subject_of
    from tenfold.ask.words.messages import weighed_messages

    subject, folds, models = subject_of(errors.run), errors.lines["fold"].to_numpy(), {}
    for fold in dict.fromkeys(folds[positions].tolist()):
        progress_line(f"Fitting the model of fold {fold + 1} again …")
        models[fold] = fold_model(subject, fold)
    for place, position in enumerate(positions.tolist()):
        one = positions[place : place + 1]
        yield from weighed_messages(models[int(folds[position])], instances, one, limit)


def print_reasons(classifier: Classifier, data: Dataset, *, colour: bool) -> None:
    """
    Print what a model predicts of new messages, the first 20, with their words weighed.

    Parameters
    ----------
    classifier : Classifier
    data : Dataset
        Messages without labels.
    colour : bool
        Words stand on coloured grounds; otherwise they are marked.

    Raises
    ------
    UsageError
        They are no texts, or the model's scores are no sums over words.
    """
    import numpy as np

    from tenfold.analysis.evidence.word_model import word_model
    from tenfold.ask.words.messages import weighed_messages
    from tenfold.errors import UsageError

    if not data.traits.text_columns:
        raise UsageError(f"{data.traits.noun()} have no words to be weighed", where=data.source, do="leave out --why")
    some = np.arange(min(len(data), _REASONS))
    for number, message in enumerate(weighed_messages(word_model(classifier), data, some, _LETTERS)):
        if not number:
            print_paragraph(legend(message.evidence.toward, message.evidence.against, colour=colour))
        name = f"message {number + 1}" if data.files is None else shown(data.files[number], 80)
        print_weighed(f"{name}: {shown(message.evidence.predicted, 30)}", message, colour=colour)
    if len(data) > len(some):
        echo(f"\n… and {len(data) - len(some):,} more; without --why all are predicted")


def print_weighed(title: str, message: WeighedMessage, *, colour: bool) -> None:
    """Print subject and body apart, each word as strong as its evidence, then what the model's sum is made of."""
    from tenfold.ask.words.sentences import removal_sentence, score_sentence

    echo()
    print_paragraph(title, strong=True)
    for text in message.texts:
        _print_text(message, text, colour=colour)
    if message.built:
        echo("built of", dim=True)
        pieces = [piece for word, weight in message.built for piece in ((word, message.level(weight)), (" ", 0))]
        _print_lines(pieces, colour=colour)
    echo("why", dim=True)
    print_paragraph(score_sentence(message), indent="  ")
    if message.removal is not None:
        print_paragraph(removal_sentence(message.removal), indent="  ")
