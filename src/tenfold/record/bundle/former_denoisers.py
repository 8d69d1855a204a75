"""
Denoisers as they were saved before: one zip of the arrays of an estimator and of the golden images, read as a program.

Each estimator had arrays of its own names, which become the steps that it is lowered to today.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from tenfold.program.archive import Header, check_header, open_archive, read_array
from tenfold.program.limits import OBJECTS
from tenfold.program.program import program_of
from tenfold.program.refusal import demand
from tenfold.program.step import INPUT, Outputs, Step
from tenfold.program.values import Images, Matrix, check_type
from tenfold.record.bundle.codecs.codec import Content
from tenfold.record.bundle.codecs.program import PROGRAM
from tenfold.record.bundle.denoiser_format import GOLDEN, DenoiserFormat, check_golden
from tenfold.record.bundle.golden import GOLDEN_ROWS
from tenfold.record.bundle.manifest import LIBRARIES, Member
from tenfold.record.bundle.store import Contents, File

__all__ = ["FORMAT", "FormerDenoiserFormat"]

Arrays = Mapping[str, NDArray[Any]]
_NEIGHBOURS = 5


def _step(operation: str, source: str, arrays: Arrays | None = None, **parameters: Any) -> Step:
    return Step(operation, operation, (source,), parameters, dict(arrays or {}))


def _unchanged(arrays: Arrays, width: int) -> list[Step]:
    return [_step("flatten", INPUT, dtype="float64", divisor=1.0)]


def _median(arrays: Arrays, width: int) -> list[Step]:
    brighter = arrays["brighter"]
    demand(brighter.shape == (1,) and brighter.dtype == np.float64, "its brightness is no number")
    return [
        _step("median_filter", INPUT),
        _step("flatten", "median_filter", dtype="float64", divisor=1.0),
        _step("standardise", "flatten", {"mean": np.full(width, brighter[0])}),
    ]


def _ridge(arrays: Arrays, width: int) -> list[Step]:
    return [
        _step("flatten", INPUT, dtype="float32", divisor=1.0),
        _step("linear", "flatten", arrays),
        _step("cast", "linear", dtype="float64"),
    ]


def _neighbours(statistic: str) -> Callable[[Arrays, int], list[Step]]:
    def steps(arrays: Arrays, width: int) -> list[Step]:
        count = max(1, min(_NEIGHBOURS, len(arrays["clean"])))
        return [_step("nearest_images", INPUT, arrays, count=count, statistic=statistic)]

    return steps


_OF_NEIGHBOURS = ("added", "clean")
_CANDIDATES: Mapping[str, tuple[tuple[str, ...], Callable[[Arrays, int], list[Step]]]] = {
    "baseline": ((), _unchanged),
    "median": (("brighter",), _median),
    "ridge": (("offset", "weights"), _ridge),
    "knn": (_OF_NEIGHBOURS, _neighbours("vote")),
    "knn:mean": (_OF_NEIGHBOURS, _neighbours("mean")),
    "knn:median": (_OF_NEIGHBOURS, _neighbours("median")),
}
"""Candidate -> names of its arrays in order, and the steps made of them."""


class FormerDenoiserFormat(DenoiserFormat):
    """The format ``tenfold-denoiser`` of one file; it is read, and written no more."""

    libraries = LIBRARIES
    roles: Mapping[str, tuple[str, ...]] = {"arrays": ("npz",)}

    def encode(self, model: Any, golden: Any) -> tuple[dict[str, Any], dict[str, File]]:
        """Raise `NotImplementedError`: denoisers are written as programs."""
        raise NotImplementedError

    def check(
        self, entries: Mapping[str, Any], members: Mapping[str, Member], files: Mapping[str, BinaryIO]
    ) -> Contents:
        """Judge the zip, the golden images in it and the arrays of the model, and make steps of them."""
        shape, candidate = tuple(entries["shape"]), entries["candidate"]
        demand(candidate in _CANDIDATES, "it is a denoiser that this Tenfold does not know")
        names, steps_of = _CANDIDATES[candidate]
        channels = len(shape) == 2 or (len(shape) == 3 and shape[2] == 3)
        demand(channels and all(side > 0 for side in shape), "its images have an odd shape")
        check_type(Matrix("float64", math.prod(shape)))
        with open_archive(files["arrays"], OBJECTS) as archive:
            claimed = sorted(f"{name}.npy" for name in (*names, *GOLDEN))
            demand(sorted(archive.namelist()) == claimed, "its arrays are not those of its denoiser")
            headers = {name: check_header(archive, f"{name}.npy") for name in (*names, *GOLDEN)}
            for name, header in headers.items():
                _check_header(name, header)
            noisy, restored = (read_array(archive, f"{name}.npy") for name in GOLDEN)
            arrays = {name: np.ascontiguousarray(read_array(archive, f"{name}.npy")) for name in names}
        steps = steps_of(arrays, math.prod(shape))
        program = program_of(Images(shape), steps, Outputs(steps[-1].name))
        content = Content(program.operations, len(names), program, harmless=True)
        return Contents(content, PROGRAM, check_golden(noisy, restored, shape))


def _check_header(name: str, header: Header) -> None:
    """Refuse golden images by their number before any is read."""
    demand(header.dtype.isnative and header.dtype.names is None, f"array {name} is of an odd type")
    demand(bool(header.shape), f"array {name} has no rows")
    few = name not in GOLDEN or 0 < header.shape[0] <= GOLDEN_ROWS
    demand(few, "its golden images are too many or too few")


FORMAT = FormerDenoiserFormat()
