"""A denoiser as a program of arrays, with everything that its predictions depend on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.errors import DataError, ModelError
from tenfold.models.denoising.grey_levels import whole_levels
from tenfold.models.threads import in_one_thread, limited_to
from tenfold.program.gaps import NotFiniteError
from tenfold.program.program import Program

__all__ = ["SavedDenoiser", "lower_denoiser"]

_DOUBLE, _SINGLE = 1e-12, 1e-5
"""How far grey levels may lie apart before they are rounded, relative to white: in double precision, and in single."""


@dataclass(frozen=True, eq=False)
class SavedDenoiser:
    """
    A fitted denoiser with everything that its predictions depend on.

    Parameters
    ----------
    candidate : str
    program : Program
        From images to grey levels, not rounded.
    shape : tuple of int
        Height and width in pixels (and 3 for colour) of its images.
    peak : int
        Grey level of white.
    noise : str
        What it was trained to take away.
    provenance : mapping
        Where it came from; plain values for JSON.
    """

    candidate: str
    program: Program
    shape: tuple[int, ...]
    peak: int
    noise: str
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def restore(self, noisy: NDArray[np.int16]) -> NDArray[np.uint8]:
        """
        Predict clean images.

        Parameters
        ----------
        noisy : ndarray of int16, shape (n, *shape)
            On the scale of the images it was trained on, 0 to `peak` before the noise.

        Returns
        -------
        ndarray of uint8, of the same shape

        Raises
        ------
        DataError
            Images of another type or shape.
        ModelError
            A grey level is no number: the weights of the model are too large.
        """
        if noisy.dtype != np.int16 or noisy.shape[1:] != self.shape:
            raise DataError(f"images of {noisy.dtype} and shape {noisy.shape[1:]}, where int16 {self.shape} is needed")
        out = np.empty(noisy.shape, np.uint8)
        size = self.program.rows_at_once
        with in_one_thread():  # sums are added in one order, whatever the cores
            for begin in range(0, len(noisy), size):
                block = slice(begin, begin + size)
                out[block] = whole_levels(self._levels(noisy[block]), self.peak).reshape(out[block].shape)
        return out

    def _levels(self, noisy: NDArray[np.int16]) -> NDArray[np.float64]:
        try:
            levels: NDArray[np.float64] = self.program.run(noisy)["predicted"]
        except NotFiniteError as fault:
            raise ModelError("it gives a grey level that is no number") from fault
        return levels


def lower_denoiser(
    candidate: str,
    fitted: Any,
    noisy: NDArray[np.int16],
    *,
    peak: int,
    noise: str,
    provenance: Mapping[str, Any] | None = None,
) -> SavedDenoiser:
    """
    Return a fitted denoiser as a program, once that has been proven to restore some images as the estimator does.

    Grey levels are equal to 1e-12 of white, in single precision to 1e-5; rounded, pixels are equal in the former case,
    and in the latter at most one grey level apart.

    Parameters
    ----------
    candidate : str
    fitted : estimator of `tenfold.models.denoising`
    noisy : ndarray of int16, shape (n, height, width[, 3])
        Images of the proof.
    peak : int
        Grey level of white.
    noise : str
    provenance : mapping, optional

    Raises
    ------
    NotLoweredError
        There is no program of such an estimator.
    ModelError
        The program restores otherwise than the estimator.
    """
    # Only here: whoever restores images need not load what makes programs.
    from tenfold.program.lowering import lower_images
    from tenfold.program.values import Images

    shape = tuple(noisy.shape[1:])
    program = lower_images(fitted, Images(shape))
    saved = SavedDenoiser(candidate, program, shape, peak, noise, dict(provenance or {}))
    with limited_to(1):
        levels = np.asarray(fitted.predict(noisy)).reshape(len(noisy), -1)
        _refuse_difference(levels, program.run(noisy)["predicted"], peak, single=program.single)
    return saved


def _refuse_difference(before: NDArray[np.float64], after: NDArray[np.float64], peak: int, *, single: bool) -> None:
    if before.shape != after.shape:
        raise ModelError("its program restores images of another size than the estimator that it was made of")
    scale = max(float(peak), float(np.abs(before).max(initial=0)))
    apart = np.abs(before - after) / scale
    steps = np.abs(whole_levels(before, peak).astype(np.int16) - whole_levels(after, peak))
    # written so that a level that is no number is refused too
    odd = ~(apart <= (_SINGLE if single else _DOUBLE)) | (steps > int(single))
    if odd.any():
        image = int(np.argmax(odd.any(axis=1))) + 1
        raise ModelError(
            f"its program restores image {image} otherwise than the estimator that it was made of: by "
            f"{apart.max():.1e} of white"
        )
