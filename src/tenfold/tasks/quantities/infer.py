"""Quantities inferred from columns of labels, or refused with the reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.missing import is_missing
from tenfold.errors import DataError, UsageError
from tenfold.figures.quantities.estimates import QUANTITY_LOSSES
from tenfold.models.cells.parsing import number_words
from tenfold.task import CLASS_LIMIT, LabelColumns
from tenfold.tasks.quantities.numbers import LARGEST, SMALLEST, number_of, numbers_of, written_number
from tenfold.tasks.quantities.task import QuantityTask
from tenfold.text import shown

__all__ = ["TASK"]

_MANY_NUMBERS = 20
_NEARLY_ALL = 0.95
_FEWEST_ROWS = 4
_DATE = re.compile(r"\s*\d{1,4}[-./]\d{1,2}[-./]\d{1,4}")


class _Quantities:
    """The task of predicting numbers."""

    types = ("quantities",)
    losses = QUANTITY_LOSSES

    def infer(self, labels: LabelColumns, name: str | None) -> QuantityTask | None:
        """Return the task of numbers, where they are asked for, or look like quantities; None for anything else."""
        if name not in {None, "quantities"}:
            return None
        if labels.y.ndim == 2:
            return _of_several(labels, name)
        if labels.positive is not None:
            _refuse_class(labels, name)
            return None
        if labels.y.dtype == bool:
            return None
        values, known = numbers_of(labels.y), ~is_missing(labels.y)
        if name is None and not _looks_like_quantities(values[known], labels):
            _refuse_written_numbers(labels)
            return None
        # Rows without a value are named by the check of the data, all at once.
        _refuse_odd(np.where(known, values, 0.0), labels)
        _refuse_few(values[known], labels)
        return QuantityTask(labels.target_names[:1])

    def from_dict(self, plain: Mapping[str, Any]) -> QuantityTask:
        """Read what `QuantityTask.as_dict` gave."""
        targets = tuple(plain["classes"])
        if not targets or not all(isinstance(one, str) for one in targets) or len(set(targets)) < len(targets):
            raise ValueError("targets without distinct names")
        return QuantityTask(targets)


TASK = _Quantities()
"""For the list of tasks."""


def _of_several(labels: LabelColumns, name: str | None) -> QuantityTask | None:
    """Several columns of numbers; those of yes and no are labels unless quantities are asked for."""
    if labels.y.dtype == bool and name is None:
        return None
    values = labels.y.astype(np.float64)
    for c, target in enumerate(labels.target_names):
        _refuse_odd(values[:, c], labels, target)
        _refuse_few(values[:, c], labels, target)
    return QuantityTask(labels.target_names)


def _refuse_class(labels: LabelColumns, name: str | None) -> None:
    option = f"--positive {shown(labels.positive, 40)} names a class"
    if name is not None:
        raise UsageError(f"{option}, and --task quantities predicts numbers", do="leave one of them out")
    if labels.y.dtype == bool or labels.positive in labels.y:
        return
    if _looks_like_quantities(numbers_of(labels.y)[~is_missing(labels.y)], labels):
        what = f"{option}, and column '{shown(labels.target_names[0], 40)}' holds numbers, none of which is that"
        raise UsageError(what, do="leave it out, or make classes of the numbers: --bins 5")


def _looks_like_quantities(values: NDArray[np.float64], labels: LabelColumns) -> bool:
    """
    Fractions, or whole numbers nearly as many as the rows or past any number of classes: classes are neither.

    A text among them is a slip. Of few rows fractions are quantities where more than half of them differ.
    """
    finite = values[np.isfinite(values)]
    if not len(finite) or len(finite) < _NEARLY_ALL * len(values):
        return False
    distinct = np.unique(finite)
    fractions = bool((distinct != np.round(distinct)).any())
    if fractions:
        return len(distinct) > min(labels.rows / 2, _MANY_NUMBERS)
    return len(distinct) > max(_MANY_NUMBERS, min(labels.rows / 2, CLASS_LIMIT))


def _refuse_written_numbers(labels: LabelColumns) -> None:
    """Numbers with units or in another spelling, too many to be classes: they would be taken for names."""
    if len(set(labels.y.tolist())) <= _MANY_NUMBERS:
        return
    texts = [text for text in labels.y.tolist() if text.strip()]
    written = {text: words for text in set(texts) if (words := number_words(text)) is not None}
    units = {unit for _, unit in written.values() if unit}
    odd = next((text for text in texts if text in written and not np.isfinite(number_of(text))), None)
    # Names such as 1A and 2B have units of many kinds.
    if odd is not None and len(units) <= 1 and sum(text in written for text in texts) >= _NEARLY_ALL * len(texts):
        plain = written_number(odd) is not None  # too large, and no matter of spelling
        raise DataError(
            _why_odd(odd)
            if plain
            else f"the target looks like a quantity, but is no plain number everywhere: '{shown(odd, 40)}'",
            where=labels.source,
            row=labels.y.tolist().index(odd) + 1,
            column=labels.target_names[0],
            do=_remedy(odd, labels)
            if plain
            else "write it as 1234.5, without a unit; where the values are names, ask for --task multiclass",
        )


def _refuse_odd(values: NDArray[np.float64], labels: LabelColumns, target: str | None = None) -> None:
    odd = np.flatnonzero(~np.isfinite(values))
    if not len(odd):
        return
    row, column = int(odd[0]), target or labels.target_names[0]
    text = labels.y[row] if labels.y.ndim == 1 else values[row]
    more = f" (and {len(odd) - 1:,} more)" if len(odd) > 1 else ""
    raise DataError(
        f"{_why_odd(text)}{more}",
        where=labels.source,
        row=row + 1,
        column=column,
        do=_remedy(text, labels),
    )


def _remedy(text: Any, labels: LabelColumns) -> str:
    if isinstance(text, str) and _DATE.match(text):
        return "predict the number of days since a date, in a column of its own"
    return "correct it, or leave the row out" + (
        "; where the values are names, ask for --task multiclass" if labels.y.ndim == 1 else ""
    )


def _why_odd(text: Any) -> str:
    if isinstance(text, str) and _DATE.match(text):
        return f"'{shown(text, 40)}' is a date, and the target is a quantity"
    value = written_number(text) if isinstance(text, str) else float(text)
    if value is None:
        return f"'{shown(text, 40)}' is no number, and the target is a quantity"
    if np.isnan(value):
        return "the target has no value"
    size = "infinite" if np.isinf(value) else f"beyond {LARGEST:g}, so that its square is no number"
    return f"the target is {shown(text, 40)}: {size}"


def _refuse_few(values: NDArray[np.float64], labels: LabelColumns, target: str | None = None) -> None:
    column, distinct = target or labels.target_names[0], np.unique(values)
    if labels.rows < _FEWEST_ROWS:
        raise DataError(
            f"{labels.rows} row{'' if labels.rows == 1 else 's'} with a value: a model needs {_FEWEST_ROWS} or more to "
            "learn from some and be judged on others",
            where=labels.source,
            column=column,
            do="add rows",
        )
    if len(distinct) == 1:
        raise DataError(
            f"every row has the value {distinct[0]:.12g}: nothing to predict",
            where=labels.source,
            column=column,
            do="choose another target",
        )
    if distinct[-1] - distinct[0] < SMALLEST:
        raise DataError(
            f"all values lie within {distinct[-1] - distinct[0]:.2g} of one another: squares of so small differences "
            "are 0",
            where=labels.source,
            column=column,
            do="write them in a smaller unit",
        )
    if len(distinct) == 2:
        low, high = (f"{value:.12g}" for value in distinct)
        raise DataError(
            f"the target has two values only, {low} and {high}: they look like classes",
            where=labels.source,
            column=column,
            do="ask for --task binary",
        )
