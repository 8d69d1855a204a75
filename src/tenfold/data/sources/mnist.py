"""MNIST and Fashion-MNIST: from local files, else our cache, else OpenML, always checked."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tenfold.errors import DataError, LimitError

if TYPE_CHECKING:
    from tenfold.data.dataset import Dataset

__all__ = ["FASHION_MNIST", "MNIST", "ImageSet", "find_local", "load_image_set"]

DATA_VARIABLE = "TENFOLD_DATA"
_TRAIN, _ALL = 60_000, 70_000


@dataclass(frozen=True)
class ImageSet:
    """A published set of 60,000 + 10,000 images: its name, folders it is kept in, name at OpenML, checksum if known."""

    name: str
    folders: tuple[str, ...]
    openml_name: str
    sha256: str | None
    """SHA-256 (hex) of all pixels, train then test, followed by all labels, one byte each."""


MNIST = ImageSet(
    "mnist",
    ("mnist",),
    "mnist_784",
    "c2069063c1105f2bf96266aef1ff68c6e13bdda7a54e37bf19c16f1db24efc83",
)
FASHION_MNIST = ImageSet("fashion_mnist", ("fashion_mnist", "fashion"), "Fashion-MNIST", None)

Arrays = tuple[NDArray[np.uint8], NDArray[np.uint8]]


def load_image_set(wanted: ImageSet, data_dir: Path | None = None) -> Dataset:
    """
    Load MNIST or Fashion-MNIST in its original order: 60,000 train, then 10,000 test images.

    Parameters
    ----------
    wanted : ImageSet
    data_dir : Path, optional
        The one place to look, instead of ``$TENFOLD_DATA``, the cache and OpenML.

    Raises
    ------
    DataError
        Found nowhere (it says where it looked), or not what it should be.
    """
    from tenfold.data.dataset import Dataset
    from tenfold.data.sources.arrays import labels_as_text

    images, labels, source, notes = _fetch(wanted, data_dir)
    return Dataset(
        wanted.name,
        "image",
        images,
        labels_as_text(labels),
        source=source,
        official_test=np.arange(len(images)) >= _TRAIN,
        notes=notes,
    )


def _fetch(
    wanted: ImageSet, data_dir: Path | None
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], str, tuple[str, ...]]:
    place = find_local(wanted, data_dir)
    if place is not None:
        images, labels = _read_local(place)
        _refuse_other_counts(wanted, images, labels, place)
        return images, labels, str(place), _doubts(wanted, images, labels)
    if data_dir is not None:
        raise DataError(f"holds no files of {wanted.name}", where=data_dir, do="give the folder of its IDX files")
    images, labels = _from_cache(wanted) or _from_openml(wanted)
    return images, labels, f"openml.org {wanted.openml_name}", _doubts(wanted, images, labels)


def find_local(wanted: ImageSet, data_dir: Path | None = None) -> Path | None:
    """Give the folder of IDX files, or the .npz file, that holds a set on this machine; None if there is none."""
    from tenfold.data.sources.images.idx_folder import find_images

    for folder in _folders(wanted, data_dir):
        if folder.is_dir():
            names = [path.name.lower() for path in find_images(folder)]
            if any(n.startswith("train") for n in names) and any(n.startswith(("t10k", "test")) for n in names):
                return folder
            if (folder / f"{wanted.name}.npz").is_file():
                return folder / f"{wanted.name}.npz"
    return None


def _folders(wanted: ImageSet, data_dir: Path | None) -> list[Path]:
    """The folder itself counts for MNIST alone under its own name: both sets use the same file names."""
    root = data_dir or (Path(os.environ[DATA_VARIABLE]) if os.environ.get(DATA_VARIABLE) else None)
    if root is None:
        return []
    itself = [root] if wanted is MNIST or root.name in wanted.folders or data_dir is not None else []
    return [*(root / name for name in wanted.folders), *itself]


def _read_local(place: Path) -> Arrays:
    from tenfold.data.sources.images.idx_folder import read_split

    if place.suffix == ".npz":
        return _read_keras(place)
    split = read_split(place)
    if split is None:
        raise DataError("no single train and test pair of IDX files", where=place, do="remove the other files")
    return split.images, split.labels


def _read_keras(path: Path) -> Arrays:
    """Keras publishes MNIST as one archive of four arrays; our cache uses the same."""
    from tenfold.data.sources.npz import read_npz

    arrays = read_npz(path)
    try:
        images = np.concatenate([arrays["x_train"], arrays["x_test"]])
        labels = np.concatenate([arrays["y_train"], arrays["y_test"]])
    except (KeyError, ValueError) as fault:
        raise DataError("does not hold x_train, y_train, x_test, y_test", where=path, do="get it again") from fault
    return images.astype(np.uint8, copy=False), labels.astype(np.uint8, copy=False)


def _refuse_other_counts(wanted: ImageSet, images: NDArray[np.uint8], labels: NDArray[np.uint8], where: Path) -> None:
    if images.shape != (_ALL, 28, 28) or labels.shape != (_ALL,):
        raise DataError(
            f"images of shape {images.shape} and {len(labels):,} labels; {wanted.name} is 70,000 images of 28 x 28",
            where=where,
            do="give its path as the source to use these files as they are",
        )


def _doubts(wanted: ImageSet, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> tuple[str, ...]:
    if wanted.sha256 is None:
        return (f"{wanted.name}: checked by shape and class balance only, no published checksum is known here",)
    if _sha256(images, labels) != wanted.sha256:
        return (f"{wanted.name}: not the published images, order or labels (SHA-256 differs)",)
    return ()


def _sha256(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> str:
    digest = hashlib.sha256(np.ascontiguousarray(images).data)
    digest.update(np.ascontiguousarray(labels).data)
    return digest.hexdigest()


def _sound(wanted: ImageSet, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> bool:
    if images.shape != (_ALL, 28, 28) or labels.shape != (_ALL,):
        return False
    if wanted.sha256 is not None:
        return _sha256(images, labels) == wanted.sha256
    train, test = np.bincount(labels[:_TRAIN], minlength=10), np.bincount(labels[_TRAIN:], minlength=10)
    return bool((train == 6_000).all() and (test == 1_000).all())


def cache_folder() -> Path:
    """Where downloads are kept: the cache folder of this user."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("tenfold"))


