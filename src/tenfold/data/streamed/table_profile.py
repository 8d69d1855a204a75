"""What a reading found out, as plain values: the part each column plays, what is suspicious, what must be refused."""

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
from tenfold.data.checks.labels import check_counts
from tenfold.data.kinds.table.preparation import TableColumns
from tenfold.data.streamed.column_profile import MOST_VALUES, Column
from tenfold.data.streamed.reading import Reading
from tenfold.data.streamed.source import TableSource
from tenfold.regular_files import read_regular_json
from tenfold.storage import write_json

__all__ = ["ColumnFact", "Facts", "facts_of", "findings_of", "read_facts", "stamps", "write_facts"]


@dataclass(frozen=True)
class ColumnFact:
    """
    What is known of a column.

    Parameters
    ----------
    name : str
    text, whole : bool
        It holds text; whole numbers without gaps.
    missing : int
    constant : str or None
        Its one value.
    is_id : bool
    distinct : str
        Different values of an id, in words.
    looks : str
        What a column of text looks like (`tenfold.data.checks.cells.appearance`); empty where like categories or codes.
    example : str
        A text that looks so, ready to show.
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
class Facts:
    """
    What is known of a table once it was read.

    Parameters
    ----------
    source : dict of str to [int, int]
        Size and time of change (ns) of each part.
    asked : list
        Target, group, and whether rows without a label were left out: what the reading depends on beside the source.
    rows : int
        Kept.
    columns : tuple of ColumnFact
    labels : dict of str to int
        Rows of each label.
    unlabelled : int
        Rows that were left out.
    fingerprint : str
    empty_parts : tuple of str
    """

    source: dict[str, list[int]]
    asked: list[Any]
    rows: int
    columns: tuple[ColumnFact, ...]
    labels: dict[str, int]
    unlabelled: int
    fingerprint: str
    empty_parts: tuple[str, ...]

    @property
    def roles(self) -> TableColumns:
        """The part each column plays; a column of too many texts, an id and an empty one play none."""
        unused = [c.name for c in self.columns if c.missing == self.rows]
        ids = [c.name for c in self.columns if c.is_id and c.name not in unused]
        # Where nothing else is there, an id of numbers is better than no column at all.
        if len(ids) + len(unused) == len(self.columns):
            ids = [c.name for c in self.columns if c.name in ids and c.text]
        used = [c for c in self.columns if c.name not in {*ids, *unused}]
        return TableColumns(
            tuple(c.name for c in used if not c.text), tuple(c.name for c in used if c.text), (*ids, *unused)
        )

    @property
    def whole(self) -> frozenset[str]:
        """Columns of whole numbers without gaps."""
        return frozenset(c.name for c in self.columns if c.whole)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reading did that a reader must know."""
        found = []
        if self.unlabelled:
            found.append(f"{self.unlabelled} rows without a label were left out")
        if self.empty_parts:
            found.append(f"Parts without a row: {', '.join(self.empty_parts[:5])}.")
        return tuple(found)


def facts_of(reading: Reading, source: TableSource, asked: Sequence[Any] = ()) -> Facts:
    """Gather what a reading found that was asked with these options."""
    names, counts = reading.spool.labels, reading.labels.counts
    return Facts(
        stamps(source),
        list(asked),
        reading.spool.rows,
        tuple(map(_fact, reading.columns)),
        {name: counts[code] for code, name in enumerate(names)},
        reading.labels.missing,
        reading.fingerprint,
        tuple(part.name for part in source.empty),
    )


def stamps(source: TableSource) -> dict[str, list[int]]:
    """Tell the parts of a source apart from changed ones: size, and time of the last change."""
    found = {part.name: part.stat() for part in source.parts}
    return {name: [told.st_size, told.st_mtime_ns] for name, told in found.items()}


def _fact(column: Column) -> ColumnFact:
    value: Any = column.first if not column.is_text else next(iter(column.values), None)
    constant = str(value) if column.constant and value is not None and column.rows > 1 else None
    if column.is_text:
        distinct = f"over {MOST_VALUES:,}" if column.overflows else f"{len(column.values):,}"
    else:
        distinct = f"{column.rows:,}"
    return ColumnFact(
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
    """What the column looks like, with an example; its texts are not counted, so long ones may be categories."""
    values = np.array(column.first_texts or tuple(column.values), object)
    places = np.arange(len(values))
    texts = Texts(values, np.ones(len(values), np.int64), places)
    found = appearance(texts) if len(values) else None
    if found is None or (found[0] == "free-text" and not column.looks_like_an_id):
        return "", ""
    return found[0], texts.example(found[1], places)[0]


def findings_of(facts: Facts, class_rows: Mapping[str, int], folds: int, target: str) -> tuple[Finding, ...]:
    """
    Say what is suspicious about the table, as `tenfold.data.checks.check` does where one pass can tell.

    Parameters
    ----------
    facts : Facts
    class_rows : mapping of class to int
        Training rows.
    folds : int
    target : str
    """
    found = list(check_counts(Counter(class_rows), sorted(facts.labels), folds, target))
    found += shortened([finding for column in facts.columns for finding in _of_column(column, facts.rows)])
    found += missing_values({column.name: column.missing for column in facts.columns}, facts.rows)
    order = {"fatal": 0, "warning": 1, "note": 2}
    return tuple(sorted(found, key=lambda finding: order[finding.level]))


def _of_column(column: ColumnFact, rows: int) -> Iterator[Finding]:
    if column.missing == rows:
        yield empty_column(column.name, rows)
    elif column.constant is not None:
        yield constant_column(column.name, column.constant, rows)
    elif column.looks:
        yield appearance_finding(column.name, column.looks, column.example)
    elif column.is_id:
        yield id_column(column.name, column.distinct, rows - column.missing)


def write_facts(facts: Facts, path: Path) -> None:
    """Write facts as JSON."""
    write_json(path, asdict(facts))


def read_facts(path: Path) -> Facts | None:
    """Read what `write_facts` wrote; None where it is not there."""
    if not path.exists():
        return None
    kept = read_regular_json(path, within=path.parent)
    columns = tuple(ColumnFact(**column) for column in kept["columns"])
    return Facts(**{**kept, "columns": columns, "empty_parts": tuple(kept["empty_parts"])})
