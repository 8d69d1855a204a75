"""Classifiers that are made of others: one a class, a pair or a label, calibrated, in a vote, or chosen by a search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.builder import Builder, Lowering, NotLoweredError
from tenfold.program.values import Classes, Labels, Matrix, Scores, Value

__all__ = ["ENSEMBLES"]


def _one_vs_rest(builder: Builder, model: Any, value: Value) -> Scores:
    """One detector a class or label."""
    detectors = [_lower_part(builder, one, value) for one in model.estimators_]
    decision = None
    if hasattr(model, "decision_function"):
        decision = _joined(
            builder, [_decision(builder, *each) for each in zip(model.estimators_, detectors, strict=True)]
        )
    if not hasattr(model, "predict_proba"):
        if decision is None:
            raise NotLoweredError("a detector of one class against the rest gives no scores")
        return Scores(decision, probabilities=False)
    if len(detectors) == 1:
        both = builder.step("select", _probabilities(detectors[0]), arrays={"columns": np.array([0, 1])})
        return Scores(both, probabilities=True, decision=decision)
    probabilities = _joined(builder, [_second(builder, _probabilities(one)) for one in detectors])
    if not model.multilabel_:
        probabilities = builder.step("normalise", probabilities)
    return Scores(probabilities, probabilities=True, decision=decision)


def _constant(builder: Builder, model: Any, value: Value) -> Scores:
    """What stands for a detector of a label that all training rows had, or none."""
    label = float(np.asarray(model.y_).reshape(-1)[0])
    both = builder.step("constant", builder.input, arrays={"values": np.array([1 - label, label])})
    return Scores(both, probabilities=True, decision=_second(builder, both))


def _one_vs_one(builder: Builder, model: Any, value: Value) -> Scores:
    """One detector a pair of classes: their votes, and the sums of their scores as a fraction of a vote."""
    if model.pairwise_indices_ is not None:
        raise NotLoweredError("it holds detectors of pairs that take a matrix of kernel values")
    detectors = [_lower_part(builder, one, value) for one in model.estimators_]
    each = list(zip(model.estimators_, detectors, strict=True))
    votes = builder.step("labels", *[_is_second(builder, *one) for one in each])
    confidences = [_decision(builder, *one) or _second(builder, _probabilities(one[1])) for one in each]
    scores = builder.step("pair_scores", _joined(builder, confidences), votes)
    return Scores(_second(builder, scores) if len(model.classes_) == 2 else scores, probabilities=False)


def _own_chain(builder: Builder, chain: Any, value: Value) -> Scores:
    """One label after the other; each detector takes the labels that were predicted before it."""
    rows = _doubles(builder, value)
    columns: dict[int, Value] = {}
    inputs, probabilities = [rows], False
    for estimator, label in zip(chain.estimators_, chain.order_, strict=True):
        scores = _lower_part(builder, estimator, _joined(builder, inputs))
        probabilities = scores.probabilities
        columns[label] = _second(builder, scores.matrix) if probabilities else _known(scores.matrix)
        threshold = 0.5 if probabilities else 0.0
        inputs.append(builder.step("indicators", builder.step("above", columns[label], threshold=threshold)))
    return Scores(_joined(builder, [columns[label] for label in sorted(columns)]), probabilities)


def _chain(builder: Builder, chain: Any, value: Value) -> Scores:
    """As scikit-learn has it: what is passed on may be a label or a score."""
    rows = _doubles(builder, value)
    inputs, outputs, labels = [rows], dict[int, Value](), dict[int, Value]()
    method = next((one for one in ("predict_proba", "decision_function") if hasattr(chain, one)), None)
    for estimator, label in zip(chain.estimators_, np.asarray(chain.order_).tolist(), strict=True):
        _refuse_other_labels(estimator)
        scores = _lower_part(builder, estimator, _joined(builder, inputs))
        labels[label] = _is_second(builder, estimator, scores)
        inputs.append(_passed_on(builder, estimator, scores, labels[label], chain.chain_method_))
        if method is not None:
            outputs[label] = _passed_on(builder, estimator, scores, labels[label], method)
    predicted = builder.step("labels", *[labels[label] for label in sorted(labels)])
    matrix = _joined(builder, [outputs[label] for label in sorted(outputs)]) if outputs else None
    return Scores(matrix, method == "predict_proba", predicted)


def _doubles(builder: Builder, value: Value) -> Value:
    """Rows in the type that labels beside them give them."""
    rows = builder.numbers(value)
    if not isinstance(rows.type, Matrix):
        raise NotLoweredError("it holds a chain of classifiers that takes no rows of numbers")
    return rows if rows.type.dtype == "float64" else builder.step("cast", rows, dtype="float64")


def _passed_on(builder: Builder, estimator: Any, scores: Scores, label: Value, method: str) -> Value:
    if method == "predict":
        return builder.step("indicators", label)
    if method == "predict_proba":
        return _second(builder, _probabilities(scores))
    return _known(_decision(builder, estimator, scores))


def _several_outputs(builder: Builder, model: Any, value: Value) -> Scores:
    """One classifier a label, each of its own classes."""
    columns: list[Value] = []
    labels: list[Value] = []
    for estimator in model.estimators_:
        scores = _lower_part(builder, estimator, value)
        codes = np.asarray(estimator.classes_).astype(np.int64)
        predicted = builder.step("recode", _positions(builder, scores), arrays={"codes": codes}, classes=2)
        labels.append(builder.step("labels", predicted))
        if hasattr(model, "predict_proba"):
            probabilities, place = _probabilities(scores), {"columns": np.flatnonzero(codes == 1)}
            some = len(place["columns"]) > 0
            columns.append(builder.step("select", probabilities, arrays=place) if some else builder.zeros(1))
    matrix = _joined(builder, columns) if columns else None
    return Scores(matrix, probabilities=bool(columns), predicted=builder.step("labels", *labels))


def _calibrated(builder: Builder, model: Any, value: Value) -> Scores:
    """The mean of the probabilities of its folds."""
    folds = [_calibrated_fold(builder, fold, value) for fold in model.calibrated_classifiers_]
    mean = folds[0] if len(folds) == 1 else builder.step("average", *folds, arrays={"weights": np.ones(len(folds))})
    return Scores(mean, probabilities=True)


def _calibrated_fold(builder: Builder, fold: Any, value: Value) -> Value:
    classes, present = np.asarray(fold.classes), np.asarray(fold.estimator.classes_)
    scores = _lower_part(builder, fold.estimator, value)
    if len(present) < min(3, len(classes)):
        raise NotLoweredError("it holds a calibrated classifier with a fold of one or two of more classes")
    if len(classes) == 2:
        decision = _decision(builder, fold.estimator, scores) or _second(builder, _probabilities(scores))
    else:
        decision = _decision(builder, fold.estimator, scores) or _probabilities(scores)
    if fold.method == "temperature":
        return _of_temperature(builder, fold, decision, scores)
    if len(classes) == 2:
        return _both(builder, _of_calibrators(builder, fold, decision))
    probabilities = _of_calibrators(builder, fold, decision)
    if len(present) < len(classes):
        places = {"columns": np.searchsorted(classes, present).astype(np.int64)}
        probabilities = builder.step("place", probabilities, arrays=places, filling="zero", width=len(classes))
    return builder.step("normalise", probabilities)


def _of_calibrators(builder: Builder, fold: Any, decision: Value) -> Value:
    """Platt (1999) for "sigmoid", Zadrozny and Elkan (2002) for "isotonic"."""
    if fold.method == "sigmoid":
        slopes, offsets = (-np.array([getattr(one, name) for one in fold.calibrators]) for name in ("a_", "b_"))
        arrays = {"weights": np.diag(slopes).astype(np.float64), "offset": offsets.astype(np.float64)}
        probabilities = builder.step("logistic", builder.step("linear", decision, arrays=arrays))
        return _second(builder, probabilities) if len(slopes) == 1 else probabilities
    if fold.method != "isotonic":
        raise NotLoweredError(f"it holds a classifier calibrated by '{fold.method}'")
    columns = []
    for place, function in enumerate(fold.calibrators):
        column = builder.step("select", decision, arrays={"columns": np.array([place])})
        points = {"scores": function.X_thresholds_, "values": function.y_thresholds_}
        arrays = {name: np.asarray(values, np.float64) for name, values in points.items()}
        columns.append(builder.step("isotonic", column, arrays=arrays))
    return _joined(builder, columns)


def _of_temperature(builder: Builder, fold: Any, decision: Value, scores: Scores) -> Value:
    """Guo et al. (2017). Of probabilities scikit-learn takes logarithms, unless they do not look like such."""
    if not hasattr(fold.estimator, "decision_function"):
        raise NotLoweredError("it holds probabilities calibrated by a temperature, rather than scores")
    logits = builder.step("both_signs", decision) if decision.type.width == 1 else decision
    width = logits.type.width
    arrays = {"weights": float(fold.calibrators[0].beta_) * np.eye(width), "offset": np.zeros(width)}
    return builder.step("softmax", builder.step("linear", logits, arrays=arrays))


def _vote(builder: Builder, model: Any, value: Value) -> Scores:
    """The mean of probabilities, or the most frequent prediction."""
    parts = [_lower_part(builder, one, value) for one in model.estimators_]
    weights = [1.0] * len(parts)
    if model.weights is not None:
        used = zip(model.estimators, model.weights, strict=True)
        weights = [float(weight) for (_, estimator), weight in used if not _is_dropped(estimator)]
    arrays = {"weights": np.array(weights)}
    if model.voting == "soft":
        mean = builder.step("average", *[_probabilities(one) for one in parts], arrays=arrays)
        return Scores(mean, probabilities=True)
    predictions = [_positions(builder, one) for one in parts]
    return Scores(None, False, builder.step("majority", *predictions, arrays=arrays))


def _is_dropped(estimator: Any) -> bool:
    return isinstance(estimator, str) and estimator == "drop"


def _best(builder: Builder, search: Any, value: Value) -> Any:
    """What a search refitted on all rows."""
    if not hasattr(search, "best_estimator_"):
        raise NotLoweredError("it holds a search that refitted no best estimator")
    return builder.lower(search.best_estimator_, value)


def _frozen(builder: Builder, frozen: Any, value: Value) -> Any:
    return builder.lower(frozen.estimator, value)


def _lower_part(builder: Builder, estimator: Any, value: Value) -> Scores:
    scores = builder.lower(estimator, value)
    if not isinstance(scores, Scores):
        raise NotLoweredError("a part of its classifier classifies nothing")
    return scores


def _decision(builder: Builder, estimator: Any, scores: Scores) -> Value | None:
    """What ``decision_function`` gives; None where there is none, but for those whose steps do not have it."""
    if not hasattr(estimator, "decision_function"):
        return None
    if scores.probabilities and scores.decision is None:
        raise NotLoweredError("a part of its classifier has scores beside probabilities that are no program yet")
    return _decision_of(scores)


def _decision_of(scores: Scores) -> Value:
    return _known(scores.decision if scores.probabilities else scores.matrix)


def _probabilities(scores: Scores) -> Value:
    if not scores.probabilities:
        raise NotLoweredError("a part of its classifier has no probabilities")
    return _known(scores.matrix)


def _known(value: Value | None) -> Value:
    if value is None:
        raise NotLoweredError("a part of its classifier has no scores")
    return value


def _positions(builder: Builder, scores: Scores) -> Value:
    """Predictions of one of its classes."""
    predicted = scores.predicted or builder.step("arg_max", _known(scores.matrix))
    if not isinstance(predicted.type, Classes):
        raise NotLoweredError("a part of its classifier predicts several labels")
    return predicted


def _is_second(builder: Builder, estimator: Any, scores: Scores) -> Value:
    """Whether the second of two classes is predicted, as a label."""
    if scores.predicted is not None:
        return (
            scores.predicted if isinstance(scores.predicted.type, Labels) else builder.step("labels", scores.predicted)
        )
    decision = _decision(builder, estimator, scores)
    if decision is not None and decision.type.width == 1:
        return builder.step("above", decision, threshold=0.0)
    return builder.step("labels", _positions(builder, scores))


def _refuse_other_labels(estimator: Any) -> None:
    """A detector of a label that all training rows had, or none, has no second class."""
    if np.asarray(estimator.classes_).tolist() != [0, 1]:
        raise NotLoweredError("it holds a chain with a label that all its training rows had, or none")


def _second(builder: Builder, both: Value | None) -> Value:
    return builder.step("select", _known(both), arrays={"columns": np.array([1])})


def _both(builder: Builder, second: Value) -> Value:
    """The probability of the first of two classes beside the second's."""
    arrays: Mapping[str, NDArray[Any]] = {"weights": np.array([[-1.0], [1.0]]), "offset": np.array([1.0, 0.0])}
    return builder.step("linear", second, arrays=arrays)


def _joined(builder: Builder, columns: Sequence[Value | None]) -> Value:
    known = [_known(column) for column in columns]
    return known[0] if len(known) == 1 else builder.step("join", *known)


ENSEMBLES: Mapping[str, Lowering] = {
    "sklearn.calibration.CalibratedClassifierCV": _calibrated,
    "sklearn.ensemble.VotingClassifier": _vote,
    "sklearn.frozen.FrozenEstimator": _frozen,
    "sklearn.model_selection.GridSearchCV": _best,
    "sklearn.model_selection.RandomizedSearchCV": _best,
    "sklearn.multiclass.OneVsOneClassifier": _one_vs_one,
    "sklearn.multiclass.OneVsRestClassifier": _one_vs_rest,
    # Only there, and in no public place, since it is no user's own.
    "sklearn.multiclass._ConstantPredictor": _constant,
    "sklearn.multioutput.ClassifierChain": _chain,
    "sklearn.multioutput.MultiOutputClassifier": _several_outputs,
    "tenfold.models.chain.OrderedChain": _own_chain,
}
