"""
Each pixel from the clean sides of the images whose noisy sides are nearest: their vote, mean or median.

Examples
--------
>>> arrays = {"clean": np.array([[0], [100], [104]], np.uint8), "added": np.array([[5], [5], [5]], np.int8)}
>>> part, kind = OPERATION.check((Images((1, 1)),), {"count": 2, "statistic": "mean"}, arrays)
>>> OPERATION.bind(part)(np.array([[[111]]], np.int16)).tolist()
[[102.0]]
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.denoising.statistics import MOST_NEIGHBOURS, STATISTICS
from tenfold.models.neighbours.euclidean import EuclideanSearch
from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Images, Matrix, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION", "narrow_noise"]


def _result(part: Part) -> Matrix:
    width, count, images = math.prod(part.inputs[0].shape), part.parameters["count"], part.sizes["images"]
    demand(part.sizes["values"] == width, f"images of {part.sizes['values']:,} values are near to those of {width:,}")
    demand(count <= images, f"the nearest {count:,} of {images:,} images are searched")
    return Matrix("float64", width)


def _bind(part: Part) -> Any:
    clean, added, count = part.arrays["clean"], part.arrays["added"], part.parameters["count"]
    statistic = STATISTICS[part.parameters["statistic"]]
    # sums beyond int16 come from no image; they wrap around, and index nothing
    noisy = clean.astype(np.int16)
    noisy += added.astype(np.int16)
    search = EuclideanSearch(noisy, plain=True)

    def evaluate(images: NDArray[np.int16]) -> NDArray[np.float64]:
        queries = images.reshape(len(images), clean.shape[1])
        _, nearest = search.nearest(queries, count)
        return statistic(clean[nearest]).astype(np.float64, copy=False)

    return evaluate


def narrow_noise(noise: NDArray[np.int16]) -> NDArray[Any]:
    """
    Return what noise has added in the smallest type that holds it.

    Examples
    --------
    >>> narrow_noise(np.array([-1, 100], np.int16)).dtype.name
    'int8'
    """
    for dtype in (np.uint8, np.int8):
        limits = np.iinfo(dtype)
        if limits.min <= noise.min() and noise.max() <= limits.max:
            return noise.astype(dtype)
    return noise


def _lower(builder: Builder, denoiser: Any, images: Value) -> Value:
    arrays = {"clean": denoiser.clean_, "added": narrow_noise(denoiser.noisy_ - denoiser.clean_)}
    count = min(denoiser.n_neighbors, len(denoiser.clean_))
    return builder.step("nearest_images", images, arrays=arrays, count=count, statistic=denoiser.statistic)


OPERATION = Operation(
    name="nearest_images",
    summary="each pixel by vote, mean or median of the clean images whose noisy forms are nearest",
    inputs=(Images,),
    parameters={
        "count": {"type": "integer", "minimum": 1, "maximum": MOST_NEIGHBOURS},
        "statistic": {"enum": list(STATISTICS)},
    },
    arrays={
        "clean": ArrayRule(dtypes=("uint8",), shape=("images", "values")),
        "added": ArrayRule(dtypes=("uint8", "int8", "int16"), shape=("images", "values")),
    },
    result=_result,
    bind=_bind,
    work=lambda part: 8 * part.parameters["count"] ** 2 * part.sizes["values"],
    memory=lambda part: 8 * part.parameters["count"] * part.sizes["values"],
    lower={"tenfold.models.denoising.neighbours.KNeighborsDenoiser": _lower},
)
