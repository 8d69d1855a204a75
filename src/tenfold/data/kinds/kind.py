"""What a kind of data is: one object that knows all that depends on it, found by the name that files and users see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, Protocol

from numpy.typing import NDArray

from tenfold.errors import ModelError, UsageError
from tenfold.text import near, shown

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from sklearn.pipeline import Pipeline

    from tenfold.data.checks.finding import Finding
    from tenfold.data.kinds.storage import Storage
    from tenfold.data.roles.role import ColumnRole
    from tenfold.program.values import ValueType

__all__ = [
    "Augmentation", "Kind", "Need", "Part", "Scaling", "Schema", "find_augmentation", "find_kind", "has_texts",
    "is_built_in", "known_kinds", "noun_of", "register_kind",
]  # fmt: skip

Scaling = Literal["none", "unit", "standard"]
PipelineSteps = list[tuple[str, Any]]
Targets = Sequence[tuple[str | None, "NDArray[np.int64]"]]


@dataclass(frozen=True)
class Need:
    """
    What a model has to be given.

    Parameters
    ----------
    form : {"numbers", "counts", "codes", "raw"}
        Numbers without gaps that can be weighed and compared; numbers with gaps as NaN and categories as codes, for
        trees; counts or presence of words, where the kind has them, else as "numbers"; or the instances as they are.
    scaling : {"none", "unit", "standard"}
        Raw values; values brought to 0-1; every column brought to mean 0 and deviation 1.
    dtype : str
        Of the prepared rows, where the kind leaves a choice.
    """

    form: Literal["numbers", "counts", "codes", "raw"] = "numbers"
    scaling: Scaling = "none"
    dtype: str = "float32"


@dataclass(frozen=True)
class Part:
    """
    A part of each instance that can be shuffled on its own.

    Parameters
    ----------
    name : str
        Of the column, or ``rows 0-3, columns 4-7`` of the image.
    patch : tuple of int or None
        Top, left, bottom and right of a patch of the image, the last two exclusive; None for a column.
    """

    name: str
    patch: tuple[int, int, int, int] | None = None


@dataclass(frozen=True)
class Augmentation:
    """
    A way to add changed copies of the training rows.

    Parameters
    ----------
    copies : int
        Rows that each row becomes, itself counted.
    does : str
        What it does, as in "--augment shift moves images": ``moves images``.
    words : str
        What the copies are, in few words: ``one-pixel shifts``.
    apply : callable
        From X of n rows and y, shape (n, ...), to X and y of ``copies * n`` rows: row i and its copies at i, i + n, ….
    refuse : callable
        From X and the name of the data: raises `UsageError` where the rows cannot be changed so.
    fit_bytes : callable
        From the pipeline and the numbers of augmented rows and of values to the least bytes that a fit holds.
    """

    copies: int
    does: str
    words: str
    apply: Callable[[Any, NDArray[Any]], tuple[Any, NDArray[Any]]]
    refuse: Callable[[Any, str], None]
    fit_bytes: Callable[[Pipeline, int, int], int]


class Schema(Protocol):
    """What later instances must look like, for a saved model, and how a few of them are written beside it."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns that must be there; empty where instances have none."""

    @property
    def summary(self) -> str:
        """What must be given, in a few words."""

    def check(self, X: Any, where: str | None = None, start: int = 0) -> tuple[Any, tuple[str, ...]]:
        """
        Bring X into the form of the training data, with notes on what was done; raises `DataError` where that fails.

        `where` is the file that X comes from, and `start` the number of rows before it there, for messages.
        """

    def instances(self, rows: Any) -> Any:
        """Bring rows as people have them in Python into the form that `check` takes."""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON, among them the name of the kind as ``kind``."""

    def few_rows(self, X: Any, count: int) -> Any:
        """Return about `count` instances, evenly spread, so that a file of them stays small."""

    def plain_rows(self, X: Any) -> Any:
        """Return instances as plain values for JSON."""

    def read_rows(self, plain: Any) -> Any:
        """Read what `plain_rows` gave; raises ValueError, KeyError or TypeError where it is something else."""


def _layout_without_roles(X: Any, roles: Mapping[str, ColumnRole], one_class: bool) -> Any:
    raise ValueError("columns have no roles in data of this kind")


def _no_names(X: Any) -> tuple[Any, ...]:
    return ()


def _nothing(X: Any) -> None:
    return None


def _rows_of(X: Any, rows: Any) -> Any:
    return X[rows]


def _itself(X: Any) -> Any:
    return X


def _whole(X: Any, names: Sequence[str]) -> Any:
    return X


def _no_findings(data: Any, targets: Targets) -> list[Finding]:
    return []


def _no_pictures(X: Any, rows: Any) -> None:
    return None


def _no_parts(X: Any) -> list[Part]:
    return []


def _no_shuffle(X: Any, part: Part, order: NDArray[np.int64]) -> Any:
    raise ValueError(f"no part '{part.name}' to shuffle")


def _no_order(X: Any, name: str) -> NDArray[np.float64]:
    raise UsageError(f"--order {shown(name, 40)}: data of this kind have no order of their own", do="leave it out")


def _no_schema(X: Any, layout: Any = None) -> Schema:
    raise ModelError("data of its kind have no input schema, by which later instances are checked")


def _never(layout: Any) -> bool:
    return False


def _no_coded(layout: Any) -> tuple[int, ...]:
    return ()


@dataclass(frozen=True, eq=False)
class Kind:
    """
    A kind of data. X stands for n instances of it: anything with a ``shape`` whose first number is n.

    A *layout* is what is found out about the training rows, without their labels, before anything is fitted, such as
    the part that each column of a table plays: a frozen dataclass of tuples, which can be written as JSON.

    Parameters
    ----------
    name : str
        As files and users see it: ``image``.
    nouns : tuple of str
        One instance and several: ``("image", "images")``.
    validate : callable
        From X and the name of the data: raises `DataError` where X is not of this kind. It looks at type and shape
        alone, since it is called whenever rows are taken.
    size : callable
        From X to its size in words, as in "images of 28 x 28" or "rows of 5 columns": ``28 x 28``, ``5 columns``.
    ids : callable
        From X to the content hash of each instance, ndarray of str of 32 hexadecimal digits, shape (n,): equal for
        equal content.
    storage : Storage
        How X is written for worker processes and opened there.
    prepare : callable
        From a layout and a `Need` to unfitted steps of a pipeline, (name, transformer) each.
    search_space : mapping of str to tuple
        Parameter of those steps -> values worth trying, beside those of each candidate.
    width : callable
        From X and its layout to the numbers that an instance becomes: as many as a fold is sure to have.
    values : callable
        From X to numbers that can be compared, ndarray of shape (n, d): what maps and neighbours are computed from.
    text : callable
        From X and a row to that instance in a line, names and values from the data made harmless.
    line_up : tuple of str
        Candidates that are usual, the cheaper first; the baseline stands beside them anyway.
    take : callable
        From X and rows (positions, or a slice) to those rows.
    feature_names : callable
        From X to the names of its columns; empty where it has none.
    image_shape : callable
        From X to height and width (and 3 for colour); None for anything but images.
    layout, read_layout : callable
        From X to its layout; from the fields of a layout, as JSON gives them, to that layout.
    roles : callable
        From X to the role of each named column, `tenfold.data.roles.role.ColumnRole`; none for other kinds. Where X
        has columns, it takes a mapping of column to values that count as missing beside it.
    layout_of_roles : callable
        From X, a mapping of column to `ColumnRole`, and whether there is one class a row, to its layout.
    unused, without : callable
        From a layout to the names of columns that no candidate is given; from X and such names to X without them.
    coded : callable
        From a layout to the positions of columns that are categories after preparation for "codes".
    one_scale : bool
        All values of an instance are measured alike, as pixels are, so that distances need no scaling.
    folds : int
        Where none are asked for, and rows are not many.
    sparse : bool
        Prepared rows are sparse matrices (scipy CSR); models that cannot take them are given components.
    in_blocks : callable
        From a layout to whether prepared rows are to be gone through in blocks, since they may be more than memory
        holds: then only candidates that say so are fitted on them.
    table : callable
        From X to named columns that say something of each instance, a DataFrame of n rows: they are described, sliced
        and compared. None where an instance has none.
    slice_columns : tuple of str
        Columns of `table` whose values are always shown as slices, however few their errors.
    findings : callable
        From a dataset and its targets (name of the label, or None; class codes, shape (n,), -1 without label) to what
        is suspicious about data of this kind, beside what `tenfold.data.checks` finds in any.
    measure : str
        What `values` compares, as in "by Euclidean distance of pixels": ``pixels``, ``scaled columns``.
    pictures : callable
        From X and rows to images to be drawn, ndarray of uint8, shape (m, height, width[, 3]); None where an instance
        is no picture.
    text_columns : tuple of str
        Columns of an instance that are text to be read, the heading first, as subject and body of a message; none where
        an instance is no text. What each word of it weighs is laid on it.
    part : str
        What a part of an instance is called that can be shuffled alone: ``column``, ``patch``; empty without any.
    parts, shuffle, repeats : callable, callable, int
        From X to its parts; from X, a part and an order of the rows to X with that part of each row from another one;
        how often each part is shuffled.
    order : callable
        From X and a name, such as that of a column, to when each instance was, ndarray of float64, shape (n,): less is
        earlier, NaN is unknown. It raises `DataError` where there is no such name, or a value is no time.
    augmentations : mapping of str to Augmentation
        By name.
    schema, read_schema : callable
        From X and its layout, and from what its `as_dict` gave, to a `Schema`; without one, runs end without a saved
        model.
    program_input, program_rows : callable
        From a schema to what a program of arrays takes (`tenfold.program.values`), and from X as the schema checks it
        to such rows; without the former, models are kept as scikit-learn objects.
    program_columns : callable, optional
        From a schema, X, its file and the rows before it to such rows and the notes of `Schema.check`: what checking
        and `program_rows` give, where that can be had at once.

    Examples
    --------
    >>> find_kind("image").nouns, find_kind("table").one_scale
    (('image', 'images'), False)
    """

    name: str
    nouns: tuple[str, str]
    validate: Callable[[Any, str], None]
    size: Callable[[Any], str]
    ids: Callable[[Any], NDArray[np.str_]]
    storage: Storage
    prepare: Callable[[Any, Need], PipelineSteps]
    width: Callable[[Any, Any], int]
    values: Callable[[Any], NDArray[Any]]
    text: Callable[[Any, int], str]
    line_up: tuple[str, ...]
    search_space: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    take: Callable[[Any, Any], Any] = _rows_of
    feature_names: Callable[[Any], tuple[str, ...]] = _no_names
    image_shape: Callable[[Any], tuple[int, ...] | None] = _nothing
    layout: Callable[[Any], Any] = _nothing
    read_layout: Callable[[Mapping[str, Any]], Any] = dict
    roles: Callable[..., tuple[ColumnRole, ...]] = _no_names
    layout_of_roles: Callable[[Any, Mapping[str, ColumnRole], bool], Any] = _layout_without_roles
    unused: Callable[[Any], tuple[str, ...]] = _no_names
    without: Callable[[Any, Sequence[str]], Any] = _whole
    coded: Callable[[Any], tuple[int, ...]] = _no_coded
    one_scale: bool = False
    folds: int = 5
    sparse: bool = False
    in_blocks: Callable[[Any], bool] = _never
    table: Callable[[Any], pd.DataFrame | None] = _nothing
    slice_columns: tuple[str, ...] = ()
    findings: Callable[[Any, Targets], list[Finding]] = _no_findings
    measure: str = "values"
    pictures: Callable[[Any, Any], NDArray[np.uint8] | None] = _no_pictures
    text_columns: tuple[str, ...] = ()
    part: str = ""
    parts: Callable[[Any], list[Part]] = _no_parts
    shuffle: Callable[[Any, Part, NDArray[np.int64]], Any] = _no_shuffle
    repeats: int = 1
    order: Callable[[Any, str], NDArray[np.float64]] = _no_order
    augmentations: Mapping[str, Augmentation] = field(default_factory=dict)
    schema: Callable[..., Schema] = _no_schema
    read_schema: Callable[[Mapping[str, Any]], Schema] = _no_schema
    program_input: Callable[[Schema], ValueType | None] = _nothing
    program_rows: Callable[[Any], Any] = _itself
    program_columns: Callable[[Any, Any, str | None, int], tuple[Any, tuple[str, ...]]] | None = None

    def noun(self, count: int = 2) -> str:
        """Return the word for so many instances."""
        return self.nouns[0] if count == 1 else self.nouns[1]


_BUILT_IN = ("image", "mail", "table")
_REGISTERED: dict[str, Kind] = {}


def register_kind(kind: Kind) -> Kind:
    """
    Make a kind known in this process, under its name; that of the same name before it is replaced.

    Parameters
    ----------
    kind : Kind

    Returns
    -------
    Kind
        The same, so that it can be bound where it is registered.

    Raises
    ------
    UsageError
        The name is that of a kind which Tenfold comes with, or no word of small letters, digits and hyphens.
    """
    if kind.name in _BUILT_IN:
        raise UsageError(f"'{kind.name}' is a kind that Tenfold comes with", do="give yours another name")
    if not kind.name or set(kind.name) - set("abcdefghijklmnopqrstuvwxyz0123456789-"):
        raise UsageError(f"'{shown(kind.name, 40)}' names no kind", do="use small letters, digits and hyphens")
    _REGISTERED[kind.name] = kind
    return kind


def find_kind(name: str) -> Kind:
    """
    Return the kind of this name.

    Raises
    ------
    UsageError
        No kind of this name is known.
    """
    if name in _REGISTERED:
        return _REGISTERED[name]
    if name not in _BUILT_IN:
        known = tuple(dict.fromkeys((*_BUILT_IN, *_REGISTERED)))
        raise UsageError(
            f"no kind of data '{shown(name, 40)}'.{near(name, known)}",
            do=f"known are {', '.join(known)}; register others with tenfold.data.kinds.register_kind",
        )
    # Only here: a kind checks datasets, and a dataset finds its kind.
    kind: Kind = import_module(f"tenfold.data.kinds.{name}.kind").KIND
    return _REGISTERED.setdefault(name, kind)


def known_kinds() -> tuple[Kind, ...]:
    """Return every kind that is known in this process, those that Tenfold comes with first."""
    return tuple(find_kind(name) for name in dict.fromkeys((*_BUILT_IN, *_REGISTERED)))


def noun_of(name: str, count: int = 2) -> str:
    """
    Return the word for so many instances of a kind; rows, where the kind is not known in this process.

    Examples
    --------
    >>> noun_of("image"), noun_of("image", 1), noun_of("letters-of-another-program")
    ('images', 'image', 'rows')
    """
    known = name in _BUILT_IN or name in _REGISTERED
    return find_kind(name if known else "table").noun(count)


def has_texts(name: str) -> bool:
    """
    Return whether instances of a kind are texts to be read; not where the kind is not known in this process.

    Examples
    --------
    >>> has_texts("mail"), has_texts("image"), has_texts("letters-of-another-program")
    (True, False, False)
    """
    return bool((name in _BUILT_IN or name in _REGISTERED) and find_kind(name).text_columns)


def find_augmentation(name: str) -> tuple[Kind, Augmentation] | None:
    """
    Return the way of this name to augment training rows, and the kind of data that has it; None where none has.

    Examples
    --------
    >>> kind, way = find_augmentation("shift")
    >>> kind.name, way.copies, way.words
    ('image', 5, 'one-pixel shifts')
    """
    ways = ((kind, kind.augmentations[name]) for kind in known_kinds() if name in kind.augmentations)
    return next(ways, None)


def is_built_in(name: str) -> bool:
    """Whether Tenfold comes with this kind, so that every process of any machine knows it."""
    return name in _BUILT_IN
