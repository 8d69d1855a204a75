"""NumPy's .npz archives, checked before any of their data is decompressed."""

from __future__ import annotations

import math
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from tenfold.data.dataset import Dataset
from tenfold.data.sources.arrays import from_arrays
from tenfold.data.sources.files import open_data, stem
from tenfold.data.sources.limits import MEMBERS, refuse_bomb
from tenfold.errors import DataError, LimitError
from tenfold.text import shown

__all__ = ["load_npz", "read_npz"]

_X_NAMES, _Y_NAMES = ("x", "images", "data"), ("y", "labels", "target")
_SPLIT_NAMES = ("x_train", "y_train", "x_test", "y_test")
_NOT_SOUND = (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, NotImplementedError, KeyError, SyntaxError)


def load_npz(path: Path, *, labelled: bool = True) -> Dataset:
    """
    Load an archive of ``X`` and ``y``, or of ``x_train``, ``y_train``, ``x_test``, ``y_test`` (the official split).

    Raises
    ------
    DataError
        Damaged, with other names or shapes, or with Python objects, which could run code.
    LimitError
        It decompresses to more than the limit.
    """
    arrays = {name.lower(): values for name, values in read_npz(path).items()}
    if all(name in arrays for name in _SPLIT_NAMES):
        X, y, mask = _official_split(arrays, path)
    else:
        X, y, mask = _first_of(arrays, _X_NAMES, path), None, None
        if labelled:
            y = _first_of(arrays, _Y_NAMES, path)
    dataset = from_arrays(X, y if labelled else None, name=str(path))
    return Dataset(
        stem(path),
        dataset.kind,
        dataset.X,
        dataset.y,
        source=str(path),
        target_names=dataset.target_names,
        official_test=mask,
    )


def _official_split(
    arrays: dict[str, NDArray[Any]], path: Path
) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.bool_]]:
    x_train, y_train, x_test, y_test = (arrays[name] for name in _SPLIT_NAMES)
    if x_train.shape[1:] != x_test.shape[1:] or y_train.shape[1:] != y_test.shape[1:]:
        shapes = f"{x_train.shape} and {x_test.shape}"
        raise DataError(f"x_train and x_test differ in shape: {shapes}", where=path, do="check the file")
    for part, x, y in (("train", x_train, y_train), ("test", x_test, y_test)):
        if len(x) != len(y):
            raise DataError(f"{len(x):,} rows in x_{part}, but {len(y):,} in y_{part}", where=path, do="give one a row")
    mask = np.arange(len(x_train) + len(x_test)) >= len(x_train)
    return np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test]), mask


def _first_of(arrays: dict[str, NDArray[Any]], names: tuple[str, ...], path: Path) -> NDArray[Any]:
    for name in names:
        if name in arrays:
            return arrays[name]
    present = ", ".join(shown(name, 30) for name in list(arrays)[:8]) or "nothing"
    raise DataError(f"no array named {' or '.join(names)}; it holds {present}", where=path, do="rename the arrays")


def read_npz(path: Path, within: Path | None = None) -> dict[str, NDArray[Any]]:
    """Return every array of an archive, after checking the headers of all; never a Python object."""
    with open_data(path, within=within) as file:
        try:
            with zipfile.ZipFile(file) as archive:
                members = _vetted_members(archive, path)
                return {member.filename.removesuffix(".npy"): _read_member(archive, member) for member in members}
        except _NOT_SOUND as fault:
            raise DataError(f"is no sound .npz archive: {shown(fault)}", where=path, do="save it again") from fault


def _vetted_members(archive: zipfile.ZipFile, path: Path) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    if len(members) > MEMBERS:
        raise LimitError(f"{len(members):,} members, over the limit of {MEMBERS:,}", where=path)
    names = [member.filename for member in members]
    if len(set(names)) < len(names):
        raise DataError("two members have one name", where=path, do="save it again")
    refuse_bomb(path, path.stat().st_size, sum(member.file_size for member in members))
    for member in members:
        _refuse_member(archive, member, path)
    return members


def _refuse_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> None:
    if not member.filename.endswith(".npy"):
        raise DataError(f"member '{shown(member.filename)}' is no .npy array", where=path, do="save with numpy.savez")
    with archive.open(member) as stream:
        read_header = npy.read_array_header_1_0 if npy.read_magic(stream) == (1, 0) else npy.read_array_header_2_0
        shape, _, dtype = read_header(stream)
        declared = stream.tell() + math.prod(shape) * dtype.itemsize
    if dtype.hasobject or dtype.names:
        raise DataError(
            f"array '{shown(member.filename)}' holds Python objects or records, which are never loaded",
            where=path,
            do="save plain numbers or text (for text: .astype(str))",
        )
    if declared != member.file_size:
        raise DataError(
            f"array '{shown(member.filename)}' declares {declared:,} bytes, its member holds {member.file_size:,}",
            where=path,
            do="save it again",
        )


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[Any]:
    with archive.open(member) as stream:
        return np.asarray(npy.read_array(stream, allow_pickle=False))
