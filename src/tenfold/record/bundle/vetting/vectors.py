"""Arrays of support vector machines, neighbours and linear models: lengths and indices that must agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.limits import UNPACKED_BYTES
from tenfold.program.refusal import demand
from tenfold.record.bundle.codecs.packed import whole_values
from tenfold.record.bundle.vetting.classifiers import class_counts
from tenfold.record.bundle.vetting.grammar import Stored, attributes
from tenfold.record.bundle.vetting.rules import StoredArrays

__all__ = [
    "check_linear",
    "check_naive_bayes",
    "check_neighbours",
    "check_own_neighbours",
    "check_own_support_vectors",
    "check_support_vectors",
]

_KERNELS = frozenset({"linear", "poly", "rbf", "sigmoid"})
_DISTANCES = frozenset({"euclidean", "manhattan", "minkowski", "chebyshev", "cosine", "sqeuclidean", "l1", "l2"})
_ALGORITHMS = frozenset({"auto", "brute", "kd_tree", "ball_tree"})
_WEIGHTS = frozenset({None, "uniform", "distance"})
_ROWS = frozenset({np.dtype(np.uint8), np.dtype(np.float32), np.dtype(np.float64)})


def check_support_vectors(model: Stored, read: StoredArrays) -> None:
    """Check the arrays that libsvm follows without looking."""
    own = attributes(model)
    array = {name: read(own[name]) for name in _SUPPORT}
    vectors, counts = array["support_vectors_"], array["_n_support"]
    classes = len(array["classes_"])
    pairs = classes * (classes - 1) // 2
    demand(own["kernel"].value in _KERNELS and own["_sparse"].value is False, "a machine has an unknown kernel")
    demand(vectors.ndim == 2 and vectors.shape[1] == own["n_features_in_"].value, "support vectors of other features")
    demand(counts.shape == (classes,) and bool((counts >= 0).all()), "support vectors are counted wrongly")
    demand(int(counts.sum(dtype=np.int64)) == len(vectors), "support vectors are counted wrongly")
    rows = array["support_"]
    inside = (rows >= 0) & (rows < own["shape_fit_"].parts["0"].value)
    demand(rows.shape == (len(vectors),) and bool(inside.all()), "support vectors have row numbers out of range")
    for name in ("dual_coef_", "_dual_coef_"):
        demand(array[name].shape == (classes - 1, len(vectors)), "a machine has weights of a wrong shape")
    for name in ("intercept_", "_intercept_"):
        demand(array[name].shape == (pairs,), "a machine has a wrong number of intercepts")
    for name in ("_probA", "_probB"):
        demand(array[name].shape in {(0,), (pairs,)}, "a machine has a wrong number of calibrations")
    demand(array["class_weight_"].shape == (classes,), "a machine has a wrong number of class weights")
    _all_finite(array)


_SUPPORT = (
    "_dual_coef_",
    "_intercept_",
    "_n_support",
    "_probA",
    "_probB",
    "class_weight_",
    "classes_",
    "dual_coef_",
    "intercept_",
    "support_",
    "support_vectors_",
)


def check_own_support_vectors(model: Stored, read: StoredArrays) -> None:
    """Check the support vectors of Tenfold's own machine: counts by class, weights by pair."""
    own = attributes(model)
    array = {name: read(own[name]) for name in _OWN_SUPPORT}
    vectors, counts, classes = array["support_vectors_"], array["n_support_"], len(array["classes_"])
    pairs = classes * (classes - 1) // 2
    demand(vectors.ndim == 2 and vectors.shape[1] == own["n_features_in_"].value, "support vectors of other features")
    demand(vectors.dtype in _ROWS and len(vectors) > 0, "support vectors are no table of numbers")
    demand(counts.shape == (classes,) and bool((counts >= 0).all()), "support vectors are counted wrongly")
    demand(int(counts.sum(dtype=np.int64)) == len(vectors), "support vectors are counted wrongly")
    demand(array["support_"].shape == (len(vectors),), "support vectors are counted wrongly")
    demand(array["dual_coef_"].shape == (classes - 1, len(vectors)), "a machine has weights of a wrong shape")
    demand(array["intercept_"].shape == (pairs,), "a machine has a wrong number of intercepts")
    demand(type(own["gamma_"].value) is float and 0 <= own["gamma_"].value < np.inf, "a machine has an unknown kernel")
    room = pairs * len(vectors) * array["dual_coef_"].itemsize
    demand(room <= UNPACKED_BYTES, f"its weights would take {room:,} bytes, over the limit of {UNPACKED_BYTES:,}")
    _all_finite({name: array[name] for name in ("support_vectors_", "dual_coef_", "intercept_")})


_OWN_SUPPORT = ("classes_", "dual_coef_", "intercept_", "n_support_", "support_", "support_vectors_")


