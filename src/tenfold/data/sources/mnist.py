"""MNIST and Fashion-MNIST: from local files, else our cache, else OpenML, always checked."""

from __future__ import annotations

import hashlib
import http.client
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.errors import DataError, LimitError
from tenfold.output import echo

if TYPE_CHECKING:
    from tenfold.data.dataset import Dataset

__all__ = ["FASHION_MNIST", "MNIST", "ImageSet", "find_local", "load_image_set"]

DATA_VARIABLE = "TENFOLD_DATA"
_TRAIN, _ALL = 60_000, 70_000
_NETWORK_FAULTS = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class ImageSet:
    """A published set of 60,000 + 10,000 images: its name, usual folders, name at OpenML, and checksum if known."""

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


def load_image_set(image_set: ImageSet, data_dir: Path | None = None) -> Dataset:
    """
    Load MNIST or Fashion-MNIST in its original order: 60,000 train, then 10,000 test images.

    Parameters
    ----------
    wanted : ImageSet
    data_dir : Path, optional
        The only place to search, instead of ``$TENFOLD_DATA``, the cache and OpenML.

    Raises
    ------
    DataError
        Not found (the message names the places), or other data than expected.
    """
    from tenfold.data.dataset import Dataset
    from tenfold.data.sources.arrays import labels_as_text

    images, labels, source, notes = _fetch(image_set, data_dir)
    return Dataset(
        image_set.name,
        "image",
        images,
        labels_as_text(labels),
        source=source,
        official_test=np.arange(len(images)) >= _TRAIN,
        notes=notes,
    )


def _fetch(
    image_set: ImageSet, data_dir: Path | None
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], str, tuple[str, ...]]:
    place = find_local(image_set, data_dir)
    if place is not None:
        images, labels = _read_local(place)
        _refuse_other_counts(image_set, images, labels, place)
        return images, labels, str(place), _doubts(image_set, images, labels)
    if data_dir is not None:
        raise DataError(f"holds no files of {image_set.name}", where=data_dir, do="give the folder of its IDX files")
    images, labels = _from_cache(image_set) or _from_openml(image_set)
    return images, labels, f"openml.org {image_set.openml_name}", _doubts(image_set, images, labels)


def find_local(image_set: ImageSet, data_dir: Path | None = None) -> Path | None:
    """Return the folder of IDX files, or the .npz file, of a set on this machine; None if there is none."""
    from tenfold.data.sources.images.idx_folder import find_images

    for folder in _folders(image_set, data_dir):
        if folder.is_dir():
            names = [path.name.lower() for path in find_images(folder)]
            if any(n.startswith("train") for n in names) and any(n.startswith(("t10k", "test")) for n in names):
                return folder
            if (folder / f"{image_set.name}.npz").is_file():
                return folder / f"{image_set.name}.npz"
    return None


def _folders(image_set: ImageSet, data_dir: Path | None) -> list[Path]:
    """Return the folders to search; the root itself only for MNIST or by its name, as both sets use the same files."""
    root = data_dir or (Path(os.environ[DATA_VARIABLE]) if os.environ.get(DATA_VARIABLE) else None)
    if root is None:
        return []
    itself = [root] if image_set is MNIST or root.name in image_set.folders or data_dir is not None else []
    return [*(root / name for name in image_set.folders), *itself]


def _read_local(place: Path) -> Arrays:
    from tenfold.data.sources.images.idx_folder import read_split

    if place.suffix == ".npz":
        return _read_keras(place)
    split = read_split(place)
    if split is None:
        raise DataError("no single train and test pair of IDX files", where=place, do="remove the other files")
    return split.images, split.labels


def _read_keras(path: Path) -> Arrays:
    """Read the four arrays of Keras' archive, which is the format of our cache too."""
    from tenfold.data.sources.npz import read_npz

    arrays = read_npz(path)
    try:
        images = np.concatenate([arrays["x_train"], arrays["x_test"]])
        labels = np.concatenate([arrays["y_train"], arrays["y_test"]])
    except (KeyError, ValueError) as fault:
        raise DataError("does not hold x_train, y_train, x_test, y_test", where=path, do="get it again") from fault
    return images.astype(np.uint8, copy=False), labels.astype(np.uint8, copy=False)


def _refuse_other_counts(
    image_set: ImageSet, images: NDArray[np.uint8], labels: NDArray[np.uint8], where: Path
) -> None:
    if images.shape != (_ALL, 28, 28) or labels.shape != (_ALL,):
        raise DataError(
            f"images of shape {images.shape} and {len(labels):,} labels; {image_set.name} is 70,000 images of 28 x 28",
            where=where,
            do="give its path as the source to use these files as they are",
        )


