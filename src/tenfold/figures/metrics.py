"""Which figures a task has, and for those of the confusion matrix: formula, denominator, why undefined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.classes import HasClasses
from tenfold.figures.confusion import Formula, Margins, accuracy, f1, mcc, precision, recall, specificity
from tenfold.figures.intervals.closed import f1_interval, mcc_interval, mean_of_shares_interval
from tenfold.figures.losses import LOSSES
from tenfold.task import is_loss
from tenfold.text import shown

__all__ = [
    "LABEL_AVERAGES",
    "OF_ONE_LABEL",
    "Figure",
    "better",
    "confusion_figures",
    "macro",
    "metric_keys",
    "weighted",
]

Floats = NDArray[np.float64]
_SCORED = ("roc_auc", "average_precision")
_FORMULAS: dict[str, Formula] = {"precision": precision, "recall": recall, "specificity": specificity, "f1": f1}
LABEL_AVERAGES = (
    "exact_match",
    "hamming_loss",
    *(
        f"{name}_{average}"
        for name in ("precision", "recall", "f1")
        for average in ("macro", "weighted", "micro", "samples")
    ),
    "specificity_macro",
    *(f"{name}_{average}" for name in _SCORED for average in ("macro", "weighted")),
    *(f"{name}_macro" for name in LOSSES),
)
"""Keys of the figures over all labels of a multilabel task."""

OF_ONE_LABEL = ("precision", "recall", "f1", "specificity", "accuracy", "mcc", *_SCORED, *LOSSES)
"""Names of the figures that each label of a multilabel task has."""

_WHY_UNDEFINED = {
    "precision": "no row was called '{}'",
    "recall": "there is no row of class '{}'",
    "specificity": "there is no row of another class than '{}'",
    "f1": "there is no row of class '{}', and none was called so",
}


@dataclass(frozen=True)
class Figure:
    """
    One figure of the confusion matrix.

    Parameters
    ----------
    key : str
        As in metrics.json.
    formula : callable
        From `Margins` of shape (..., k) to values of shape (...), NaN where undefined.
    why_undefined : callable
        From `Margins` of shape (k,) where the value is NaN to the reason.
    denominator : callable, optional
        Of a share of rows: from `Margins` to the rows it is a share of, shape (...).
    positive : int, optional
        The class meant, where it is one.
    lowest : float
        Least value it can have; the greatest is 1.
    interval : callable, optional
        From `Margins` of shape (k,) of row counts to a 95 % interval in closed form.
    method : str
        How `interval` does it.
    """

    key: str
    formula: Callable[[Margins], Floats]
    why_undefined: Callable[[Margins], str]
    denominator: Callable[[Margins], Floats] | None = None
    positive: int | None = None
    lowest: float = 0.0
    interval: Callable[[Margins], tuple[float, float]] | None = None
    method: str = ""


def better(metric: str) -> int:
    """
    Tell whether more of a metric is better (+1) or less (-1).

    Examples
    --------
    >>> better("roc_auc_macro"), better("log_loss")
    (1, -1)
    """
    return -1 if is_loss(metric) else 1


def metric_keys(task: HasClasses) -> tuple[str, ...]:
    """
    Return the keys of all figures of classes, in order.

    Examples
    --------
    >>> from tenfold.figures.classes import Classes
    >>> metric_keys(Classes(("no", "yes"), positive="yes"))[:4]
    ('accuracy', 'balanced_accuracy', 'precision', 'recall')
    """
    of_matrix = tuple(figure.key for figure in confusion_figures(task))
    if task.positive is not None:
        return of_matrix + _SCORED + tuple(LOSSES)
    averages = tuple(f"{name}_{average}" for name in _SCORED for average in ("macro", "weighted"))
    return of_matrix + averages + tuple(f"{name}:{one}" for name in _SCORED for one in task.classes) + tuple(LOSSES)


def confusion_figures(task: HasClasses) -> tuple[Figure, ...]:
    """
    List the figures of the confusion matrix of a task, in the order they are shown.

    Binary: those of the positive class under plain keys. Several classes: averages, then one a class. A class
    without a value leaves the macro average undefined; the weighted one only if it has rows. The micro averages of
    precision, recall and F1 all equal the accuracy, where each row has one class.

    Examples
    --------
    >>> from tenfold.figures.classes import Classes
    >>> [figure.key for figure in confusion_figures(Classes(("no", "yes"), positive="yes"))]
    ['accuracy', 'balanced_accuracy', 'precision', 'recall', 'specificity', 'f1', 'mcc']
    """
    names = task.classes
    general = (_accuracy("accuracy"), _average("balanced_accuracy", "recall", macro, names))
    correlation = Figure("mcc", mcc, partial(_why_no_mcc, names), lowest=-1.0)
    if task.positive is not None:
        return _figures_of_two(general, correlation, names)
    averages = [
        _average(f"{name}_{label}", name, average, names)
        for name in _FORMULAS
        for label, average in (("macro", macro), ("weighted", weighted))
        if (name, label) != ("specificity", "weighted")
    ]
    micro = [_accuracy(f"{name}_micro") for name in ("precision", "recall", "f1")]
    classes = [_of_class(f"{name}:{one}", name, c, names) for name in _FORMULAS for c, one in enumerate(names)]
    return (*general, *averages, *micro, correlation, *classes)


def _figures_of_two(general: tuple[Figure, ...], correlation: Figure, names: tuple[str, ...]) -> tuple[Figure, ...]:
    """Of two classes all intervals have a closed form: the page computes the same at any threshold."""
    accuracy_of_all, balanced = general
    return (
        accuracy_of_all,
        replace(balanced, interval=_balanced_interval, method="Zou and Donner 95%, from Wilson's of both shares"),
        *(_of_class(name, name, 1, names) for name in _FORMULAS),
        replace(correlation, interval=_mcc_interval, method="delta method 95%"),
    )


def _balanced_interval(margins: Margins) -> tuple[float, float]:
    (first, second), (rows, others) = margins.hits.tolist(), margins.actual.tolist()
    return mean_of_shares_interval((first, second), (rows, others))


def _mcc_interval(margins: Margins) -> tuple[float, float]:
    hits, actual, called = (float(part[1]) for part in (margins.hits, margins.actual, margins.called))
    return mcc_interval(hits, actual, called, float(margins.total))


def macro(values: Floats, actual: Floats) -> Floats:
    """Mean over classes, shape (..., k) to (...); NaN if one is."""
    return np.asarray(values.mean(-1))


def weighted(values: Floats, actual: Floats) -> Floats:
    """Mean over classes by their rows; classes without rows do not count, even undefined ones."""
    total = actual.sum(-1, keepdims=True)
    portion = np.divide(actual, total, out=np.full(np.shape(actual), np.nan), where=total > 0)
    return np.asarray(np.where(portion == 0, 0.0, portion * values).sum(-1))


Average = Callable[[Floats, Floats], Floats]


def _accuracy(key: str) -> Figure:
    return Figure(key, accuracy, lambda _: "there are no rows", denominator=lambda margins: margins.total)


def _of_class(key: str, name: str, c: int, names: tuple[str, ...]) -> Figure:
    denominators: dict[str, Callable[[Margins], Floats]] = {
        "precision": lambda margins: margins.called[..., c],
        "recall": lambda margins: margins.actual[..., c],
        "specificity": lambda margins: margins.total - margins.actual[..., c],
    }
    reason = _WHY_UNDEFINED[name].format(shown(names[c]))
    formula = _FORMULAS[name]
    figure = Figure(key, lambda margins: margins.one(formula, c), lambda _: reason, denominators.get(name), positive=c)
    if name != "f1":
        return figure
    method = "Wilson 95% of the share right of all called or actually so"
    return replace(figure, interval=lambda margins: _f1_interval(margins, c), method=method)


def _f1_interval(margins: Margins, c: int) -> tuple[float, float]:
    return f1_interval(*(float(part[c]) for part in (margins.hits, margins.actual, margins.called)))


def _average(key: str, name: str, average: Average, names: tuple[str, ...]) -> Figure:
    def formula(margins: Margins) -> Floats:
        return average(margins.each(_FORMULAS[name]), margins.actual)

    def why(margins: Margins) -> str:
        undefined = np.isnan(margins.each(_FORMULAS[name]))
        counted = undefined if average is macro else undefined & (margins.actual > 0)
        if not counted.any():
            return "there are no rows"
        return _WHY_UNDEFINED[name].format(shown(names[int(np.flatnonzero(counted)[0])]))

    return Figure(key, formula, why)


def _why_no_mcc(names: tuple[str, ...], margins: Margins) -> str:
    for part, text in ((margins.actual, "every row is of class '{}'"), (margins.called, "every row was called '{}'")):
        if (part > 0).sum() == 1:
            return text.format(shown(names[int(part.argmax())]))
    return "there are no rows"
