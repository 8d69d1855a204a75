"""Our own estimators, usable outside Tenfold as ordinary scikit-learn ones."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tenfold.models.first_use import import_at_first_use

if TYPE_CHECKING:
    from tenfold.models.block_bayes import BlockComplementNB, BlockMultinomialNB
    from tenfold.models.linear import (
        BlockLinearSVC,
        BlockLogisticRegression,
        MomentsRegression,
        SGDClassifier,
        SGDRegressor,
        SoftmaxRegression,
    )
    from tenfold.models.naive_bayes import MixedNaiveBayes
    from tenfold.models.neighbours import KNeighborsClassifier, KNeighborsRegressor
    from tenfold.models.offset_svc import OffsetSVC
    from tenfold.models.support import GaussianSVC

# Numba reads .numba_config.yaml of the working folder; a variable, even an empty one, overrides its choice of the cache
# of compiled code, which is pickled.
for _variable in ("NUMBA_CACHE_DIR", "NUMBA_CACHE_LOCATOR_CLASSES"):
    os.environ.setdefault(_variable, "")

__all__ = [
    "BlockComplementNB",
    "BlockLinearSVC",
    "BlockLogisticRegression",
    "BlockMultinomialNB",
    "GaussianSVC",
    "KNeighborsClassifier",
    "KNeighborsRegressor",
    "MixedNaiveBayes",
    "MomentsRegression",
    "OffsetSVC",
    "SGDClassifier",
    "SGDRegressor",
    "SoftmaxRegression",
]

__getattr__ = import_at_first_use(
    __name__,
    {
        "BlockComplementNB": "block_bayes",
        "BlockLinearSVC": "linear",
        "BlockLogisticRegression": "linear",
        "BlockMultinomialNB": "block_bayes",
        "GaussianSVC": "support",
        "KNeighborsClassifier": "neighbours",
        "KNeighborsRegressor": "neighbours",
        "MixedNaiveBayes": "naive_bayes",
        "MomentsRegression": "linear",
        "OffsetSVC": "offset_svc",
        "SGDClassifier": "linear",
        "SGDRegressor": "linear",
        "SoftmaxRegression": "linear",
    },
)
