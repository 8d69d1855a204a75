"""Which words decide? The words of each class, and messages with every word on a ground as strong as its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.evidence.class_words import ClassWord
from tenfold.analysis.evidence.word_model import WordModel
from tenfold.ask.errors.errors import Errors, errors_of
from tenfold.ask.words.messages import ShownText, WeighedMessage, weighed_messages
from tenfold.ask.words.records import ClassWords, WordsOfClasses, words_of_classes
from tenfold.ask.words.sentences import message_title, removal_sentence, score_sentence
from tenfold.data.dataset import Dataset
from tenfold.data.kinds.kind import find_kind
from tenfold.decimals import percents
from tenfold.errors import UsageError
from tenfold.show.components import Card, PlainTable, Span, TextBlock
from tenfold.show.content import Content
from tenfold.text import printable, shown

__all__ = ["LETTERS", "MessagesView", "block_of", "built_of", "card_of", "messages_view"]

LETTERS = 1_200
"""Characters of a text that the page shows; what is cut is said."""
_UNITS = {"log-odds": "log-odds", "score": "units of its score"}
_WRONG, _WRONG_OF_MANY, _RIGHT = 3, 2, 1
_SPACES, _LINES = re.compile(r"[^\S\n]+"), re.compile(r"\n\s*\n\s*")
_WORDS = 15


@dataclass(frozen=True)
class Cards:
    """Some messages under a heading."""

    title: str
    caption: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class WordLine:
    """
    A word of a class.

    Parameters
    ----------
    term : str
    weight : str
        What it adds where it stands.
    share : str
        Of messages in which it stands.
    width : int
        What it adds to the average message, in percent of what the first one does.
    """

    term: str
    weight: str
    share: str
    width: int


@dataclass(frozen=True)
class WordList:
    """The words of a class; `about` says what they are where they are none of the text, `tone` is their colour."""

    name: str
    about: str
    tone: str
    lines: tuple[WordLine, ...]


@dataclass(frozen=True)
class MessagesView:
    """Everything of this view; `absent` says why there is nothing, and is empty where there is."""

    title: str
    caption: str = ""
    toward: str = ""
    against: str = ""
    lists: tuple[WordList, ...] = ()
    about_lists: str = ""
    groups: tuple[Cards, ...] = ()
    missing: str = ""
    command: str = ""
    absent: str = ""

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return the words of each class as text."""
        rows = tuple((one.name, line.term, line.weight, line.share) for one in self.lists for line in one.lines)
        return (
            (PlainTable("Words of each class", self.about_lists, ("class", "word", "weight", "messages"), rows),)
            if rows
            else ()
        )


def messages_view(content: Content) -> MessagesView | None:
    """Lay out the words of each class, and some messages of the test part, which the saved model had not seen."""
    if not content.has_texts:
        return None
    title, model = "Which words decide?", content.word_model
    if model is None:
        return MessagesView(title, absent=f"{content.no_word_model}.".replace("..", "."))
    errors = errors_of(content.origin, test=True)
    groups = tuple(_groups(content, errors)) if content.test_instances is not None else ()
    training = content.instances
    words, nameless = _words(model, training) if training is not None else (None, content.absent)
    names = [content.spoken(name) for name in model.classes]
    return MessagesView(
        title,
        f"The saved model, {shown(content.chosen, 40)}, adds up what each word weighs: colours are that sum, exactly, "
        f"in {_UNITS[model.unit]}. HTML is shown as the text that the model reads; nothing "
        "is loaded. It had not seen these messages of the test part: a model that is changed after a look at them "
        "needs other mail to be tested.",
        names[1] if len(names) == 2 else "the class called",
        names[0] if len(names) == 2 else "the next best",
        () if words is None else tuple(_word_lists(content, words.classes)),
        nameless if words is None else words.sentence,
        groups,
        "" if groups else "The messages of the test part could not be loaded; the words are those of the model.",
        content.command("errors", "--test", "--list", "surest-wrong"),
    )


def _words(model: WordModel, instances: Dataset) -> tuple[WordsOfClasses | None, str]:
    """The words of each class, or why there are none."""
    try:
        return words_of_classes(model, instances, _WORDS), ""
    except UsageError as fault:
        return None, str(fault)


def _word_lists(content: Content, classes: Sequence[ClassWords]) -> Iterator[WordList]:
    """The words of texts of every class, then what messages of each are built of."""
    columns = set(find_kind(content.data.kind).text_columns)
    for about, in_texts in (("", True), ("What messages are built of, in words:", False)):
        for code, one in enumerate(classes):
            words = [word for word in one.words if bool(set(word.parts) & columns) is in_texts]
            tone = "against" if code == 0 and len(classes) == 2 else "for"
            if words:
                yield WordList(content.spoken(one.name), about, tone, tuple(_word_lines(words)))


