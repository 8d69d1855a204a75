"""Figures by which filters of mail are compared: both error rates, their mean, and what the order of scores lacks."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, inf, isnan, log

from tenfold.figures.estimate import Estimate
from tenfold.figures.intervals.closed import normal_quantile

__all__ = ["FILTER_KEYS", "filter_estimates"]

FILTER_KEYS = ("false_positive_rate", "miss_rate", "roc_auc_lack", "logistic_average")


def filter_estimates(estimates: Mapping[str, Estimate]) -> dict[str, Estimate]:
    """
    Return the figures of a filter from those of a detector.

    The logistic average is the mean of both error rates in the log odds, as the spam track of TREC has it (Cormack and
    Lynam, 2005). Its interval adds half an error and half a success to each rate (Gart, 1966, Biometrika 53:241), so
    that a rate of nothing has one.

    Parameters
    ----------
    estimates : mapping of str to Estimate
        With ``specificity``, ``recall`` and ``roc_auc``, each row counting once.

    Returns
    -------
    dict of str to Estimate
        ``false_positive_rate`` (negatives called positive), ``miss_rate`` (positives not called so), ``roc_auc_lack``
        (1 less the area under the ROC curve) and ``logistic_average``.

    Examples
    --------
    >>> shares = {"specificity": Estimate(0.99, 0.98, 0.995, n=1000), "recall": Estimate(0.96, 0.93, 0.98, n=500)}
    >>> rates = filter_estimates({**shares, "roc_auc": Estimate(0.998, 0.996, 0.999, n=1500)})
    >>> {key: round(one.value, 4) for key, one in rates.items()}
    {'false_positive_rate': 0.01, 'miss_rate': 0.04, 'roc_auc_lack': 0.002, 'logistic_average': 0.0201}
    """
    false_alarms, misses = _complement(estimates["specificity"]), _complement(estimates["recall"])
    figures = (false_alarms, misses, _complement(estimates["roc_auc"]), _logistic_average(false_alarms, misses))
    return dict(zip(FILTER_KEYS, figures, strict=True))


def _complement(one: Estimate) -> Estimate:
    """1 less a share, ends of the interval and folds too."""
    value, low, high = (None if end is None else 1 - end for end in (one.value, one.high, one.low))
    folds = tuple(None if fold is None else 1 - fold for fold in one.folds)
    return Estimate(value, low, high, one.n, one.interval, one.positives, folds, one.reason)


def _logistic_average(false_alarms: Estimate, misses: Estimate) -> Estimate:
    n = false_alarms.n + misses.n
    if false_alarms.value is None or misses.value is None:
        return Estimate(None, None, None, n, reason=false_alarms.reason or misses.reason)
    value = _inverse((_log_odds(false_alarms.value) + _log_odds(misses.value)) / 2)
    if isnan(value):
        return Estimate(None, None, None, n, reason="one rate is nothing, the other all")
    middles, variances = zip(*(_smoothed(one.value or 0.0, one.n) for one in (false_alarms, misses)), strict=True)
    middle, half = sum(middles) / 2, normal_quantile(0.95) * sum(variances) ** 0.5 / 2
    low, high = _inverse(middle - half), _inverse(middle + half)
    return Estimate(value, min(low, value), max(high, value), n, "normal 95%, in the log odds")


def _smoothed(share: float, n: int) -> tuple[float, float]:
    """Log odds of a share with half an error and half a success more, and their variance."""
    errors = share * n
    return log((errors + 0.5) / (n - errors + 0.5)), 1 / (errors + 0.5) + 1 / (n - errors + 0.5)


def _log_odds(share: float) -> float:
    return -inf if share <= 0 else inf if share >= 1 else log(share / (1 - share))


def _inverse(log_odds: float) -> float:
    return 0.0 if log_odds == -inf else 1 / (1 + exp(-log_odds))
