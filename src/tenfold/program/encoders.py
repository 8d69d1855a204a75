"""What a fitted encoder makes of each category of a column, as its public attributes tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.categories import Category, pack_categories

if TYPE_CHECKING:
    from tenfold.program.builder import Builder
    from tenfold.program.values import Value

__all__ = ["EncodedColumn", "groups_of", "has_rare", "in_float", "is_nan", "join_columns"]


@dataclass(frozen=True, eq=False)
class EncodedColumn:
    """
    The categories of a column and what each becomes.

    Parameters
    ----------
    kind : {"number", "text"}
    categories : sequence of Category
    codes : ndarray, shape (categories, outputs)
    unknown : ndarray, shape (outputs,)
        What any other category becomes.
    """

    kind: str
    categories: Sequence[Category]
    codes: NDArray[Any]
    unknown: NDArray[Any]

    def reduced(self, refuses: bool) -> EncodedColumn:
        """
        Return the column without the categories that become what an unknown one does, unless those are refused.

        A missing text is None: a NaN among texts stands in no cell.
        """
        codes, unknown = self.codes.astype(np.float64), self.unknown.astype(np.float64)
        same = (codes == unknown) | (np.isnan(codes) & np.isnan(unknown))
        in_cells = np.array([self.kind == "number" or not is_nan(one) for one in self.categories], bool)
        known = np.flatnonzero(in_cells & (refuses | ~same.all(axis=1)))
        categories = [self.categories[position] for position in known.tolist()]
        return EncodedColumn(self.kind, categories, self.codes[known], self.unknown)


def join_columns(columns: Sequence[EncodedColumn]) -> tuple[dict[str, NDArray[Any]], NDArray[Any], NDArray[Any]]:
    """
    Return the categories of columns as arrays of a step, the codes of all, and what unknown ones become in each column.

    Raises
    ------
    NotLoweredError
        Categories are not of the type of their column.
    """
    # at the top it would be a circle: lowering knows all operations
    from tenfold.program.builder import NotLoweredError

    try:
        categories = pack_categories([one.kind for one in columns], [one.categories for one in columns])
    except ValueError as fault:
        raise NotLoweredError(str(fault)) from fault
    return categories, np.concatenate([one.codes for one in columns]), np.array([one.unknown for one in columns])


def has_rare(encoder: Any, column: int) -> bool:
    """Whether some categories of a column are encoded as one, because they are rare."""
    return _rare(encoder, column) is not None


def groups_of(encoder: Any, column: int, categories: Sequence[Category]) -> NDArray[np.int64]:
    """Return the position of each category after all rare ones of the column became one, the last."""
    rare = _rare(encoder, column)
    if rare is None:
        return np.arange(len(categories))
    names, nan = {one for one in rare if not is_nan(one)}, any(map(is_nan, rare))
    is_rare = np.array([nan if is_nan(one) else one in names for one in categories], bool)
    groups = np.cumsum(~is_rare) - 1
    groups[is_rare] = (~is_rare).sum()
    return groups


def _rare(encoder: Any, column: int) -> Any:
    """Where no category can be rare, the encoder has no such attribute."""
    rare = getattr(encoder, "infrequent_categories_", None)
    return None if rare is None or rare[column] is None else rare[column].tolist()


def is_nan(category: Category) -> bool:
    """Whether a category is NaN, which differs from itself."""
    return isinstance(category, float) and category != category  # noqa: PLR0124


def in_float(builder: Builder, encoded: Value, dtype: Any) -> Value:
    """Return codes in the type that an encoder gives them: whole numbers are float64, which holds them exactly."""
    from tenfold.program.builder import NotLoweredError

    kind = np.dtype(dtype)
    if kind.kind == "f" and kind.itemsize < np.dtype(np.float32).itemsize:
        raise NotLoweredError(f"it encodes categories as {kind}")
    return builder.step("cast", encoded, dtype="float32") if kind == np.float32 else encoded
