"""
A denoiser as files: ``manifest.json``, and one zip of plain arrays by the codec ``arrays``.

The description that the codec needs follows from the candidate's name and the shape of the images. Beside the arrays of
the model the zip holds a few golden images with what it made of them when it was saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from tenfold.data.kinds.rows import spread_rows
from tenfold.errors import ModelError
from tenfold.models.threads import limited_to
from tenfold.program.archive import open_archive
from tenfold.program.refusal import demand
from tenfold.record.bundle.codecs.arrays import ARRAYS, check_description, describe, pack_arrays, stored_arrays
from tenfold.record.bundle.codecs.codec import Tolerance
from tenfold.record.bundle.codecs.forms import form_of
from tenfold.record.bundle.golden import GOLDEN_ROWS
from tenfold.record.bundle.manifest import DENOISER, LIBRARIES, Member, find_model
from tenfold.record.bundle.store import Contents, File, Verification, load_checked, save_model, verify_model
from tenfold.storage import storage_faults
from tenfold.tasks.images.candidates import restored_images
from tenfold.tasks.images.catalogue import CATALOGUE, Denoiser, entry_of

__all__ = [
    "FORMAT",
    "DenoiserFormat",
    "SavedDenoiser",
    "load_denoiser",
    "save_denoiser",
    "verify_denoiser",
]

_NOISY, _RESTORED = "golden_noisy", "golden_restored"


@dataclass(frozen=True, eq=False)
class SavedDenoiser:
    """
    A fitted denoiser with everything that its predictions depend on.

    Parameters
    ----------
    candidate : str
    model : Denoiser
        Fitted: the estimator of the catalogue, or a pipeline of it alone.
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
    model: Denoiser
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
        """
        with limited_to(1):  # sums are added in one order, whatever the cores
            images = restored_images(self.candidate, self.model, noisy, self.peak)
        return np.clip(images, 0, self.peak).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class GoldenImages:
    """Noisy images, int16, and what the denoiser predicted for them when it was saved, uint8."""

    noisy: NDArray[np.int16]
    restored: NDArray[np.uint8]


class DenoiserFormat:
    """The format ``tenfold-denoiser``; see `ModelFormat`. What `read` returns is a manifest's content, checked."""

    name = DENOISER
    keys = frozenset({"candidate", "shape", "peak", "noise"})
    libraries = LIBRARIES
    roles: Mapping[str, tuple[str, ...]] = {"arrays": (ARRAYS.ending,)}

    def encode(self, model: SavedDenoiser, golden: NDArray[np.int16]) -> tuple[dict[str, Any], dict[str, File]]:
        """Return the entries of the manifest, and the one file."""
        estimator = _estimator(model.model)
        description, arrays = describe(estimator)
        if description != _description(model.candidate, model.shape):
            raise ModelError(f"this model is not the '{model.candidate}' of the catalogue, as which it would be saved")
        entries = {
            "candidate": model.candidate,
            "shape": list(model.shape),
            "peak": model.peak,
            "noise": model.noise,
            "provenance": dict(model.provenance),
        }
        content = pack_arrays({**arrays, _NOISY: golden, _RESTORED: model.restore(golden)})
        return entries, {"arrays": File(ARRAYS.ending, content)}

    def read(self, content: Mapping[str, Any]) -> Mapping[str, Any]:
        """Refuse entries that are none of a denoiser's; their shape is compared with the golden images."""
        candidate = content["candidate"]
        known = isinstance(candidate, str) and candidate in CATALOGUE
        demand(known, "it is a denoiser that this Tenfold does not know")
        demand(type(content["peak"]) is int and 0 < content["peak"] < 256, "its white is no grey level")
        demand(isinstance(content["noise"], str), "its noise is no text")
        return content

    def check(
        self, entries: Mapping[str, Any], members: Mapping[str, Member], files: Mapping[str, BinaryIO]
    ) -> Contents:
        """Judge the zip, the golden images in it, and the arrays of the model."""
        with open_archive(files["arrays"]) as archive:
            arrays = stored_arrays(archive)
            demand({_NOISY, _RESTORED} <= set(arrays), "it has no golden images")
            headers = [arrays[name].header for name in (_NOISY, _RESTORED)]
            noisy, restored = ((one.dtype.name, one.shape) for one in headers)
            shape = tuple(entries["shape"])
            count = noisy[1][0] if noisy[1] else 0
            fit = noisy == ("int16", (count, *shape)) and restored == ("uint8", (count, *shape))
            demand(fit and all(one.dtype.isnative for one in headers), "its golden images do not fit")
            demand(0 < count <= GOLDEN_ROWS, "its golden images are too many or too few")
            golden = GoldenImages(*(arrays.pop(name).read() for name in (_NOISY, _RESTORED)))
            content = check_description(_description(entries["candidate"], shape), arrays)
        return Contents(content, ARRAYS, golden)

    def build(self, entries: Mapping[str, Any], contents: Contents) -> SavedDenoiser:
        """Build the estimator, and with it the denoiser."""
        return SavedDenoiser(
            entries["candidate"],
            contents.codec.build(contents.model),
            tuple(entries["shape"]),
            entries["peak"],
            entries["noise"],
            entries["provenance"],
        )

    def compare(self, model: SavedDenoiser, contents: Contents) -> bool:
        """Refuse a denoiser that predicts other golden images than it did."""
        golden, tolerance = contents.golden, contents.tolerance
        restored = model.restore(golden.noisy)
        return _same_images(golden.restored, restored, tolerance)

    def summary(self, contents: Contents, *, bit_equal: bool) -> tuple[str, str]:
        """Return the words of a verification."""
        return "candidate, shape", f"same images, {'bit for bit' if bit_equal else 'within one grey level'}"


