"""Images and labels in pairs of IDX files, alone or as the train and test part of a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tenfold.data.dataset import Dataset
from tenfold.data.sources.arrays import labels_as_text
from tenfold.data.sources.files import reading, stem
from tenfold.data.sources.images.idx import IDX_IMAGES, IDX_LABELS, read_idx
from tenfold.errors import DataError
from tenfold.text import shown

__all__ = ["Split", "find_images", "load_idx_file", "load_idx_folder", "read_split"]

_TRAIN, _TEST = ("train",), ("t10k", "test")


@dataclass(frozen=True)
class Split:
    """The images (n, height, width), labels (n,) of uint8 and test mask (n,) of a train and a test pair."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    official_test: NDArray[np.bool_]


def find_images(folder: Path) -> list[Path]:
    """Return the IDX files of images in a folder, by name; a plain file takes precedence over its gzip."""
    with reading(folder):
        names = sorted(p for p in folder.iterdir() if _names_idx_images(p))
    return [p for p in names if p.suffix != ".gz" or p.with_suffix("") not in names]


def _names_idx_images(path: Path) -> bool:
    name = path.name.lower()
    return "images" in name and ("ubyte" in name or "idx" in name) and not name.startswith(".")


def load_idx_folder(folder: Path) -> Dataset:
    """
    Load a folder with one pair of IDX files, or a train and a test pair, which are the official split.

    Raises
    ------
    DataError
        More pairs, or a pair whose counts differ.
    """
    image_files = find_images(folder)
    if len(image_files) == 1:
        return load_idx_file(image_files[0], name=folder.name)
    split = read_split(folder)
    if split is None:
        names = ", ".join(shown(p.name, 40) for p in image_files[:5])
        raise DataError(f"no single train and test pair among {names}", where=folder, do="give one file of images")
    y = labels_as_text(split.labels)
    return Dataset(folder.name, "image", split.images, y, source=str(folder), official_test=split.official_test)


def read_split(folder: Path) -> Split | None:
    """Read the train pair and the test pair of a folder; None where there are not exactly these two."""
    image_files = find_images(folder) if folder.is_dir() else []
    train = [p for p in image_files if p.name.lower().startswith(_TRAIN)]
    test = [p for p in image_files if p.name.lower().startswith(_TEST)]
    if not len(train) == len(test) == 1:
        return None
    (images, labels), (test_images, test_labels) = _read_pair(train[0]), _read_pair(test[0])
    if images.shape[1:] != test_images.shape[1:]:
        sizes = f"{images.shape[1:]} and {test_images.shape[1:]}"
        raise DataError(f"train and test images differ in size: {sizes}", where=folder, do="check the files")
    mask = np.arange(len(images) + len(test_images)) >= len(images)
    return Split(np.concatenate([images, test_images]), np.concatenate([labels, test_labels]), mask)


def load_idx_file(path: Path, *, labelled: bool = True, name: str | None = None) -> Dataset:
    """
    Load one IDX file of images with the labels beside it; without labels where `labelled` is false.

    Raises
    ------
    DataError
        No labels beside it, or a different number of them.
    """
    name = name or stem(path)
    if not labelled:
        return Dataset(name, "image", read_idx(path, IDX_IMAGES), None, source=str(path))
    images, labels = _read_pair(path)
    return Dataset(name, "image", images, labels_as_text(labels), source=str(path))


def _read_pair(images_path: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    labels_path = _labels_beside(images_path)
    images, labels = read_idx(images_path, IDX_IMAGES), read_idx(labels_path, IDX_LABELS)
    if len(images) != len(labels):
        raise DataError(
            f"{len(images):,} images, but {len(labels):,} labels in {shown(labels_path.name)}",
            where=images_path,
            do="give two files of one set",
        )
    return images, labels


def _labels_beside(images: Path) -> Path:
    plain = images.name.removesuffix(".gz").replace("images", "labels").replace("idx3", "idx1")
    for name in (plain, f"{plain}.gz"):
        if name != images.name and (images.parent / name).exists():
            return images.parent / name
    raise DataError(f"no file of labels beside it ({shown(plain)}[.gz])", where=images, do="put it in the same folder")
