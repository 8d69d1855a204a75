"""Classifiers made of others, and those of a few arrays: as many parts, scores and labels as there are classes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tenfold.program.refusal import demand
from tenfold.record.bundle.codecs.packed import lengths, whole_values
from tenfold.record.bundle.vetting.grammar import Stored, attributes
from tenfold.record.bundle.vetting.rules import StoredArrays, items_of, plain_value
from tenfold.task import CLASS_LIMIT

__all__ = [
    "check_baseline",
    "check_binarizer",
    "check_calibrated",
    "check_chain",
    "check_gaussian_bayes",
    "check_isotonic",
    "check_one_calibrated",
    "check_one_vs_one",
    "check_one_vs_rest",
    "class_counts",
]


def class_counts(own: Mapping[str, Stored], arrays: StoredArrays) -> list[int]:
    """Return how many classes each output of a classifier has; most have one output."""
    classes = own["classes_"]
    header = arrays.header(classes)
    sizes = lengths(classes, arrays) if header is None else [header.shape[0]]
    counts = [size for size in sizes if size]
    demand(len(counts) == len(sizes) > 0, "a classifier has an output without classes")
    demand(max(counts) <= CLASS_LIMIT, f"{max(counts):,} classes, over the limit of {CLASS_LIMIT:,}")
    return counts


def _shape(own: Mapping[str, Stored], name: str, arrays: StoredArrays) -> tuple[int, ...] | None:
    header = arrays.header(own[name])
    return None if header is None else header.shape


def check_baseline(model: Stored, arrays: StoredArrays) -> None:
    """Check counts and frequencies of classes against the classes themselves."""
    own = attributes(model)
    counts, outputs = class_counts(own, arrays), plain_value(own["n_outputs_"], arrays)
    several = own["class_prior_"].kind != "NdArrayNode"
    sizes = whole_values(own["n_classes_"], arrays) if several else [plain_value(own["n_classes_"], arrays)]
    priors = lengths(own["class_prior_"], arrays) if several else [_shape(own, "class_prior_", arrays)[0]]  # type: ignore[index]
    demand(outputs == len(counts) and counts == sizes == priors, "a baseline counts other classes than it has")


def check_gaussian_bayes(model: Stored, arrays: StoredArrays) -> None:
    """Check means, variances and frequencies against features and classes."""
    own = attributes(model)
    classes = len(arrays(own["classes_"]))
    for name in ("theta_", "var_"):
        shape = (classes, own["n_features_in_"].value)
        demand(_shape(own, name, arrays) == shape, "a naive Bayes model has values of other columns")
    for name in ("class_count_", "class_prior_"):
        demand(_shape(own, name, arrays) == (classes,), "a naive Bayes model counts other classes than it has")


def check_one_vs_rest(model: Stored, arrays: StoredArrays) -> None:
    """One detector a class, and the labels that they detect."""
    own = attributes(model)
    labels = attributes(own["label_binarizer_"])
    count, detectors = len(arrays(labels["classes_"])), len(items_of(own["estimators_"]))
    single = labels["y_type_"].value == "binary" and count == 2
    demand(detectors == (1 if single else count) > 0, "a one-vs-rest classifier lacks a detector")
    if "classes_" in own:
        demand(len(arrays(own["classes_"])) == count, "a one-vs-rest classifier has other classes than detectors")


def check_binarizer(binarizer: Stored, arrays: StoredArrays) -> None:
    """The labels of a class and of the rest differ, as scikit-learn requires of them."""
    own = attributes(binarizer)
    demand(own["neg_label"].value < own["pos_label"].value, "a binarizer has labels out of order")


def check_one_vs_one(model: Stored, arrays: StoredArrays) -> None:
    """One detector a pair of classes."""
    own = attributes(model)
    classes, detectors = len(arrays(own["classes_"])), len(items_of(own["estimators_"]))
    demand(detectors == classes * (classes - 1) // 2 > 0, "a one-vs-one classifier lacks a detector")


def check_chain(chain: Stored, arrays: StoredArrays) -> None:
    """Every label stands once in the order, and has a detector."""
    own = attributes(chain)
    order, labels = whole_values(own["order_"], arrays), len(items_of(own["estimators_"]))
    demand(sorted(order) == list(range(labels)) and labels > 0, "a chain does not go through each label once")
    demand(len(lengths(own["classes_"], arrays)) == labels, "a chain has other labels than detectors")


def check_calibrated(model: Stored, arrays: StoredArrays) -> None:
    """Each of the calibrated classifiers has the same classes."""
    own = attributes(model)
    classes = arrays(own["classes_"])
    members = items_of(own["calibrated_classifiers_"])
    demand(members, "a calibrated classifier has no members")
    for member in members:
        same = np.array_equal(arrays(attributes(member)["classes"]), classes)
        demand(same, "a calibrated classifier has members of other classes")


def check_one_calibrated(member: Stored, arrays: StoredArrays) -> None:
    """One calibration a class, or one for two; a classifier that knows some of the classes alone."""
    own = attributes(member)
    classes, calibrators = arrays(own["classes"]), len(items_of(own["calibrators"]))
    inner = attributes(own["estimator"])
    known = arrays(inner["classes_"]) if "classes_" in inner else classes  # a Pipeline has those of its last step
    demand(bool(np.isin(known, classes).all()), "a calibrated classifier knows a class that it does not name")
    demand(calibrators in {1 if len(known) == 2 else len(known), len(known)}, "a calibrated classifier lacks a class")


def check_isotonic(regression: Stored, arrays: StoredArrays) -> None:
    """Thresholds ascend and have as many values: they are interpolated."""
    own = attributes(regression)
    x, y = arrays(own["X_thresholds_"]), arrays(own["y_thresholds_"])
    ascending = bool((np.diff(x) >= 0).all()) and bool(np.isfinite(x).all())
    demand(x.shape == y.shape and x.size and ascending, "a calibration has thresholds out of order")