FORMAT = DenoiserFormat()


def _estimator(model: Denoiser) -> Any:
    """The estimator of a pipeline of it alone: the format knows no preparation."""
    return model.steps[-1][1] if isinstance(model, Pipeline) and len(model.steps) == 1 else model


def _description(candidate: str, shape: tuple[int, ...]) -> dict[str, Any]:
    """What the codec would describe a fitted denoiser of the catalogue as."""
    estimator: Any = entry_of(candidate).estimator()
    return {
        "form": form_of(estimator).name,
        "parameters": estimator.get_params(deep=False),
        "values": {"image_shape": list(shape)},
    }


def _same_images(then: NDArray[np.uint8], now: NDArray[np.uint8], tolerance: Tolerance) -> bool:
    """Sums in another order, on another processor, may round a value to the neighbouring grey level."""
    apart = int(np.abs(now.astype(np.int16) - then).max(initial=0))
    demand(apart <= tolerance.steps, f"it restores a golden image otherwise than it did (by {apart} grey levels)")
    return apart == 0


def save_denoiser(saved: SavedDenoiser, folder: Path, golden: NDArray[np.int16]) -> None:
    """
    Write a denoiser into a folder, whole or not at all; an older one there is replaced.

    Parameters
    ----------
    saved : SavedDenoiser
    folder : Path
        Such as ``runs/x/model``; made if missing.
    golden : ndarray of int16, shape (n, *shape)
        Noisy images of which a few are kept with what becomes of them.

    Raises
    ------
    ModelError
        The model is not the one of the catalogue that its name says.
    """
    rows = spread_rows(len(golden), GOLDEN_ROWS)
    save_model(saved, folder, FORMAT, golden[rows])


def load_denoiser(path: Path) -> SavedDenoiser:
    """
    Load a denoiser from a run folder or its model folder, or refuse it; no code in it is ever executed.

    Every load compares the SHA-256 of both files, and predicts the golden images again; those of a denoiser that was
    not written here, and not loaded here before, in a child process first, which takes two seconds.

    Raises
    ------
    ModelError
        It is no denoiser, was changed, or restores otherwise than when it was written.
    """
    saved: SavedDenoiser = load_checked(_folder(path), FORMAT).model
    return saved


def verify_denoiser(path: Path) -> Verification:
    """Check a stored denoiser as `load_denoiser` does, always in a process of its own first."""
    return verify_model(_folder(path), FORMAT)


def _folder(path: Path) -> Path:
    with storage_faults(path):
        folder = find_model(path, DENOISER)
    if folder is None:
        do = "give the run folder of a tenfold denoise, or its model folder"
        raise ModelError("there is no denoiser here", where=path, do=do)
    return folder
