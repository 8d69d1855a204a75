"""The profile of a table, as plain values: the role of each column, and the findings of its checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.data.checks import Finding
from tenfold.data.checks.cells import Texts, appearance, appearance_finding
from tenfold.data.checks.columns import constant_column, empty_column, id_column, missing_values, shortened
from tenfold.data.checks.finding import gravest_first
from tenfold.data.checks.labels import check_counts
from tenfold.data.kinds.table.preparation import TableColumns
from tenfold.data.streamed.column_profile import MOST_VALUES, Column
from tenfold.data.streamed.reading import Reading
from tenfold.data.streamed.source import TableSource
from tenfold.regular_files import read_regular_json
from tenfold.storage import write_json

__all__ = ["ColumnProfile", "TableProfile", "findings_of", "profile_of", "read_profile", "stamps", "write_profile"]


@dataclass(frozen=True)
class ColumnProfile:
    """
    The profile of a column.

    Parameters
    ----------
    name : str
    text, whole : bool
        Whether it is text; whether it is whole numbers without gaps.
    missing : int
    constant : str or None
        The value of a constant column.
    is_id : bool
    distinct : str
        Number of distinct values, as text.
    looks : str
        Appearance of a column of text (`tenfold.data.checks.cells.appearance`); empty for categories or codes.
    example : str
        A text of this appearance, ready to show.
    """

    name: str
    text: bool
    whole: bool
    missing: int
    constant: str | None
    is_id: bool
    distinct: str
    looks: str = ""
    example: str = ""


@dataclass(frozen=True)
class TableProfile:
    """
    The profile of a table.

    Parameters
    ----------
    source : dict of str to [int, int]
        Size and time of change (ns) of each part.
    options : list
        What was asked, on which the reading depends beside the source: target, group, task and the like.
    task : dict
        What is predicted, as `Task.as_dict` gives it.
    rows : int
        Without the rows dropped.
    columns : tuple of ColumnProfile
    labels : dict of str to int
        Number of rows of each label; none of numbers.
    unlabelled : int
        Number of rows dropped.
    fingerprint : str
    empty_parts : tuple of str
    """

    source: dict[str, list[int]]
    options: list[Any]
    task: dict[str, Any]
    rows: int
    columns: tuple[ColumnProfile, ...]
    labels: dict[str, int]
    unlabelled: int
    fingerprint: str
    empty_parts: tuple[str, ...]

    @property
    def roles(self) -> TableColumns:
        """The role of each column; one with too many texts, an id and an empty one have none."""
        unused = [c.name for c in self.columns if c.missing == self.rows]
        ids = [c.name for c in self.columns if c.is_id and c.name not in unused]
        # An id of numbers is better than no column at all.
        if len(ids) + len(unused) == len(self.columns):
            ids = [c.name for c in self.columns if c.name in ids and c.text]
        features = [c for c in self.columns if c.name not in {*ids, *unused}]
        return TableColumns(
            tuple(c.name for c in features if not c.text), tuple(c.name for c in features if c.text), (*ids, *unused)
        )

    @property
    def whole(self) -> frozenset[str]:
        """Columns of whole numbers without gaps."""
        return frozenset(c.name for c in self.columns if c.whole)

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about rows dropped and empty parts."""
        notes = []
        if self.unlabelled:
            notes.append(f"{self.unlabelled} rows without a label were left out")
        if self.empty_parts:
            notes.append(f"Parts without a row: {', '.join(self.empty_parts[:5])}.")
        return tuple(notes)


def profile_of(reading: Reading, source: TableSource, options: Sequence[Any] = ()) -> TableProfile:
    """Return the profile of a table read with these options."""
    names, counts = reading.store.labels, reading.labels.counts
    return TableProfile(
        stamps(source),
        list(options),
        reading.task.as_dict(),
        reading.store.rows,
        tuple(map(_column_profile, reading.columns)),
        {name: counts[code] for code, name in enumerate(names)},
        reading.labels.missing,
        reading.fingerprint,
        tuple(part.name for part in source.empty),
    )


def stamps(source: TableSource) -> dict[str, list[int]]:
    """Return size and time of the last change (ns) of each part, by which a changed one is recognised."""
    stats = {part.name: part.stat() for part in source.parts}
    return {name: [stat.st_size, stat.st_mtime_ns] for name, stat in stats.items()}


def _column_profile(column: Column) -> ColumnProfile:
    value: Any = column.first if not column.is_text else next(iter(column.values), None)
    constant = str(value) if column.constant and value is not None and column.rows > 1 else None
    if column.is_text:
        distinct = f"over {MOST_VALUES:,}" if column.overflows else f"{len(column.values):,}"
    else:
        distinct = f"{column.rows:,}"
    return ColumnProfile(
        column.name,
        column.is_text,
        column.kind == "integer",
        int(column.missing),
        constant,
        bool(column.looks_like_an_id),
        distinct,
        *_appearance(column),
    )


def _appearance(column: Column) -> tuple[str, str]:
    """Return the appearance of a column, with an example; texts are not counted, so long ones may be categories."""
    values = np.array(column.first_texts or tuple(column.values), object)
    places = np.arange(len(values))
    texts = Texts(values, np.ones(len(values), np.int64), places)
    look = appearance(texts) if len(values) else None
    if look is None or (look[0] == "free-text" and not column.looks_like_an_id):
        return "", ""
    return look[0], texts.example(look[1], places)[0]


def findings_of(profile: TableProfile, class_rows: Mapping[str, int], folds: int, target: str) -> tuple[Finding, ...]:
    """
    Return the findings of `tenfold.data.checks.check` that one pass can make, the gravest first.

    Parameters
    ----------
    profile : TableProfile
    class_rows : mapping of class to int
        Number of training rows of each class; none where numbers are predicted.
    folds : int
    target : str
    """
    findings = list(check_counts(Counter(class_rows), sorted(profile.labels), folds, target)) if class_rows else []
    findings += shortened([finding for column in profile.columns for finding in _of_column(column, profile.rows)])
    findings += missing_values({column.name: column.missing for column in profile.columns}, profile.rows)
    return gravest_first(findings)


def _of_column(column: ColumnProfile, rows: int) -> Iterator[Finding]:
    if column.missing == rows:
        yield empty_column(column.name, rows)
    elif column.constant is not None:
        yield constant_column(column.name, column.constant, rows)
    elif column.looks:
        yield appearance_finding(column.name, column.looks, column.example)
    elif column.is_id:
        yield id_column(column.name, column.distinct, rows - column.missing)


def write_profile(profile: TableProfile, path: Path) -> None:
    """Write a profile as JSON."""
    write_json(path, asdict(profile))


def read_profile(path: Path) -> TableProfile | None:
    """Read the profile of `write_profile`; None where there is none."""
    if not path.exists():
        return None
    content = read_regular_json(path, within=path.parent)
    columns = tuple(ColumnProfile(**column) for column in content["columns"])
    return TableProfile(**{**content, "columns": columns, "empty_parts": tuple(content["empty_parts"])})
