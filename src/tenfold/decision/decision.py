"""The operating point in force, saved with the model and applied by its predict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.decision.interval import Interval, is_number, read_interval
from tenfold.errors import ModelError
from tenfold.text import shown

__all__ = ["Decision"]

_OPTIONAL = {"thresholds", "unadjusted", "interval", "shift"}


@dataclass(frozen=True)
class Decision:
    """
    How scores become a predicted class.

    Parameters
    ----------
    rule : str
        The rule that chose it, as text.
    kind : {"argmax", "threshold", "thresholds", "value", "interval"}
        The classifier's own prediction, or positive exactly where ``score >= threshold``; with one threshold a label
        for several labels. A quantity is predicted as it is, or with an interval.
    threshold : float or None
        In the unit of the scores.
    positive : str or None
        Name of the positive class, where the task has one.
    confidence : float or None
        Confidence with which new data meet the rule, where that was asked (of several labels, for each on its own).
    thresholds : tuple of float or None
        One a label, in the unit of the scores.
    unadjusted : float or None
        Where the rule has a prior: the threshold that it would choose without, where it reaches its target.
    interval : Interval or None
        Of a quantity, around the prediction.
    shift : tuple of float or None
        Of a quantity: what is added to the prediction of each target, so that it costs least.

    Examples
    --------
    >>> decision = Decision("recall>=0.95", "threshold", threshold=0.3, positive="spam")
    >>> decision.apply(np.array([0.2, 0.3]), np.array([0, 0])).tolist()
    [0, 1]
    """

    rule: str
    kind: Literal["argmax", "threshold", "thresholds", "value", "interval"]
    threshold: float | None = None
    positive: str | None = None
    confidence: float | None = None
    thresholds: tuple[float, ...] | None = None
    unadjusted: float | None = None
    interval: Interval | None = None
    shift: tuple[float, ...] | None = None

    @property
    def is_own(self) -> bool:
        """Whether a model's own prediction is taken as it is."""
        return self.kind in {"argmax", "value"} and self.shift is None

    def apply(self, scores: ArrayLike | None, predicted: NDArray[Any]) -> NDArray[Any]:
        """
        Give class codes, shape (n,); of several labels (n, k); quantities in the shape of the predictions.

        Parameters
        ----------
        scores : array_like of float64, shape (n,), or None
            Of the positive class, or of each label, shape (n, k); needed only with a threshold.
        predicted : ndarray of int64, shape (n,) or (n, k); of quantities float64
            The model's own predictions.

        Raises
        ------
        ValueError
            There is a threshold, and the scores are not of the shape of the predictions.
        """
        if self.shift is not None:
            return predicted + (self.shift[0] if predicted.ndim == 1 else np.array(self.shift))
        threshold = self.threshold if self.thresholds is None else np.array(self.thresholds)
        if threshold is None:
            return predicted
        if scores is None or np.shape(scores) != np.shape(predicted):
            raise ValueError("a threshold needs one score of the positive class for each row")
        return np.asarray(np.asarray(scores, dtype=np.float64) >= threshold, dtype=np.int64)

    def as_dict(self) -> dict[str, Any]:
        """Give the form it has in JSON, thresholds only where there are several; `from_dict` reads it back."""
        plain = asdict(self)
        for name in ("unadjusted", "interval", "shift"):
            if plain[name] is None:
                del plain[name]
        thresholds = plain.pop("thresholds")
        return plain if thresholds is None else {**plain, "thresholds": list(thresholds)}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Decision:
        """
        Read what `as_dict` gave, and nothing else.

        Raises
        ------
        ModelError
            A key is missing or unknown, or a value is not of its type or range.

        Examples
        --------
        >>> Decision.from_dict(Decision("argmax", "argmax").as_dict())
        Decision(rule='argmax', kind='argmax', threshold=None, positive=None, ...)
        """
        names = {field.name for field in fields(cls)} - _OPTIONAL
        if not isinstance(plain, Mapping) or set(plain) - _OPTIONAL != names:
            raise ModelError("the decision must have exactly the keys " + ", ".join(sorted(names)))
        if plain.get("unadjusted") is not None and not is_number(plain["unadjusted"]):
            raise ModelError(f"the decision's unadjusted cannot be {shown(plain['unadjusted'])}")
        for name, is_right in _IS_RIGHT.items():
            if not is_right(plain[name]):
                raise ModelError(f"the decision's {name} cannot be {shown(plain[name])}")
        if (plain["kind"] == "threshold") != (plain["threshold"] is not None):
            raise ModelError("the decision must have a threshold exactly if it is of kind threshold")
        thresholds = _thresholds(plain)
        interval = None if plain.get("interval") is None else read_interval(plain["interval"], ModelError)
        if (plain["kind"] == "interval") != (interval is not None):
            raise ModelError("the decision must have an interval exactly if it is of kind interval")
        numbers = {name: None if plain[name] is None else float(plain[name]) for name in ("threshold", "confidence")}
        return cls(**{**plain, **numbers, "thresholds": thresholds, "interval": interval, "shift": _shift(plain)})


def _shift(plain: Mapping[str, Any]) -> tuple[float, ...] | None:
    shift = plain.get("shift")
    if shift is None:
        return None
    if plain["kind"] not in {"value", "interval"} or not isinstance(shift, list | tuple) or not shift:
        raise ModelError("the decision's shift must be a list of numbers, of a quantity")
    if not all(map(is_number, shift)):
        raise ModelError(f"the decision's shift cannot be {shown(shift)}")
    return tuple(float(one) for one in shift)


def _thresholds(plain: Mapping[str, Any]) -> tuple[float, ...] | None:
    several = plain.get("thresholds")
    if (plain["kind"] == "thresholds") != ("thresholds" in plain):
        raise ModelError("the decision must have thresholds exactly if it is of kind thresholds")
    if "thresholds" not in plain:
        return None
    if not isinstance(several, list | tuple) or len(several) < 2 or not all(map(is_number, several)):
        raise ModelError(f"the decision's thresholds cannot be {shown(several)}")
    return tuple(float(one) for one in several)


_IS_RIGHT: dict[str, Callable[[Any], bool]] = {
    "rule": lambda value: isinstance(value, str),
    "kind": lambda value: value in ("argmax", "threshold", "thresholds", "value", "interval"),
    "threshold": lambda value: value is None or is_number(value),
    "positive": lambda value: value is None or isinstance(value, str),
    "confidence": lambda value: value is None or (is_number(value) and 0 < value < 1),
}
