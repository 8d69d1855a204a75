"""
Images to rows of pixel values, as they are or divided by the largest; noisy images become floats.

Examples
--------
>>> part, kind = OPERATION.check((Pixels((1, 2)),), {"dtype": "float64", "divisor": 255.0}, {})
>>> OPERATION.bind(part)(np.array([[[0, 51]]], np.uint8)).tolist()
[[0.0, 0.2]]
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Images, Matrix, Pixels, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]


def _result(part: Part) -> Matrix:
    bytes_of_noise = isinstance(part.inputs[0], Images) and part.parameters["dtype"] == "uint8"
    demand(not bytes_of_noise, "noisy images are flattened to bytes, which cannot hold them")
    return Matrix(part.parameters["dtype"], math.prod(part.inputs[0].shape))


def _bind(part: Part) -> Any:
    dtype, width = np.dtype(part.parameters["dtype"]), math.prod(part.inputs[0].shape)
    divisor = None if part.parameters["divisor"] == 1 else dtype.type(part.parameters["divisor"])

    def evaluate(images: NDArray[Any]) -> NDArray[Any]:
        rows = images.reshape(len(images), width).astype(dtype, copy=False)
        return rows if divisor is None else rows / divisor

    return evaluate


def _lower(builder: Builder, pixels: Any, images: Value) -> Value:
    return builder.step("flatten", images, dtype=pixels.dtype, divisor=float(pixels.largest_) if pixels.unit else 1.0)


def _lower_unchanged(builder: Builder, denoiser: Any, images: Value) -> Value:
    return builder.step("flatten", images, dtype="float64", divisor=1.0)


OPERATION = Operation(
    name="flatten",
    summary="images to rows of pixel values, divided by the largest",
    inputs=(Pixels | Images,),
    parameters={
        "dtype": {"enum": ["uint8", "float32", "float64"]},
        "divisor": {"type": "number", "minimum": 1, "maximum": 255},
    },
    result=_result,
    bind=_bind,
    lower={
        "tenfold.data.kinds.image.preparation.FlattenPixels": _lower,
        "tenfold.models.denoising.filters.UnchangedImages": _lower_unchanged,
    },
)
