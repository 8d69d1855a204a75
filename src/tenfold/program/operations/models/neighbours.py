"""
The nearest of some instances, by Euclidean distance; of those at equal distance the first is nearer.

Examples
--------
>>> arrays = {"instances": np.array([[0.0], [1.0], [5.0]])}
>>> part, kind = OPERATION.check((Matrix("float64", 1),), {"count": 2}, arrays)
>>> distances, positions = OPERATION.bind(part)(np.array([[1.5]]))
>>> distances.tolist(), positions.tolist(), kind
([[0.5, 1.5]], [[1, 0]], Neighbours(count=2, among=3))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.neighbours.euclidean import EuclideanSearch
from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix, Neighbours, Scores, Targets, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]


def _result(part: Part) -> Neighbours:
    count, instances = part.parameters["count"], part.sizes["instances"]
    demand(not part.inputs[0].gaps, "neighbours of rows with gaps are searched: nothing fills them")
    demand(count <= instances, f"{count:,} neighbours are searched among {instances:,} instances")
    return Neighbours(count, instances)


def _bind(part: Part) -> Any:
    search, count = EuclideanSearch(part.arrays["instances"], plain=True), part.parameters["count"]

    def evaluate(rows: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        if rows.dtype.kind == "f" and not np.isfinite(rows).all():
            # Steps before may have overflown.
            rows = np.nan_to_num(rows)
        return search.nearest(rows, count)

    return evaluate


def _lower_own(builder: Builder, model: Any, rows: Value) -> Scores:
    neighbours, weights = _nearest_of_own(builder, model, rows)
    return _votes(builder, neighbours, model, model._codes, weights, own=True)


def _lower_own_means(builder: Builder, model: Any, rows: Value) -> Targets:
    neighbours, weights = _nearest_of_own(builder, model, rows)
    return _means(builder, neighbours, model._y, weights)


def _nearest_of_own(builder: Builder, model: Any, rows: Value) -> tuple[Value, str]:
    """Return neighbours, and how they are weighted; its rows and targets are private, as they have no other use."""
    from tenfold.program.builder import NotLoweredError

    euclidean = model.effective_metric_ in ("euclidean", "l2") and not model.effective_metric_params_
    if not euclidean or hasattr(model._rows, "toarray"):
        raise NotLoweredError("it holds neighbours by another distance than the Euclidean one, or of sparse rows")
    weights = _weights(model)
    arrays = {"instances": _narrow(model._rows)}
    return builder.step("neighbours", rows, arrays=arrays, count=int(model.n_neighbors)), weights


def _lower_theirs(builder: Builder, model: Any, rows: Value) -> Scores:
    """Votes of the neighbours that scikit-learn finds."""
    neighbours, weights = _nearest_of_theirs(builder, model, rows)
    return _votes(builder, neighbours, model, np.asarray(model._y).reshape(len(model._fit_X), -1), weights, own=False)


def _lower_their_means(builder: Builder, model: Any, rows: Value) -> Targets:
    """Means of the targets of the neighbours that scikit-learn finds."""
    neighbours, weights = _nearest_of_theirs(builder, model, rows)
    return _means(builder, neighbours, np.asarray(model._y, np.float64), weights)


def _means(builder: Builder, neighbours: Value, targets: NDArray[np.float64], weights: str) -> Targets:
    arrays = {"targets": targets.reshape(len(targets), -1)}
    return builder.targets(builder.step("neighbour_mean", neighbours, arrays=arrays, weights=weights))


def _nearest_of_theirs(builder: Builder, model: Any, rows: Value) -> tuple[Value, str]:
    """
    Return neighbours, and how they are weighted.

    Scikit-learn keeps the rows, their targets and the way of the search in private attributes alone. Of rows at equal
    distance it takes any, and without a tree its distances are rounded sums of products: as weights they are no figures
    that another computation could repeat.
    """
    from tenfold.program.builder import NotLoweredError

    if model.effective_metric_ != "euclidean" or model.effective_metric_params_:
        raise NotLoweredError("it holds neighbours by another distance than the Euclidean one")
    if hasattr(model._fit_X, "toarray"):
        raise NotLoweredError("it holds neighbours among sparse rows")
    weights = _weights(model)
    if weights == "distance" and model._fit_method == "brute":
        raise NotLoweredError(
            "it holds scikit-learn's neighbours weighted by distances that its products round; "
            f"tenfold.models.{type(model).__name__} has exact ones"
        )
    instances = np.asarray(model._fit_X)
    if instances.dtype.name not in ("uint8", "float32", "float64"):
        instances = instances.astype(np.float64)
    arrays = {"instances": _narrow(instances)}
    return builder.step("neighbours", rows, arrays=arrays, count=int(model.n_neighbors)), weights


def _narrow(instances: NDArray[Any]) -> NDArray[Any]:
    """Return whole numbers from 0 to 255 as bytes, whose distances are the same."""
    if instances.min() >= 0 and instances.max() <= 255:
        codes = instances.astype(np.uint8)
        return codes if np.array_equal(codes, instances) else instances
    return instances


def _weights(model: Any) -> str:
    from tenfold.program.builder import NotLoweredError

    if callable(model.weights):
        raise NotLoweredError("it holds neighbours that are weighted by a function")
    return model.weights or "uniform"


def _votes(builder: Builder, neighbours: Value, model: Any, codes: NDArray[Any], weights: str, *, own: bool) -> Scores:
    """
    Votes for classes, or for each of several labels.

    The class that our own classifier predicts by weighted votes is their mode, which is rounded otherwise than shares.
    """
    from tenfold.program.builder import smallest_codes

    by_mode = own and weights == "distance"
    if not isinstance(model.classes_, list):
        arrays, count = {"codes": smallest_codes(codes[:, 0])}, len(model.classes_)
        shares = builder.step("neighbour_votes", neighbours, arrays=arrays, classes=count, weights=weights)
        mode = builder.step("neighbour_mode", neighbours, arrays=arrays, classes=count) if by_mode else None
        return Scores(shares, probabilities=True, predicted=mode)
    columns, modes = [], []
    for classes, of_label in zip(model.classes_, codes.T, strict=True):
        # 0 or 1 itself: a label may have been all of one.
        arrays = {"codes": smallest_codes(np.asarray(classes)[of_label].astype(np.int64))}
        shares = builder.step("neighbour_votes", neighbours, arrays=arrays, classes=2, weights=weights)
        columns.append(builder.step("select", shares, arrays={"columns": np.array([1])}))
        if by_mode:
            modes.append(builder.step("neighbour_mode", neighbours, arrays=arrays, classes=2))
    predicted = builder.step("labels", *modes) if by_mode else None
    return Scores(builder.step("join", *columns), probabilities=True, predicted=predicted)


OPERATION = Operation(
    name="neighbours",
    summary="the nearest of some instances, by Euclidean distance",
    inputs=(Matrix,),
    parameters={"count": {"type": "integer", "minimum": 1, "maximum": 1_000_000}},
    arrays={"instances": ArrayRule(dtypes=("uint8", "float32", "float64"), shape=("instances", "width"))},
    result=_result,
    bind=_bind,
    lower={
        "sklearn.neighbors.KNeighborsClassifier": _lower_theirs,
        "sklearn.neighbors.KNeighborsRegressor": _lower_their_means,
        "tenfold.models.neighbours.classifier.KNeighborsClassifier": _lower_own,
        "tenfold.models.neighbours.regressor.KNeighborsRegressor": _lower_own_means,
    },
)
