"""The labelled data, as they came from their source: what every later step reads and none changes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.kinds.kind import Kind, find_kind
from tenfold.text import printable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Dataset"]


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """
    Labelled (or, for prediction, unlabelled) instances and where they came from.

    Parameters
    ----------
    name : str
        Short name: ``digits``, ``mnist``, or the stem of a file.
    kind : str
        ``image``, ``table``, or the name of a registered kind (`tenfold.data.kinds`): it decides how instances are
        prepared, checked and shown.
    X : ndarray of uint8, shape (n, height, width) or (n, height, width, 3), or DataFrame of n rows
        Images stay uint8; tables stay DataFrames with one column a feature: numbers as int64 or float64
        (NaN is missing), everything else as text (``object`` of str, None is missing). Of another kind whatever that
        takes, such as a scipy CSR matrix.
    y : ndarray, shape (n,) of str, (n, k) of bool, (n, k) of number, or None
        Labels exactly as the text of the file (``01`` stays ``01``; an empty text is a missing label), one
        indicator column a label for multilabel, target numbers for multioutput, None where unlabelled.
    source : str
        Path or name the data were read from, for messages and provenance.
    target_names : tuple of str
        The name of each target column.
    groups : ndarray of str, shape (n,), optional
        Rows of one group never stand on both sides of a split.
    official_test : ndarray of bool, shape (n,), optional
        Rows that the source itself sets apart as its test part.
    order : ndarray of float64, shape (n,), optional
        When each row was, such as seconds since 1970: rows are judged by what came before them.
    in_its_order : bool
        Folds are cut in order of the rows unless they are asked to be shuffled: the figures that the source is known
        by are of such folds.
    rows : ndarray of int64, shape (n,), optional
        Position of each row in the source; counted from 0, all rows by default.
    files : ndarray of str, shape (n,), optional
        The file of each instance, where each has its own, as seen from the source.
    notes : tuple of str
        What the loader did that a reader must know, such as unreadable images skipped, by name.
    read_as_missing : tuple of (str, str, int, int)
        Words of a file that were read as no value, such as ``NA``: column, word, rows of the source that have it, and
        the first of them, counted from 0.

    Examples
    --------
    >>> import pandas as pd
    >>> data = Dataset("two", "table", pd.DataFrame({"a": [1.0, 2.0]}), np.array(["x", "y"], object), source="memory")
    >>> len(data), data.feature_names, data.take(np.array([1])).y.tolist()
    (2, ('a',), ['y'])
    """

    name: str
    kind: str
    X: Any
    y: NDArray[Any] | None
    source: str
    target_names: tuple[str, ...] = ("label",)
    groups: NDArray[np.object_] | None = None
    official_test: NDArray[np.bool_] | None = None
    order: NDArray[np.float64] | None = None
    in_its_order: bool = False
    rows: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    files: NDArray[np.object_] | None = None
    notes: tuple[str, ...] = ()
    read_as_missing: tuple[tuple[str, str, int, int], ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is not of this kind, and number the rows where the caller gave no positions."""
        self.traits.validate(self.X, self.name)
        if len(self.rows) != len(self):
            object.__setattr__(self, "rows", np.arange(len(self), dtype=np.int64))

    def __len__(self) -> int:
        return int(self.X.shape[0])

    def __repr__(self) -> str:
        labelled = "unlabelled" if self.y is None else f"labelled by {', '.join(self.target_names)}"
        size = self.traits.size(self.X)
        return printable(f"<Dataset {self.name}: {len(self):,} of kind {self.kind}, {size}, {labelled}>")

    @property
    def traits(self) -> Kind:
        """All that depends on the kind of the data."""
        return find_kind(self.kind)

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The columns of a table; empty for kinds without."""
        return self.traits.feature_names(self.X)

    @property
    def image_shape(self) -> tuple[int, ...] | None:
        """Height and width in pixels (and 3 for colour) of an image; None for other kinds."""
        return self.traits.image_shape(self.X)

    @property
    def table(self) -> pd.DataFrame | None:
        """Named columns that say something of each instance, n rows; None for kinds without."""
        return self.traits.table(self.X)

    def pictures(self, rows: NDArray[np.integer[Any]] | slice = slice(None)) -> NDArray[np.uint8] | None:
        """Return instances as images to be drawn, shape (m, height, width[, 3]); None where they are no pictures."""
        return self.traits.pictures(self.X, rows)

    def values(self) -> NDArray[np.float32]:
        """Return the instances as numbers that can be compared, shape (n, d): for maps and neighbours."""
        return np.asarray(self.traits.values(self.X), np.float32)

    def without(self, names: Sequence[str]) -> Dataset:
        """Return the instances without columns of these names, where they have them."""
        return replace(self, X=self.traits.without(self.X, names))

    @property
    def labels(self) -> NDArray[Any]:
        """The labels, for the steps that cannot do without them; raises ValueError where there are none."""
        if self.y is None:
            raise ValueError(f"{self.source} has no labels")
        return self.y

    @cached_property
    def ids(self) -> NDArray[np.str_]:
        """Content hash of each instance (128 bits, hex), shape (n,): equal for equal content, whatever the label."""
        return self.traits.ids(self.X)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the content: kind, names, shape, every instance and every label in order."""
        digest = hashlib.sha256(repr((self.kind, self.feature_names, self.image_shape, self.target_names)).encode())
        digest.update(np.ascontiguousarray(self.ids).tobytes())
        if self.y is not None:
            digest.update(_label_bytes(self.y))
        return digest.hexdigest()

    def take(self, rows: NDArray[np.integer[Any]] | slice) -> Dataset:
        """
        Return the instances at these positions (of this dataset); a slice shares memory, positions copy.

        Parameters
        ----------
        rows : ndarray of int, or slice
            Positions counted from 0 in this dataset.
        """

        def part(values: NDArray[Any] | None) -> NDArray[Any] | None:
            return None if values is None else values[rows]

        return replace(
            self,
            X=self.traits.take(self.X, rows),
            y=part(self.y),
            groups=part(self.groups),
            official_test=part(self.official_test),
            order=part(self.order),
            files=part(self.files),
            rows=self.rows[rows],
        )


def _label_bytes(y: NDArray[Any]) -> bytes:
    return "\x00".join(y).encode() if y.dtype == object else np.ascontiguousarray(y).tobytes()
