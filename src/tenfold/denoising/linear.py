"""Denoising by a linear map: every clean pixel as a weighted sum of all noisy ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from tenfold.errors import LimitError

__all__ = ["LinearMap"]

_MOST_VALUES = 4_096
_PENALTY = 1.0


@dataclass(frozen=True, eq=False)
class LinearMap:
    """
    Ridge regression of all clean pixels on all noisy ones at once.

    Parameters
    ----------
    weights : ndarray of float32, shape (d, d)
        Row i makes clean pixel i.
    offset : ndarray of float32, shape (d,)
    """

    weights: NDArray[np.float32]
    offset: NDArray[np.float32]

    @classmethod
    def fitted(cls, noisy: NDArray[np.int16], clean: NDArray[np.uint8]) -> Self:
        """
        Fit the map.

        Raises
        ------
        LimitError
            An image has more than 4,096 values: the map would have a weight for each pair of them.
        """
        from sklearn.linear_model import Ridge

        values = int(np.prod(clean.shape[1:]))
        if values > _MOST_VALUES:
            raise LimitError(f"{values:,} values an image, over the limit of {_MOST_VALUES:,} of ridge")
        X, Y = (part.reshape(len(part), -1).astype(np.float32) for part in (noisy, clean))
        model = Ridge(alpha=_PENALTY, solver="cholesky", copy_X=False).fit(X, Y)
        weights = np.asarray(model.coef_, np.float32).reshape(values, values)
        return cls(weights, np.broadcast_to(np.asarray(model.intercept_, np.float32), (values,)).copy())

    def restored(self, noisy: NDArray[np.int16]) -> NDArray[np.float64]:
        """Restore images of shape (m, height, width[, 3]); grey levels, not rounded."""
        X = noisy.reshape(len(noisy), -1).astype(np.float32)
        return np.asarray(X @ self.weights.T + self.offset, np.float64).reshape(noisy.shape)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give what is kept in a file."""
        return {"weights": self.weights, "offset": self.offset}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Read what `arrays` gave."""
        weights, offset = (arrays[name].astype(np.float32, casting="safe") for name in ("weights", "offset"))
        return cls(weights, offset)
