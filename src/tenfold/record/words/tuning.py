"""What trying settings came to, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tenfold.decimals import figure_text
from tenfold.record.entries.metrics import Metrics
from tenfold.record.words.verdict import metric_words
from tenfold.text import shown

__all__ = ["parameter_name", "setting_words", "tuning_sentences"]


def parameter_name(key: str) -> str:
    """
    Return a parameter's own name, without the steps that lead to it.

    Examples
    --------
    >>> parameter_name("model__estimator__alpha")
    'alpha'
    """
    return shown(key.rpartition("__")[2], 40)


def setting_words(setting: Mapping[str, Any]) -> str:
    """
    Say a setting.

    Examples
    --------
    >>> setting_words({"model__n_neighbors": 4, "model__weights": "distance"})
    'n_neighbors = 4, weights = distance'
    """
    return ", ".join(f"{parameter_name(key)} = {shown(value, 40)}" for key, value in setting.items())


def tuning_sentences(metrics: Metrics) -> Iterator[str]:
    """
    Say for each candidate that tried several settings which is best, and by what.

    Parameters
    ----------
    metrics : Metrics
    """
    for name, candidate in metrics.candidates.items():
        tuning = candidate.tuning
        if tuning is not None:
            mean = figure_text(tuning.metric, {"value": tuning.trials[tuning.chosen].mean}).value
            yield (
                f"{shown(name, 40)}: best of {len(tuning.trials)} settings is {setting_words(tuning.setting)} "
                f"({metric_words(tuning.metric)} {mean}, mean over {len(tuning.by_fold)} folds)."
            )
