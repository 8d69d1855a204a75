"""What each column of a table is, as its values tell; labels are not looked at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from tenfold.data.kinds.table.content import with_columns, without_markers
from tenfold.data.kinds.table.preparation import TableColumns, is_id, one_hot_width
from tenfold.data.roles.role import ORDERED, ColumnRole
from tenfold.models.cells.markers import marked_cells
from tenfold.models.cells.parsing import date_order, number_words, read_number
from tenfold.text import shown

__all__ = ["infer_roles", "layout_of_roles"]

_NEARLY_ALL, _MOSTLY = 0.95, 0.5
_FREQUENT = 5
_MANY = 50
_SENTENCE = 3
_SEVERAL_UNITS = 6
_TAGS = (";", "|", ",")
_LOOKED_AT = 20_000
_MARKERS = ("?", "-", "--", "N/A", "n/a", "NULL", "null", "unknown", "missing", "none", ".")
_SENTINELS = (-999.0, -99.0, -1.0, 99.0, 999.0, 9999.0, 99999.0)
_YES_NO = ({"yes", "no"}, {"true", "false"}, {"y", "n"}, {"t", "f"}, {"0", "1"}, {"on", "off"})
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3},[0-9]{3}")
_SCALES = (
    ("low", "medium", "high"), ("small", "medium", "large"), ("xs", "s", "m", "l", "xl", "xxl"),
    ("never", "rarely", "sometimes", "often", "always"), ("bad", "fair", "good", "very good", "excellent"),
    ("strongly disagree", "disagree", "neutral", "agree", "strongly agree"), ("po", "fa", "ta", "gd", "ex"),
)  # fmt: skip


def infer_roles(table: pd.DataFrame, missing: Mapping[str, Sequence[str]] | None = None) -> tuple[ColumnRole, ...]:
    """
    Return what each column is, and why.

    Parameters
    ----------
    table : DataFrame of n rows
        As in `Dataset.X`.
    missing : mapping of column to sequence of str, optional
        Values that count as missing.

    Examples
    --------
    >>> cells = {"weight": ["60 kg", "72 kg", "75 kg"] * 30, "seen": ["2024-01-31", "2024-02-01", "2024-03-01"] * 30}
    >>> for one in infer_roles(pd.DataFrame(cells, dtype=object)):
    ...     print(one.name, one.role, one.reason, one.warning, sep=" | ")
    weight | number with a point | 90 of 90 are numbers with a decimal point, in kg |
    seen | date | 90 of 90 are dates |
    """
    whole, markers = table, {name: tuple(values) for name, values in (missing or {}).items()}
    table = with_columns(
        whole, {name: without_markers(whole[name], values) for name, values in markers.items() if name in whole}
    )
    roles = [_role(table[name], is_id(table[name])) for name in table]
    if not any(one.used for one in roles):
        # where nothing else is there, an id is better than no column at all
        roles = [_id_in_use(table[name]) if one.role == "id" else one for name, one in zip(table, roles, strict=True)]
    sums = _sums(table)
    roles = [
        ColumnRole(one.name, "sum of others", f"equal to {sums[one.name]} in every row")
        if one.role == "number" and one.name in sums
        else one
        for one in roles
    ]
    return tuple(_marked(one, whole[one.name], markers[one.name]) if one.name in markers else one for one in roles)


def _marked(role: ColumnRole, column: pd.Series[Any], markers: tuple[str, ...]) -> ColumnRole:
    """Say how many cells hold the markers of a column, and which of them is in none."""
    cells = column.to_numpy()
    rows = {marker: int(marked_cells(cells, [marker]).sum()) for marker in markers}
    words = ", ".join(f"'{shown(marker, 20)}' ({times:,})" for marker, times in rows.items() if times)
    absent = ", ".join(f"'{shown(marker, 20)}'" for marker, times in rows.items() if not times)
    reason = f"{role.reason}; missing where it is {words}" if words else role.reason
    warning = "; ".join(filter(None, (f"{absent} stands in no cell" if absent else "", role.warning)))
    return replace(role, reason=reason, warning=warning, missing=markers)


def _role(column: pd.Series[Any], unused: bool) -> ColumnRole:
    name, present = str(column.name), column.dropna()
    if present.empty:
        return ColumnRole(name, "empty", "no value in any row")
    if is_numeric_dtype(column.dtype):
        return _of_numbers(name, column, unused)
    cells = [str(cell) for cell in present.iloc[:: max(1, len(present) // _LOOKED_AT)].tolist()]
    return _of_dates(name, cells) or _of_written(name, cells) or _of_words(name, column, cells, unused)


def _id_in_use(column: pd.Series[Any]) -> ColumnRole:
    role = _role(column, False)
    return replace(role, warning="each row has its own value; it is used because there is no other column")


def _of_numbers(name: str, column: pd.Series[Any], unused: bool) -> ColumnRole:
    present = column.dropna()
    distinct = int(present.nunique())
    if unused:
        return ColumnRole(name, "id", "each row has its own whole number, as a counter gives them")
    if distinct == 1:
        return ColumnRole(name, "near-constant", f"one value, {present.iloc[0]:g}, in {len(present):,} rows")
    warning, proposed = _sentinel(present)
    if set(present.unique()) <= {0, 1}:
        return ColumnRole(name, "yes/no", "0 or 1")
    values, counts = np.unique(present.to_numpy(), return_counts=True)
    if counts.max() > 0.99 * len(column):
        return ColumnRole(name, "near-constant", f"{values[counts.argmax()]:g} in {counts.max() / len(column):.1%}")
    return ColumnRole(name, "number", f"{distinct:,} different numbers", warning, proposed=proposed)


def _sentinel(present: pd.Series[Any]) -> tuple[str, tuple[str, ...]]:
    """Say that a number such as 999 is far from all others, in some rows, and name it."""
    values = present.to_numpy(np.float64)
    for value in _SENTINELS:
        others, times = values[values != value], int((values == value).sum())
        if times < 2 or len(others) < 20 or (value in (-1.0, 99.0, -99.0) and len(np.unique(others)) < 10):
            continue
        low, high = float(others.min()), float(others.max())
        if (value > high and value - high > 2 * (high - low)) or (value < low and low >= 0 and value < -1):
            return f"{value:g} in {times:,} rows may mean that nothing is known; it counts as a number", (f"{value:g}",)
    return "", ()


def _of_dates(name: str, cells: Sequence[str]) -> ColumnRole | None:
    orders = [date_order(cell) for cell in cells]
    dates, counts = sum(order is not None for order in orders), Counter(orders)
    if not dates or dates < _NEARLY_ALL * _without_markers(cells):
        return None
    if counts["day"] and counts["month"]:
        day, month = (cells[orders.index(order)] for order in ("day", "month"))
        why = f"dates written in two orders, such as '{shown(day, 20)}' and '{shown(month, 20)}'"
        return ColumnRole(name, "category", why, f"{why}: they are taken as words; write them alike, year first")
    what = "times of day" if counts["time"] == dates else "dates"
    reason, warning = f"{dates:,} of {len(cells):,} are {what}", _others(cells, [order is not None for order in orders])
    if counts["year"] and len(counts.keys() - {None}) > 1:
        warning = f"dates are written in two forms, with the year first and last; both are read. {warning}".strip()
    proposed = _markers_in(cell for cell, order in zip(cells, orders, strict=True) if order is None)
    if counts["month"]:
        return ColumnRole(name, "date, month first", reason, warning, proposed=proposed)
    if counts["either"] and not counts["day"]:
        example = cells[orders.index("either")]
        doubt = f"whether '{shown(example, 20)}' has the day or the month first is not told; the day is taken"
        warning = f"{doubt}; {warning}" if warning else doubt
    return ColumnRole(name, "date", reason, warning.strip(), proposed=proposed)


def _of_written(name: str, cells: Sequence[str]) -> ColumnRole | None:
    words = [number_words(cell) for cell in cells]
    numbers = [one for one in words if one is not None]
    units = {unit for _, unit in numbers} - {""}
    enough = _NEARLY_ALL * _without_markers(cells)
    if not numbers or len(numbers) < enough or max(len(body) for body, _ in numbers) > 15:
        return None
    if len(units) > 1:
        return _of_several_units(name, [unit for _, unit in numbers if unit])
    decimal = _decimal([body for body, _ in numbers])
    readable = [not np.isnan(read_number(cell, decimal)) for cell in cells]
    if sum(readable) < enough:
        return None
    unit = f", in {units.pop()}" if units else ""
    form = f"{sum(readable):,} of {len(cells):,} are numbers with a decimal {decimal}{unit}"
    warnings = (_doubtful_comma([body for body, _ in numbers]), _others(cells, readable))
    proposed = _markers_in(cell for cell, good in zip(cells, readable, strict=True) if not good)
    return ColumnRole(name, f"number with a {decimal}", form, "; ".join(filter(None, warnings)), proposed=proposed)


def _markers_in(cells: Iterable[str]) -> tuple[str, ...]:
    """What may mean that nothing is known, the most frequent first."""
    counts = Counter(cell.strip() for cell in cells)
    return tuple(word for word, _ in counts.most_common() if word in _MARKERS)


def _without_markers(cells: Sequence[str]) -> int:
    """How many cells hold something else than what may mean that nothing is known."""
    return sum(cell.strip() not in _MARKERS for cell in cells)


def _doubtful_comma(bodies: Sequence[str]) -> str:
    """Where each comma stands before three digits, it may be a decimal one all the same."""
    some = next((body for body in bodies if "," in body), None)
    if some is None or not all(body.isdigit() or _THOUSANDS.fullmatch(body) for body in bodies):
        return ""
    meaning = f"'{shown(some, 20)}' is taken for {some.replace(',', '')}"
    return f"{meaning}; if its comma stands before decimals, give the role 'number with a comma'"


def _of_several_units(name: str, units: Sequence[str]) -> ColumnRole | None:
    """Amounts in two or three units, such as $ and €; of more units, such as names of rooms, nothing is said."""
    frequent = Counter(units).most_common()
    if len(frequent) > _SEVERAL_UNITS:
        return None
    listed = ", ".join(f"'{shown(unit, 12)}' ({times:,})" for unit, times in frequent)
    warning = f"numbers in several units, {listed}, are taken as words; write them all in one"
    return ColumnRole(name, "category", "numbers in several units", warning)


def _decimal(bodies: Sequence[str]) -> str:
    """A comma where it cannot stand between thousands: followed by other than three digits, or after a point."""
    for body in bodies:
        head, comma, tail = body.rpartition(",")
        thousands = len(tail) == 3 and "." not in head and (len(head.lstrip("+-")) <= 3 or "," in head)
        if comma and "." not in tail and not thousands:
            return "comma"
    dots = [body for body in bodies if body.count(".") > 1]
    return "comma" if dots else "point"


def _others(cells: Sequence[str], readable: Sequence[bool]) -> str:
    """Say which cells are read as missing."""
    others = Counter(cell.strip() for cell, good in zip(cells, readable, strict=True) if not good)
    if not others:
        return ""
    words = ", ".join(f"'{shown(word, 20)}' ({times:,})" for word, times in others.most_common(3))
    return f"read as missing: {words}"


def _of_words(name: str, column: pd.Series[Any], cells: Sequence[str], unused: bool) -> ColumnRole:
    values = Counter(cells)
    markers = [value for value in values if value.strip() in _MARKERS]
    warning = _marker_words(values, markers) or _partly_read(cells)
    role = _role_of_words(name, column, values, warning, unused)
    return replace(role, proposed=_markers_in(cells)) if markers else role


def _role_of_words(name: str, column: pd.Series[Any], values: Counter[str], warning: str, unused: bool) -> ColumnRole:
    distinct, words = len(values), sum(len(cell.split()) * rows for cell, rows in values.items()) / values.total()
    cells, known = list(values.elements()), {value.strip() for value in values if value.strip() not in _MARKERS}
    rest = {value.lower() for value in known}
    if any(rest == pair for pair in _YES_NO):
        return ColumnRole(name, "yes/no", " or ".join(sorted(rest)), warning)
    if distinct == 1:
        return ColumnRole(name, "near-constant", f"one value, '{shown(cells[0], 20)}'")
    if distinct > _FREQUENT and (separator := _separator(cells, distinct)):
        return ColumnRole(name, "tags", f"lists with '{separator}' between them", warning)
    if words >= _SENTENCE and distinct > max(_MANY, len(cells) // 2) and _words_repeat(cells):
        return ColumnRole(name, "text", f"{words:.1f} words a cell, {distinct:,} different cells", warning)
    if unused:
        return ColumnRole(name, "id", "each row has its own text, whose words do not repeat")
    scale = next((scale for scale in _SCALES if 2 < len(rest) == len(known) and rest <= set(scale)), None)
    if scale:
        order = tuple(sorted(known, key=lambda value: scale.index(value.lower())))
        return ColumnRole(name, ORDERED, " < ".join(order), warning, order=order)
    if one_hot_width(column) >= _MANY:
        return ColumnRole(name, "many categories", f"{distinct:,} values, more than {_MANY} of them frequent", warning)
    frequent = sum(times >= _FREQUENT for times in values.values())
    reason = f"{distinct:,} values" + (
        f", {frequent:,} of them in {_FREQUENT} rows or more" if frequent < distinct else ""
    )
    if not frequent:
        warning = f"no value stands in {_FREQUENT} rows: all together count as one, beside the empty cells"
    return ColumnRole(name, "category", reason, warning)


def _partly_read(cells: Sequence[str]) -> str:
    """Say what hinders a column from being numbers or dates, where that is a few words."""
    for what, role, reads in (("numbers", "number with a point", number_words), ("dates", "date", date_order)):
        others = Counter(cell for cell in cells if reads(cell) is None)
        share = 1 - others.total() / len(cells)
        if _MOSTLY <= share < 1 and len(others) <= _FREQUENT:
            words = ", ".join(f"'{shown(word, 20)}' ({times:,})" for word, times in others.most_common(3))
            return f"{share:.0%} are {what}, but {words} are not, so all are taken as words; or give the role '{role}'"
    return ""


def _marker_words(values: Mapping[str, int], markers: Sequence[str]) -> str:
    if not markers:
        return ""
    words = ", ".join(f"'{shown(marker, 20)}' ({values[marker]:,})" for marker in markers)
    return f"{words} may mean that nothing is known; it counts as a value of its own"


def _separator(cells: Sequence[str], distinct: int) -> str | None:
    """What stands between tags: few words in many combinations, most cells with several."""
    for separator in _TAGS:
        several = [cell for cell in cells if separator in cell]
        if len(several) < len(cells) / 2:
            continue
        tags = {tag.strip() for cell in cells for tag in cell.split(separator)}
        if len(tags) <= min(100, distinct) and max(map(len, tags)) <= 30:
            return separator
    return None


def _words_repeat(cells: Sequence[str]) -> bool:
    counts = Counter(word for cell in cells for word in set(cell[:10_000].lower().split()))
    return any(times >= 2 * _FREQUENT for times in counts.values())


def _sums(table: pd.DataFrame) -> dict[str, str]:
    """Columns of numbers that are the sum of two to eight others, by least squares on some rows, proven on all."""
    names = [str(name) for name in table if is_numeric_dtype(table[name])][:30]
    values = table[names].to_numpy(np.float64) if names else np.empty((0, 0))
    values = values[np.isfinite(values).all(axis=1)]
    if len(values) <= 2 * len(names) or len(names) < 3:
        return {}
    sums: dict[str, str] = {}
    for position, name in enumerate(names):
        rest = [other for other in range(len(names)) if other != position and names[other] not in sums]
        weights = np.linalg.lstsq(values[:1000][:, rest], values[:1000, position], rcond=None)[0]
        parts = [other for other, weight in zip(rest, weights, strict=True) if abs(weight - 1) < 1e-6]
        if 2 <= len(parts) <= 8 and np.allclose(values[:, parts].sum(axis=1), values[:, position], rtol=1e-9):
            sums[name] = " + ".join(f"'{shown(names[other], 24)}'" for other in parts)
    return sums


_PARTS = {
    "number": "numbers", "sum of others": "numbers", "number with a point": "points", "number with a comma": "commas",
    "many categories": "large", "date": "days", "date, month first": "months", "text": "texts", "tags": "tags",
}  # fmt: skip


def layout_of_roles(table: pd.DataFrame, roles: Mapping[str, ColumnRole], target_means: bool = True) -> TableColumns:
    """
    Return the layout of a table whose columns have these roles.

    Parameters
    ----------
    table : DataFrame
    roles : mapping of str to ColumnRole
        By column; one without any is not used.
    target_means : bool
        Whether there is one class a row, so that a category can become the average of its rows.
    """
    parts: dict[str, list[str]] = {}
    for name in map(str, table):
        parts.setdefault(_part(table[name], roles.get(name, ColumnRole(name, "unused")), target_means), []).append(name)
    fields = ("numbers", "categories", "unused", "large", "points", "commas", "days", "months", "texts", "tags")
    used = [one for name, one in roles.items() if one.used and name in table]
    return TableColumns(
        **{field: tuple(parts.get(field, ())) for field in fields},
        missing=tuple((one.name, one.missing) for one in used if one.missing),
        ordered=tuple((name, roles[name].order) for name in parts.get("ordered", ())),
    )


def _part(column: pd.Series[Any], asked: ColumnRole, target_means: bool) -> str:
    role = asked.role
    if not asked.used:
        return "unused"
    if role == ORDERED and asked.order:
        return "ordered"
    if is_numeric_dtype(column.dtype):
        return "categories" if role in ("category", ORDERED, "many categories") else "numbers"
    if role == "many categories" and not target_means:
        return "categories"
    return _PARTS.get(role, "categories") if role not in ("number", "sum of others") else "points"
