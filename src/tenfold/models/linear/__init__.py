"""Linear models by gradient descent, all classes or targets in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenfold.models.first_use import import_at_first_use

if TYPE_CHECKING:
    from tenfold.models.linear.block_linear import BlockLinearSVC, BlockLogisticRegression
    from tenfold.models.linear.classifier import SGDClassifier
    from tenfold.models.linear.moments import MomentsRegression
    from tenfold.models.linear.regressor import SGDRegressor
    from tenfold.models.linear.softmax import SoftmaxRegression

__all__ = [
    "BlockLinearSVC",
    "BlockLogisticRegression",
    "MomentsRegression",
    "SGDClassifier",
    "SGDRegressor",
    "SoftmaxRegression",
]

__getattr__ = import_at_first_use(
    __name__,
    {
        "BlockLinearSVC": "block_linear",
        "BlockLogisticRegression": "block_linear",
        "MomentsRegression": "moments",
        "SGDClassifier": "classifier",
        "SGDRegressor": "regressor",
        "SoftmaxRegression": "softmax",
    },
)
