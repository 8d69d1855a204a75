"""Made rows of any number: a table of 30 numbers in two classes, and images of 28 x 28 bytes in ten."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.data.dataset import Dataset

__all__ = ["COLUMNS", "PIXELS", "dataset_of", "images", "saved_images"]

COLUMNS, PIXELS = 30, 784
_CLASSES, _BLOCK = 10, 50_000


def dataset_of(kind: str, rows: int) -> Dataset:
    """
    Make a data set of this kind, ``table`` or ``image``, and size; always the same.

    Examples
    --------
    >>> data = dataset_of("table", 100)
    >>> len(data), len(data.feature_names), sorted(set(data.y))
    (100, 30, ['0', '1'])
    """
    if kind == "image":
        X, codes = images(rows)
        return Dataset("images", "image", X, codes.astype(str).astype(object), source="made")
    rng = np.random.default_rng(0)
    codes = np.arange(rows) % 2
    values = rng.normal(size=(rows, COLUMNS))
    values[:, :5] += 0.5 * codes[:, None]
    frame = pd.DataFrame(values, columns=[f"c{i}" for i in range(COLUMNS)])
    return Dataset("table", "table", frame, codes.astype(str).astype(object), source="made")


def images(rows: int, seed: int = 1) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """
    Make images, shape (rows, 28, 28), and their class codes: ten pictures of their own, under as much noise.

    Examples
    --------
    >>> X, codes = images(20)
    >>> X.shape, X.dtype, codes[:3].tolist()
    ((20, 28, 28), dtype('uint8'), [0, 1, 2])
    """
    pictures = np.random.default_rng(0).integers(0, 128, (_CLASSES, PIXELS), dtype=np.uint8)
    codes = np.arange(rows) % _CLASSES
    X = np.random.default_rng(seed).integers(0, 128, (rows, PIXELS), dtype=np.uint8)
    for first in range(0, rows, _BLOCK):
        X[first : first + _BLOCK] += pictures[codes[first : first + _BLOCK]]
    return X.reshape(rows, 28, 28), codes


def saved_images(folder: Path, rows: int, files: int) -> list[Path]:
    """Write images into so many .npz files, never holding more than one file's; give their paths."""
    paths = [folder / f"{number}.npz" for number in range(files)]
    for number, path in enumerate(paths):
        X, codes = images(rows // files, seed=10 + number)
        np.savez(path, X=X, y=codes)
    return paths