def _from_cache(wanted: ImageSet) -> Arrays | None:
    """A damaged or altered copy counts as none: it is downloaded again."""
    path = cache_folder() / f"{wanted.name}.npz"
    if not path.is_file():
        return None
    try:
        images, labels = _read_keras(path)
    except (DataError, LimitError):
        return None
    return (images, labels) if _sound(wanted, images, labels) else None


def _from_openml(wanted: ImageSet) -> Arrays:
    from tenfold.data.sources import openml
    from tenfold.storage import make_folder, writing

    try:
        images, labels = openml.download(wanted.openml_name)
    except openml.NETWORK_FAULTS as fault:
        raise _nowhere(wanted, fault) from fault
    if not _sound(wanted, images, labels):
        raise DataError(
            f"the download is not {wanted.name}: its checksum or class counts differ",
            where=f"openml.org {wanted.openml_name}",
            do="try again later, or give --data-dir with the original files",
        )
    with writing(make_folder(cache_folder()) / f"{wanted.name}.npz") as draft:
        _save(draft, images, labels)
    return images, labels


def _save(path: Path, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> None:
    np.savez(path, x_train=images[:_TRAIN], y_train=labels[:_TRAIN], x_test=images[_TRAIN:], y_test=labels[_TRAIN:])


def _nowhere(wanted: ImageSet, fault: Exception) -> DataError:
    kept = os.environ.get(DATA_VARIABLE)
    tried = f"${DATA_VARIABLE} ({kept})" if kept else f"${DATA_VARIABLE} (not set)"
    return DataError(
        f"not in {tried}, not in the cache {cache_folder()}, and openml.org cannot be reached ({type(fault).__name__})",
        where=wanted.name,
        do=f"give --data-dir or set {DATA_VARIABLE} to the folder of its four IDX files",
    )
