"""Targets brought to another form before a fit, and predictions brought back from it."""

from __future__ import annotations

from typing import Any

from sklearn.compose import TransformedTargetRegressor
from sklearn.preprocessing import StandardScaler

__all__ = ["of_unit_targets"]


def of_unit_targets(model: Any) -> TransformedTargetRegressor:
    """Bring targets to deviation 1, where a penalty, a tolerance or a step is measured in their unit."""
    return TransformedTargetRegressor(model, transformer=StandardScaler())