def _doubts(image_set: ImageSet, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> tuple[str, ...]:
    if image_set.sha256 is None:
        return (f"{image_set.name}: checked by shape and class balance only, no published checksum is known here",)
    if _sha256(images, labels) != image_set.sha256:
        return (f"{image_set.name}: not the published images, order or labels (SHA-256 differs)",)
    return ()


def _sha256(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> str:
    digest = hashlib.sha256(np.ascontiguousarray(images).data)
    digest.update(np.ascontiguousarray(labels).data)
    return digest.hexdigest()


def _sound(image_set: ImageSet, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> bool:
    if images.shape != (_ALL, 28, 28) or labels.shape != (_ALL,):
        return False
    if image_set.sha256 is not None:
        return _sha256(images, labels) == image_set.sha256
    train, test = np.bincount(labels[:_TRAIN], minlength=10), np.bincount(labels[_TRAIN:], minlength=10)
    return bool((train == 6_000).all() and (test == 1_000).all())


def cache_folder() -> Path:
    """Return the user's cache folder, for downloads."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("tenfold"))


def _from_cache(image_set: ImageSet) -> Arrays | None:
    """Return the cached set; None where there is none, or it is damaged or altered."""
    path = cache_folder() / f"{image_set.name}.npz"
    if not path.is_file():
        return None
    try:
        images, labels = _read_keras(path)
    except (DataError, LimitError):
        return None
    return (images, labels) if _sound(image_set, images, labels) else None


def _from_openml(image_set: ImageSet) -> Arrays:
    from tenfold.storage import make_folder, writing

    try:
        images, labels = _download(image_set.openml_name)
    except _NETWORK_FAULTS as fault:
        raise _nowhere(image_set, fault) from fault
    if not _sound(image_set, images, labels):
        raise DataError(
            f"the download is not {image_set.name}: its checksum or class counts differ",
            where=f"openml.org {image_set.openml_name}",
            do="try again later, or give --data-dir with the original files",
        )
    with writing(make_folder(cache_folder()) / f"{image_set.name}.npz") as draft:
        _save(draft, images, labels)
    return images, labels


def _download(openml_name: str) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """
    Download version 1 of a set of 28 x 28 images, with a line on the error stream.

    Parameters
    ----------
    openml_name : str
        Name at openml.org: ``mnist_784`` or ``Fashion-MNIST``.

    Returns
    -------
    images : ndarray of uint8, shape (n, 28, 28)
    labels : ndarray of uint8, shape (n,)

    Raises
    ------
    DataError
        Other data than such images.
    OSError, http.client.HTTPException
        No network, or the server failed.
    """
    from sklearn import datasets

    echo(f"downloading {openml_name} from openml.org, once", err=True)
    # Not scikit-learn's own cache: ours is verified and written whole.
    bunch = datasets.fetch_openml(openml_name, version=1, as_frame=False, parser="pandas", cache=False, n_retries=1)
    return _images_of(bunch.data, openml_name), _labels_of(bunch.target, openml_name)


def _images_of(data: Any, name: str) -> NDArray[np.uint8]:
    pixels = np.asarray(data)
    bytes_ = pixels.astype(np.uint8) if np.issubdtype(pixels.dtype, np.number) else np.empty(0, np.uint8)
    if pixels.ndim != 2 or pixels.shape[1] != 784 or bytes_.shape != pixels.shape or (bytes_ != pixels).any():
        raise DataError(f"what came is no table of 784 pixels (shape {pixels.shape})", where=f"openml.org {name}")
    return bytes_.reshape(-1, 28, 28)


def _labels_of(target: Any, name: str) -> NDArray[np.uint8]:
    try:
        return np.asarray(target).astype(np.int64).astype(np.uint8)
    except (TypeError, ValueError):
        raise DataError("what came has labels that are no digits", where=f"openml.org {name}") from None


def _save(path: Path, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> None:
    np.savez(path, x_train=images[:_TRAIN], y_train=labels[:_TRAIN], x_test=images[_TRAIN:], y_test=labels[_TRAIN:])


def _nowhere(image_set: ImageSet, fault: Exception) -> DataError:
    data_folder = os.environ.get(DATA_VARIABLE)
    place = f"${DATA_VARIABLE} ({data_folder})" if data_folder else f"${DATA_VARIABLE} (not set)"
    return DataError(
        f"not in {place}, not in the cache {cache_folder()}, and openml.org cannot be reached ({type(fault).__name__})",
        where=image_set.name,
        do=f"give --data-dir or set {DATA_VARIABLE} to the folder of its four IDX files",
    )
