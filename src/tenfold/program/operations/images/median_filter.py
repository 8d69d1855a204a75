"""
The median of each pixel and its eight neighbours; beyond the edge the pixels of the edge go on.

Examples
--------
>>> part, kind = OPERATION.check((Images((3, 3)),), {}, {})
>>> OPERATION.bind(part)(np.array([[[0, 0, 9], [0, 7, 9], [9, 9, 9]]], np.int16))[0, 1].tolist()
[0, 9, 9]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import Operation, Part
from tenfold.program.values import Images, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]

Pixels = NDArray[np.int16]


def _result(part: Part) -> Images:
    return Images(part.inputs[0].shape)


def _bind(part: Part) -> Any:
    def evaluate(images: Pixels) -> Pixels:
        height, width = images.shape[1:3]
        padded = np.pad(images, ((0, 0), (1, 1), (1, 1), *((0, 0) for _ in images.shape[3:])), mode="edge")
        low, middle, high = _ordered(*(padded[:, i : i + height] for i in range(3)))
        lows, middles, highs = ([values[:, :, i : i + width] for i in range(3)] for values in (low, middle, high))
        highest_low = np.maximum(np.maximum(lows[0], lows[1]), lows[2])
        lowest_high = np.minimum(np.minimum(highs[0], highs[1]), highs[2])
        return _ordered(highest_low, _ordered(*middles)[1], lowest_high)[1]

    return evaluate


def _ordered(a: Pixels, b: Pixels, c: Pixels) -> tuple[Pixels, Pixels, Pixels]:
    """
    Return the least, the middle and the largest of three values at each place.

    Of nine values in ordered columns of three, the median is the middle one of the largest least, the middle middle and
    the least largest (J. L. Smith, Implementing median filters in XC4000E FPGAs, 1996).
    """
    low, high = np.minimum(a, b), np.maximum(a, b)
    rest = np.minimum(high, c)
    return np.minimum(low, rest), np.maximum(low, rest), np.maximum(high, c)


def _lower(builder: Builder, denoiser: Any, images: Value) -> Value:
    rows = builder.step("flatten", builder.step("median_filter", images), dtype="float64", divisor=1.0)
    return builder.step("standardise", rows, arrays={"mean": np.full(rows.type.width, denoiser.brightness_)})


OPERATION = Operation(
    name="median_filter",
    summary="the median of each pixel of a noisy image and its eight neighbours",
    inputs=(Images,),
    result=_result,
    bind=_bind,
    memory=lambda part: 24 * int(np.prod([side + 2 for side in part.inputs[0].shape[:2]])) * len(part.inputs[0].shape),
    lower={"tenfold.models.denoising.filters.MedianDenoiser": _lower},
)
