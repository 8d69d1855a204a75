"""Denoisers written into a folder, read from it and verified; one of before is read as the program that it would be."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.kinds.rows import spread_rows
from tenfold.errors import ModelError
from tenfold.record.bundle.denoiser import SavedDenoiser
from tenfold.record.bundle.denoiser_format import FORMAT
from tenfold.record.bundle.golden import GOLDEN_ROWS
from tenfold.record.bundle.manifest import DENOISER, find_model, has_one_member
from tenfold.record.bundle.store import LoadedModel, ModelFormat, Verification, load_checked, save_model, verify_model
from tenfold.storage import storage_faults

__all__ = ["find_denoiser", "load_denoiser", "load_denoiser_whole", "save_denoiser", "verify_denoiser"]


def save_denoiser(
    saved: SavedDenoiser, folder: Path, golden: NDArray[np.int16], history: Mapping[str, Any] | None = None
) -> None:
    """
    Write a denoiser into a folder, whole or not at all; an older one there is replaced.

    Parameters
    ----------
    saved : SavedDenoiser
    folder : Path
        Such as ``runs/x/model``; made if missing.
    golden : ndarray of int16, shape (n, *shape)
        Noisy images of which a few are kept with what becomes of them.
    history : mapping of str to object, optional
        Entries of the manifest that are those of an earlier form of the model.
    """
    rows = spread_rows(len(golden), GOLDEN_ROWS)
    save_model(saved, folder, FORMAT, golden[rows], history)


def load_denoiser(path: Path) -> SavedDenoiser:
    """
    Load a denoiser from a run folder or its model folder, or refuse it; no code in it is ever executed.

    Every load compares the SHA-256 of each file, and predicts the golden images again.

    Raises
    ------
    ModelError
        It is no denoiser, was changed, or restores otherwise than when it was written.
    """
    saved: SavedDenoiser = load_denoiser_whole(path).model
    return saved


def load_denoiser_whole(path: Path) -> LoadedModel:
    """Load as `load_denoiser` does, with what its loading has shown."""
    folder = find_denoiser(path)
    return load_checked(folder, _format(folder))


def verify_denoiser(path: Path) -> Verification:
    """Check a stored denoiser as `load_denoiser` does, and say what was checked."""
    folder = find_denoiser(path)
    return verify_model(folder, _format(folder))


def _format(folder: Path) -> ModelFormat:
    with storage_faults(folder):
        if not has_one_member(folder):
            return FORMAT
    # Only here: files of before are rare.
    from tenfold.record.bundle.former_denoisers import FORMAT as FORMER

    return FORMER


def find_denoiser(path: Path) -> Path:
    """Return the model folder of a denoiser, given that or its run folder; raises `ModelError` where there is none."""
    with storage_faults(path):
        folder = find_model(path, DENOISER)
    if folder is None:
        do = "give the run folder of a tenfold denoise, or its model folder"
        raise ModelError("there is no denoiser here", where=path, do=do)
    return folder
