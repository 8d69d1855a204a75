"""Several labels for each row, derived from its one class by definitions such as ``large = digit >= 7``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tenfold.data.label_definitions.grammar import parse_definitions
from tenfold.data.label_definitions.nodes import Definition
from tenfold.data.label_definitions.tokens import Token, tokens
from tenfold.data.label_definitions.truth import holds_for
from tenfold.data.sources.files import open_data
from tenfold.errors import DataError, UsageError
from tenfold.text import shown

if TYPE_CHECKING:
    from tenfold.data.dataset import Dataset

__all__ = ["definitions_text", "labelled_by"]

_LARGEST_FILE = 1 << 20


def definitions_text(source: str) -> str:
    """
    Return the definitions of ``--labels`` on one line: the text itself, or the content of a file.

    Parameters
    ----------
    source : str
        Definitions, or the path of a file of them.

    Raises
    ------
    UsageError
        Not definitions (checked here, so that the message can name the file), or no such file.

    Examples
    --------
    >>> definitions_text("odd = digit % 2 == 1, big = digit > 4")
    'odd = digit % 2 == 1, big = digit > 4'
    """
    is_file = _is_file(source)
    if not is_file and "=" not in source:
        raise UsageError(
            f"'{shown(source)}' is neither a definition nor a file", where="--labels", do="give large = digit >= 7"
        )
    text = _content(Path(source)) if is_file else source
    parse_definitions(text, source if is_file else "--labels")
    return _on_one_line(text)


def _is_file(source: str) -> bool:
    """Return whether a text is the path of a file; definitions may be too long for one, or have other characters."""
    try:
        return Path(source).is_file()
    except (OSError, ValueError):
        return False


def _on_one_line(text: str) -> str:
    """Return the same definitions without comments and line ends, for a config and a command."""
    lines: list[list[Token]] = [[]]
    for word in tokens(text):
        if word.kind == "break":
            lines.append([])
        elif word.kind != "end":
            lines[-1].append(word)
    pieces = [text[line[0].place.at : line[-1].end] for line in lines if line]
    return ", ".join(piece.removesuffix(",").rstrip() for piece in pieces)


def _content(path: Path) -> str:
    with open_data(path) as file:
        raw = file.read(_LARGEST_FILE + 1)
    if len(raw) > _LARGEST_FILE:
        raise UsageError("a file of definitions is smaller than 1 MB", where=path)
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as fault:
        raise UsageError(f"is no text in UTF-8 (byte {fault.start})", where=path) from None


def labelled_by(dataset: Dataset, source: str) -> Dataset:
    """
    Return a dataset with one indicator column for each definition instead of the one label of each row.

    The free name of the definitions stands for the class of a row: as a number where it is compared with numbers, as
    text where it is compared with a quoted text.

    Parameters
    ----------
    dataset : Dataset
        With one label for each row.
    source : str
        Definitions, or the path of a file of them.

    Returns
    -------
    Dataset
        With `y` of bool, shape (n, labels), and the labels as `target_names`.

    Raises
    ------
    UsageError
        Not definitions, fewer than two, or a class that does not fit one of them.
    DataError
        A row has no label, or several already.

    Examples
    --------
    >>> import pandas as pd
    >>> from tenfold.data.dataset import Dataset
    >>> data = Dataset("d", "table", pd.DataFrame({"x": [1, 2]}), np.array(["7", "4"], object), source="d")
    >>> labelled = labelled_by(data, "large = digit >= 7, even = digit % 2 == 0")
    >>> labelled.target_names, labelled.y.tolist()
    (('large', 'even'), [[True, False], [False, True]])
    """
    definitions = parse_definitions(definitions_text(source))
    y = dataset.labels
    _refuse_unfit(dataset, definitions)
    classes, codes = np.unique(y.astype(str), return_inverse=True)
    indicators: NDArray[np.bool_] = np.array(
        [[holds_for(one.condition, name) for one in definitions] for name in classes.tolist()], dtype=bool
    )
    return replace(dataset, y=indicators[codes], target_names=tuple(one.name for one in definitions))


def _refuse_unfit(dataset: Dataset, definitions: tuple[Definition, ...]) -> None:
    y = dataset.labels
    if y.ndim != 1:
        raise UsageError(f"the data have {y.shape[1]} labels a row already", where="--labels", do="leave --labels out")
    missing = np.flatnonzero(y == "")
    if len(missing):
        row = int(dataset.rows[missing[0]])
        raise DataError(
            f"{len(missing):,} rows have no label to judge a definition by, the first is row {row} (from 0)",
            where=dataset.source,
            do="fill these labels, or leave such rows out with --drop-unlabelled",
        )
    if len(definitions) < 2:
        raise UsageError(
            f"one label only ('{shown(definitions[0].name, 40)}'): that is a detector",
            where="--labels",
            do="define two labels or more, or name one class with --positive",
        )