def _word_lines(words: Sequence[ClassWord]) -> Iterator[WordLine]:
    most = max(word.weight * word.share for word in words)
    for word, share in zip(words, percents(word.share for word in words), strict=True):
        width = max(1, round(100 * word.weight * word.share / most))
        term = shown(word.term, 40)
        quoted = term if any(one.isalnum() for one in term) else f"“{term}”"
        yield WordLine(quoted, f"{word.weight:+.3f}", share, width)


def _groups(content: Content, errors: Errors) -> Iterator[Cards]:
    """Wrong ones of each kind, the surest first; then the surest and the least sure right ones."""
    instances, names = content.test_instances, errors.task.classes
    if instances is None:
        return
    for actual, called in _wrong_cells(errors):
        positions = errors.cell(actual, called)
        title = f"{content.spoken(actual)} called {content.spoken(called)}"
        total = int(errors.matrix[names.index(actual)].sum())
        caption = f"{len(positions):,} of {total:,} in the test part, the surest first."
        most = _WRONG if len(names) == 2 else _WRONG_OF_MANY
        yield Cards(title, caption, tuple(_cards(content, errors, instances, positions[:most])))
    right = [position for name in names[:4] for position in errors.cell(name, name)[:_RIGHT].tolist()]
    right += [] if errors.sureness is None else errors.first("hardest-right", _RIGHT).tolist()
    positions = np.array(list(dict.fromkeys(right)), np.int64)
    yield Cards(
        "Called rightly",
        "The surest of each class, and the least sure one.",
        tuple(_cards(content, errors, instances, positions)),
    )


def _wrong_cells(errors: Errors) -> Iterator[tuple[str, str]]:
    """Cells with errors, those with most first, four at most."""
    wrong = errors.matrix - np.diag(np.diag(errors.matrix))
    for place in np.argsort(-wrong, axis=None, kind="stable")[:4].tolist():
        actual, called = divmod(place, len(wrong))
        if wrong[actual, called]:
            yield errors.task.classes[actual], errors.task.classes[called]


def _cards(content: Content, errors: Errors, instances: Dataset, positions: NDArray[np.int64]) -> Iterator[Card]:
    if content.word_model is not None:
        for message in weighed_messages(content.word_model, instances, positions, LETTERS):
            wrong = bool(errors.y[message.position] != errors.predicted[message.position])
            name = f"message-{errors.lines['row'].iloc[message.position]}"
            yield card_of(content, message, name, message_title(errors, message), wrong=wrong)


def card_of(content: Content, message: WeighedMessage, name: str, title: str, *, wrong: bool) -> Card:
    """Lay out a message; `name` is the id of its element."""
    evidence = message.evidence
    sides = ((evidence.toward, True), (evidence.against, False))
    return Card(
        name,
        title,
        wrong,
        tuple(block_of(message, text) for text in message.texts),
        tuple(built_of(message)),
        score_sentence(message),
        tuple((content.spoken(one), _listed(message, toward=side)) for one, side in sides),
        "" if message.removal is None else removal_sentence(message.removal),
    )


def _listed(message: WeighedMessage, *, toward: bool) -> str:
    words = message.heaviest(toward=toward)
    return ", ".join(f"{shown(word, 24)} {message.figure(weight)}" for word, weight in words) or "no word"


def block_of(message: WeighedMessage, text: ShownText) -> TextBlock:
    """Return a text in pieces, words too light to be coloured joined with what stands between them."""
    hidden = message.figure(text.hidden_weight)
    more = f"{text.hidden_characters:,} more characters are not shown; their words add {hidden}."
    spans = list(_spans(message, text))
    if spans and not spans[0].css:
        spans[0] = Span(spans[0].text.lstrip())
    return TextBlock(text.name, tuple(spans), more if text.hidden_characters else "")


def _spans(message: WeighedMessage, text: ShownText) -> Iterator[Span]:
    plain = ""
    for piece, weight in text.pieces:
        level = message.level(weight)
        if not level:
            plain += piece
            continue
        if plain:
            yield Span(_narrow(plain))
            plain = ""
        yield _span(piece, message.figure(weight or 0.0), level)
    if plain:
        yield Span(_narrow(plain))


def _narrow(text: str) -> str:
    """At most one empty line and one space in a row."""
    return _LINES.sub("\n\n", _SPACES.sub(" ", printable(text)))


def _span(text: str, weight: str, level: int) -> Span:
    return Span(printable(text), f"{'for' if level > 0 else 'against'}-{abs(level)}", weight)


def built_of(message: WeighedMessage) -> Iterator[Span]:
    """Yield what a message is built of, each word with its weight."""
    for word, weight in message.built:
        level, figure = message.level(weight), message.figure(weight)
        yield _span(word, figure, level) if level else Span(printable(word), "", figure)