def check_neighbours(model: Stored, read: StoredArrays) -> None:
    """
    Check stored instances and the class index of each.

    Only exact search by brute force is stored: search trees have indices of their own, and types that skops
    does not trust.
    """
    own = attributes(model)
    instances, labels = read(own["_fit_X"]), read(own["_y"])
    demand(
        own["_fit_method"].value == "brute" and own["_tree"].value is None, "neighbours are not searched by brute force"
    )
    demand(own["effective_metric_"].value in _DISTANCES, "neighbours have an unknown distance")
    demand(set(own["effective_metric_params_"].parts) <= {"p"}, "neighbours have an unknown distance")
    demand(own["weights"].value in _WEIGHTS, "neighbours have unknown weights")
    demand(instances.ndim == 2 and instances.dtype.kind == "f", "stored instances are no table of numbers")
    demand(
        instances.shape == (own["n_samples_fit_"].value, own["n_features_in_"].value), "stored instances are miscounted"
    )
    demand(_whole(own["n_neighbors"].value, 1, len(instances)), "more neighbours are asked than instances are stored")
    demand(len(labels) == len(instances) and labels.dtype.kind in "iu", "stored instances lack labels")
    _check_labels(labels, own, read)
    _all_finite({"_fit_X": instances})


def check_own_neighbours(model: Stored, read: StoredArrays) -> None:
    """Check the instances that Tenfold's own neighbours are searched among, and the class index of each."""
    own = attributes(model)
    demand(own["_rows"].kind == "NdArrayNode", "neighbours among sparse rows cannot be kept")
    instances, labels = read(own["_rows"]), read(own["_codes"])
    demand(own["weights"].value in _WEIGHTS, "neighbours have unknown weights")
    distance, options = own["effective_metric_"].value, own["effective_metric_params_"].parts
    demand(isinstance(distance, str) and distance in _DISTANCES, "neighbours have an unknown distance")
    demand(set(options) <= {"p", "w"}, "neighbours have an unknown distance")
    demand("p" not in options or _is_positive(options["p"].value), "neighbours have an unknown distance")
    demand(
        "w" not in options or (options["w"].kind == "JsonNode" and options["w"].value is None),
        "neighbours have a distance with weights",
    )
    demand(own["algorithm"].value in _ALGORITHMS, "neighbours are searched in an unknown way")
    demand(_whole(own["leaf_size"].value, 1, 2**31 - 1), "neighbours are searched in an unknown way")
    demand(instances.ndim == 2 and instances.dtype in _ROWS, "stored instances are no table of numbers")
    demand(
        instances.shape == (own["n_samples_fit_"].value, own["n_features_in_"].value), "stored instances are miscounted"
    )
    demand(_whole(own["n_neighbors"].value, 1, len(instances)), "more neighbours are asked than instances are stored")
    demand(labels.ndim == 2 and len(labels) == len(instances) and labels.dtype == np.int64, "instances lack labels")
    _check_labels(labels, own, read)
    _all_finite({"_rows": instances})


def _check_labels(labels: NDArray[Any], own: Mapping[str, Stored], read: StoredArrays) -> None:
    counts, several = class_counts(own, read), own["outputs_2d_"].value
    demand(several == (read.header(own["classes_"]) is None), "stored labels have other columns than classes")
    columns = labels.reshape(len(labels), -1)
    demand(columns.shape[1] == len(counts), "stored labels have other columns than classes")
    inside = (columns >= 0) & (columns < np.array(counts))
    demand(bool(inside.all()), "a stored instance has a class out of range")


def check_linear(model: Stored, read: StoredArrays) -> None:
    """Check weights against features and classes."""
    own = attributes(model)
    weights, intercepts = read(own["coef_"]), read(own["intercept_"])
    classes = len(read(own["classes_"]))
    detectors = 1 if classes == 2 else classes
    demand(weights.shape == (detectors, own["n_features_in_"].value), "a linear model has weights of a wrong shape")
    demand(intercepts.shape == (detectors,), "a linear model has a wrong number of intercepts")
    _all_finite({"coef_": weights, "intercept_": intercepts})


def check_naive_bayes(model: Stored, read: StoredArrays) -> None:
    """Check counts, means and squares against features and classes."""
    own = attributes(model)
    array = {name: read(own[name]) for name in ("class_count_", "count_", "mean_", "squares_", "category_count_")}
    classes, columns = len(read(own["classes_"])), own["n_features_in_"].value
    texts = array["category_count_"]
    demand(texts.ndim == 3 and len(texts) == classes, "a naive Bayes model counts other categories than it has")
    demand(array["class_count_"].shape == (classes,), "a naive Bayes model counts other classes than it has")
    for name in ("count_", "mean_", "squares_"):
        demand(array[name].shape == (classes, columns - texts.shape[1]), "a naive Bayes model has other columns")
    listed = [] if own["categorical"].kind == "JsonNode" else whole_values(own["categorical"], read)
    demand(len(set(listed)) == len(listed) == texts.shape[1], "a naive Bayes model has other columns of categories")
    demand(all(_whole(one, 0, columns - 1) for one in listed), "a naive Bayes model has other columns of categories")
    _all_finite(array)


def _all_finite(arrays: Mapping[str, NDArray[Any]]) -> None:
    for name, values in arrays.items():
        demand(bool(np.isfinite(values).all()), f"{name} holds a value that is no number")


def _is_positive(value: Any) -> bool:
    return type(value) in (int, float) and 0 < value < np.inf


def _whole(value: Any, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high
