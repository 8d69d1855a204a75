"""Fitted objects that treat columns of a table apart, and put what becomes of them side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.builder import Builder, Lowering, NotLoweredError
from tenfold.program.categories import pack_texts
from tenfold.program.encoders import is_nan
from tenfold.program.values import Columns, SparseMatrix, Value
from tenfold.text import shown

__all__ = ["COMPOSITIONS"]


def _column_transformer(builder: Builder, transformer: Any, value: Value) -> Value:
    weights, parts = transformer.transformer_weights or {}, []
    for name, part, columns in transformer.transformers_:
        positions = _positions(columns, transformer)
        if len(positions) and not _is(part, "drop") and not _is_nothing(transformer.output_indices_[name], part):
            some = _some(builder, value, _in_value(positions, transformer, value))
            lowered = some if _is(part, "passthrough") else builder.lower(part, some)
            parts.append(_weighted(builder, lowered, weights[name]) if name in weights else lowered)
    return _side_by_side(builder, parts)


def _weighted(builder: Builder, part: Any, weight: float) -> Value:
    if not isinstance(part.type, SparseMatrix):
        raise NotLoweredError("it has weights of columns that are not sparse, which are no program of arrays yet")
    arrays = {"weights": np.full(part.type.width, float(weight))}
    return builder.step("term_weights", part, arrays=arrays, sublinear=False, norm="none")


def _is_nothing(outputs: slice, part: Any) -> bool:
    """Whether nothing comes of some columns, such as of one that is empty; what refuses rows is something."""
    return bool(outputs.start == outputs.stop) and getattr(part, "handle_unknown", None) != "error"


def _union(builder: Builder, union: Any, value: Value) -> Value:
    weights, parts = union.transformer_weights or {}, []
    for name, part in union.transformer_list:
        if not _is(part, "drop"):
            lowered = value if _is(part, "passthrough") else builder.lower(part, value)
            parts.append(_weighted(builder, lowered, weights[name]) if name in weights else lowered)
    return _side_by_side(builder, parts)


def _is(part: Any, word: str) -> bool:
    return isinstance(part, str) and part == word


def _positions(columns: Any, transformer: Any) -> NDArray[np.int64]:
    """Columns as positions: they may be given as names, positions, truth values or a slice of either."""
    names = {str(name): position for position, name in enumerate(getattr(transformer, "feature_names_in_", ()))}
    every = np.arange(transformer.n_features_in_)
    if isinstance(columns, slice):
        return every[_slice(columns, names)]
    if isinstance(columns, str):
        # texts, for a vectorizer, which takes a column of a table too
        return np.array([names[columns]], np.int64)
    if np.ndim(columns) != 1:
        raise NotLoweredError("its ColumnTransformer has a part of a single column, given alone and not in a list")
    listed = np.asarray(columns)
    if listed.dtype.kind in "UO":
        return np.array([names[str(name)] for name in listed], np.int64)
    return np.asarray(every[listed], np.int64) if len(listed) else every[:0]


def _in_value(positions: NDArray[np.int64], transformer: Any, value: Value) -> NDArray[np.int64]:
    """Of a table that has names columns are taken by name, wherever they stand in it, as scikit-learn does."""
    names = getattr(transformer, "feature_names_in_", None)
    if names is None or not isinstance(value.type, Columns):
        if transformer.n_features_in_ != _width(value):
            raise NotLoweredError("its ColumnTransformer was fitted on another number of columns than it is given")
        return positions
    known = {name: position for position, name in enumerate(value.type.names)}
    missing = [name for name in names[positions] if str(name) not in known]
    if missing:
        raise NotLoweredError(f"its ColumnTransformer takes a column '{shown(missing[0], 40)}' that it is not given")
    return np.array([known[str(name)] for name in names[positions]], np.int64)


def _width(value: Value) -> int:
    return len(value.type.columns) if isinstance(value.type, Columns) else int(value.type.width)


def _slice(columns: slice, names: Mapping[str, int]) -> slice:
    """Names at both ends are columns of the slice."""
    if not isinstance(columns.start, str) and not isinstance(columns.stop, str):
        return columns
    start = None if columns.start is None else names[columns.start]
    stop = None if columns.stop is None else names[columns.stop] + 1
    return slice(start, stop, columns.step)


def _some(builder: Builder, value: Value, positions: NDArray[np.int64]) -> Value:
    """Columns of a value; itself where they are all."""
    if np.array_equal(positions, np.arange(_width(value))):
        return value
    operation = "select_columns" if isinstance(value.type, Columns) else "select"
    return builder.step(operation, value, arrays={"columns": positions})


def _side_by_side(builder: Builder, parts: Sequence[Any]) -> Value:
    """In the type that NumPy gives them all."""
    if not parts or not all(isinstance(one, Value) for one in parts):
        raise NotLoweredError("a part of its columns becomes nothing")
    matrices = [builder.numbers(one) for one in parts]
    if any(isinstance(one.type, SparseMatrix) for one in matrices):
        rows = [one if isinstance(one.type, SparseMatrix) else builder.step("sparse", one) for one in matrices]
        return rows[0] if len(rows) == 1 else builder.step("join_sparse", *rows)
    dtype = np.result_type(*[one.type.dtype for one in matrices]).name
    matrices = [one if one.type.dtype == dtype else builder.step("cast", one, dtype=dtype) for one in matrices]
    return matrices[0] if len(matrices) == 1 else builder.step("join", *matrices)


def _identity(builder: Builder, transformer: Any, value: Value) -> Value:
    if transformer.func is not None:
        raise NotLoweredError("it holds a function of Python, which is no program of arrays")
    return value


def _imputer(builder: Builder, imputer: Any, value: Value) -> Value:
    """The columns first, each without what is missing; then 1 where something was."""
    if isinstance(value.type, Columns) and any(kind == "text" for _, kind in value.type.columns):
        return _table_imputer(builder, imputer, value)
    rows, missing = builder.floats(value), _missing_number(imputer.missing_values)
    constants = _numbers(imputer.statistics_)
    filled = np.flatnonzero(~np.isnan(constants))
    rest = _some(builder, rows, filled)
    imputed = builder.step("impute", rest, arrays={"values": constants[filled], **missing})
    marked = imputer.indicator_.features_ if imputer.add_indicator else ()
    if not len(marked):
        return imputed
    marks = builder.step("missing", rows, arrays={"columns": np.asarray(marked, np.int64), **missing})
    return builder.step("join", imputed, marks)


def _missing_number(missing: Any) -> dict[str, NDArray[np.float64]]:
    """No array where gaps are what is missing."""
    return {} if _is_gap(missing) else {"missing": _numbers([missing])}


def _is_gap(missing: Any) -> bool:
    return isinstance(missing, float) and bool(np.isnan(missing))


def _numbers(values: Any) -> NDArray[np.float64]:
    try:
        return np.asarray(values, np.float64)
    except (TypeError, ValueError) as fault:
        raise NotLoweredError("it imputes numbers with what is no number") from fault


def _table_imputer(builder: Builder, imputer: Any, table: Value) -> Value:
    """
    Fill cells of a table with columns of text.

    A missing text is None, and scikit-learn fills that where the imputer is told so; by default it fills NaN, which no
    text is.
    """
    missing, kinds = imputer.missing_values, [kind for _, kind in table.type.columns]
    if imputer.add_indicator:
        raise NotLoweredError("it marks what is missing among texts, which is no program of arrays yet")
    if _is_gap(missing):
        return _fill_numbers(builder, imputer.statistics_, table)
    if "number" in kinds or not (missing is None or isinstance(missing, str)):
        raise NotLoweredError("it imputes texts beside numbers, or what is neither None nor a text")
    return _fill_texts(builder, imputer.statistics_.tolist(), table, [] if missing is None else [missing])


def _fill_texts(builder: Builder, constants: list[Any], table: Value, replaced: list[str]) -> Value:
    """Columns of which every text was missing are left out."""
    rest = [position for position, one in enumerate(constants) if not is_nan(one)]
    texts = [constants[position] for position in rest]
    if not texts or not all(one is None or isinstance(one, str) for one in texts):
        raise NotLoweredError("it imputes texts with what is no text")
    some = _some(builder, table, np.array(rest, np.int64))
    arrays = {"columns": np.arange(len(texts)), "numbers": np.empty(0), **pack_texts(texts)}
    return builder.step("fill", some, arrays=arrays, replaced=replaced)


def _fill_numbers(builder: Builder, constants: Any, table: Value) -> Value:
    """Columns of numbers without any are left out."""
    kinds = np.array([kind for _, kind in table.type.columns])
    numbers = _numbers(np.where(kinds == "number", constants, 0.0))
    rest = np.flatnonzero(~np.isnan(numbers))
    some, filled = _some(builder, table, rest), np.flatnonzero(kinds[rest] == "number")
    arrays = {"columns": filled, "numbers": numbers[rest][filled], **pack_texts([])}
    return builder.step("fill", some, arrays=arrays, replaced=[]) if len(filled) else some


def _indicator(builder: Builder, indicator: Any, value: Value) -> Value:
    columns, missing = np.asarray(indicator.features_, np.int64), _missing_number(indicator.missing_values)
    rows = builder.floats(value)
    others = np.setdiff1d(np.arange(rows.type.width), columns)
    if indicator.features == "missing-only" and indicator.error_on_new and len(others):
        if missing or not isinstance(value.type, Columns):
            raise NotLoweredError("its MissingIndicator refuses gaps in some columns (error_on_new)")
        complete = builder.without_gaps(_some(builder, value, others))
        rows = builder.step("join", complete, builder.floats(_some(builder, value, columns)))
        columns = np.arange(len(others), rows.type.width)
    return builder.step("missing", rows, arrays={"columns": columns, **missing})


def _word_columns(builder: Builder, texts: Any, value: Value) -> Value:
    """Frequent words, then components of the weights of all."""
    if texts.counter_ is None:
        return builder.zeros(1)
    counts = builder.step("dense", builder.lower(texts.counter_, value))
    if texts.svd_ is None:
        return counts
    return builder.step("join", counts, builder.lower(texts.svd_, builder.lower(texts.weights_, value)))


def _message_terms(builder: Builder, terms: Any, table: Value) -> Value:
    """Each part of a message by itself: its terms hashed, then weighed."""
    names, parts = {name: place for place, (name, _) in enumerate(table.type.columns)}, []
    for part, columns, weights, length in terms.parts():
        value = _some(builder, table, np.array([names[name] for name in columns], np.int64))
        for step in part:
            value = builder.lower(step, value)
        if weights is not None:
            value = builder.step("term_weights", value, arrays={"weights": weights}, sublinear=True, norm="l2")
            value = value if length == 1 else _weighted(builder, value, length)
        parts.append(value)
    return builder.step("join_sparse", *parts)


COMPOSITIONS: Mapping[str, Lowering] = {
    "sklearn.compose.ColumnTransformer": _column_transformer,
    "sklearn.impute.MissingIndicator": _indicator,
    "sklearn.impute.SimpleImputer": _imputer,
    "sklearn.pipeline.FeatureUnion": _union,
    "sklearn.preprocessing.FunctionTransformer": _identity,
    "tenfold.models.texts.MessageTerms": _message_terms,
    "tenfold.models.texts.WordColumns": _word_columns,
}
