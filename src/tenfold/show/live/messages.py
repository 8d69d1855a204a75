"""Messages that the page carries for its cells: their texts, cut, with a ground for each word that weighs something."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.studies.evidence import shown_positions
from tenfold.ask.words.messages import WeighedMessage, message_from
from tenfold.ask.words.sentences import score_sentence
from tenfold.data.dataset import Dataset
from tenfold.show.components import Span
from tenfold.show.content import Content
from tenfold.show.live.packing import packed_text
from tenfold.show.message_evidence import evidence_at
from tenfold.show.sections.errors.messages import LETTERS, block_of, built_of

__all__ = ["messages_of", "positions_of", "with_heading"]

_MOST = 400
"""Messages that a page carries, so that it stays under some 2 MB however many errors there are."""


def positions_of(y: NDArray[np.int64], predicted: NDArray[np.int64], sure: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the messages that the page carries: errors first, by actual class and then in order."""
    positions = shown_positions(y, predicted, sure)
    order = np.lexsort((-sure[positions], y[positions] == predicted[positions]))
    some = positions[order[:_MOST]]
    return some[np.lexsort((some, y[some]))]


def with_heading(data: Dataset, table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that describe messages, the heading of each before them."""
    heading = data.traits.text_columns[0]
    described: pd.DataFrame = pd.concat(
        [data.X[[heading]].reset_index(drop=True), table.reset_index(drop=True)], axis=1
    )
    return described


def messages_of(content: Content, data: Dataset, places: NDArray[np.int64]) -> dict[str, Any]:
    """
    Return the texts of some messages, one JSON object a line.

    Each is ``t``, its texts: name, pieces and what is not shown; ``b``, what it is built of; ``w``, what the words sum
    to. A piece is its text, and where it weighs something the class of its ground and the weight.
    """
    columns = data.traits.text_columns
    evidence, basis = evidence_at(content, data, places)
    lines = [
        _line(message_from(evidence[at], at, columns, LETTERS)) if at in evidence else "{}" for at in places.tolist()
    ]
    return {"messages": packed_text(lines), "weighed": basis}


def _line(message: WeighedMessage) -> str:
    blocks = (block_of(message, text) for text in message.texts)
    texts = [{"n": block.name, "p": [_piece(span) for span in block.spans], "m": block.more} for block in blocks]
    entry = {"t": texts, "b": [_piece(span) for span in built_of(message)], "w": score_sentence(message)}
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))


def _piece(span: Span) -> list[str]:
    return [span.text, span.css, span.words] if span.css else [span.text]
