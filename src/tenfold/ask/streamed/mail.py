"""A saved model asked about a mailbox of any length: answers are written as messages are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from tenfold.ask.predict import answer_file, answer_table, two_columns
from tenfold.data.dataset import Dataset
from tenfold.record.bundle import Classifier

__all__ = ["BLOCK_MESSAGES", "write_mail_answers"]

BLOCK_MESSAGES = 1_000
"""Messages that are held at once: 5 MB of text on average, 400 MB where each is as long as a model reads any."""


def write_mail_answers(
    classifier: Classifier,
    blocks: Iterable[Dataset],
    out: Path | None,
    identifier: str | None = None,
    label: str | None = None,
    note: Callable[[str], None] = lambda line: None,
) -> Counter[str]:
    """
    Write a line a message: row, file and content id, the class predicted, the scores and the threshold in force.

    Parameters
    ----------
    classifier : Classifier
        Of mail.
    blocks : iterable of Dataset
        As `tenfold.data.sources.load.mail_blocks` gives them.
    out : Path or None
        A .csv or .parquet file, whole or not at all; CSV on standard output by default, once all is predicted.
    identifier, label : str, optional
        As for `two_columns`.
    note : callable
        Told what the reader must know, each once.

    Returns
    -------
    Counter
        How many messages are of each class.
    """
    counts, told = Counter[str](), set[str]()
    with answer_file(out) as write:
        for block in blocks:
            table, notes, _ = answer_table(classifier, block)
            counts.update(table["predicted"].tolist())
            write(table if identifier is None and label is None else two_columns(table, identifier, label))
            for line in (*notes, *block.notes):
                if line not in told:
                    note(line)
                told.add(line)
    return counts
