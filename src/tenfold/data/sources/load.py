"""The way in: a name or a path becomes a Dataset."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tenfold.data.sources.catalogue import NAMES
from tenfold.errors import DataError, UsageError
from tenfold.text import near, shown

if TYPE_CHECKING:
    from tenfold.data.dataset import Dataset

__all__ = ["load"]


@dataclass(frozen=True)
class _Asked:
    """What the caller asked of the source, passed on unchanged."""

    target: str | None
    group: str | None
    data_dir: Path | None
    resize: tuple[int, int] | None
    colour: bool
    skip_bad: bool
    labelled: bool


def load(
    source: str | os.PathLike[str],
    *,
    target: str | None = None,
    group: str | None = None,
    data_dir: Path | None = None,
    resize: tuple[int, int] | None = None,
    colour: bool = False,
    skip_bad: bool = False,
    labelled: bool = True,
    labels: str | None = None,
) -> Dataset:
    """
    Load labelled data from a known name or a path, or refuse them with the reason.

    Parameters
    ----------
    source : str or path
        ``digits``, ``mnist``, ``fashion_mnist``; or a .csv, .tsv, .parquet or .npz file, an IDX file of images
        with its labels beside it, a folder of IDX files, of .parquet files, or of class folders of images.
    target : str, optional
        Column of the label in a table; several are separated by commas.
    group : str, optional
        Column of a table whose equal values must not stand on both sides of a split; it is no feature.
    data_dir : Path, optional
        Folder with the files of a known name.
    resize : (int, int), optional
        Height and width in pixels to which a folder's images are scaled.
    colour : bool
        Keep the images of a folder in colour (RGB) instead of grey.
    skip_bad : bool
        Skip unreadable images and name them in `Dataset.notes`, instead of refusing the folder.
    labelled : bool
        False for data to predict: there is no `y`, a target column is dropped, images may lie in a flat folder.
    labels : str, optional
        Definitions of several labels made of the one class of each row, ``large = digit >= 7, odd = digit % 2 == 1``,
        or a file with one a line; unused where `labelled` is false.

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        The data cannot be used as they are, or are not there.
    LimitError
        They exceed a limit that protects the machine.
    StorageError
        The system refuses to read them.
    UsageError
        An option does not go with this source.

    Examples
    --------
    >>> digits = load("digits")
    >>> len(digits), digits.image_shape
    (1797, (8, 8))
    """
    asked = _Asked(target, group, data_dir, resize, colour, skip_bad, labelled)
    if labels is None or not labelled:
        return _load(os.fspath(source), asked)
    from tenfold.data.label_definitions.definitions import definitions_text, labelled_by

    definitions = definitions_text(labels)
    return labelled_by(_load(os.fspath(source), asked), definitions)


def _load(name: str, asked: _Asked) -> Dataset:
    if name in NAMES:
        _refuse_table_options(name, asked)
        _refuse_image_options(name, asked)
        return _load_named(name, asked)
    path = Path(name).expanduser()
    if not name or "\x00" in name or not (path.exists() or path.is_symlink()):
        raise _absent(name)
    return _load_folder(path, asked) if path.is_dir() else _load_file(path, asked)


def _absent(name: str) -> DataError:
    hint = near(name, NAMES) if not {"/", "\\", "."} & set(name) else ""
    return DataError(
        f"no such file, folder or known source.{hint}",
        where=name or "source",
        do=f"give a path, or one of {', '.join(NAMES)}",
    )


def _refuse_table_options(name: str, asked: _Asked) -> None:
    for option, value in (("--target", asked.target), ("--group", asked.group)):
        if value is not None:
            raise UsageError(
                f"{option} {shown(value)} names a column, but this is no table", where=name, do="leave it out"
            )


def _refuse_image_options(name: str, asked: _Asked) -> None:
    if asked.resize is not None or asked.colour or asked.skip_bad:
        raise UsageError("--resize, --colour and --skip-bad are for folders of images", where=name, do="leave it out")


def _load_named(name: str, asked: _Asked) -> Dataset:
    if name == "digits":
        from tenfold.data.sources.digits import load_digits

        return load_digits()
    from tenfold.data.sources.mnist import FASHION_MNIST, MNIST, load_image_set

    return load_image_set(MNIST if name == "mnist" else FASHION_MNIST, asked.data_dir)


def _load_folder(path: Path, asked: _Asked) -> Dataset:
    from tenfold.data.sources.images.idx_folder import find_images, load_idx_folder
    from tenfold.data.sources.images.image_folder import load_image_folder
    from tenfold.data.sources.parts import is_parquet_folder

    if is_parquet_folder(path):
        _refuse_image_options(str(path), asked)
        return _load_table(path, "parts", asked)
    _refuse_table_options(str(path), asked)
    if find_images(path):
        _refuse_image_options(str(path), asked)
        return load_idx_folder(path)
    return load_image_folder(
        path, resize=asked.resize, colour=asked.colour, skip_bad=asked.skip_bad, labelled=asked.labelled
    )


def _load_file(path: Path, asked: _Asked) -> Dataset:
    from tenfold.data.sources.sniff import sniff

    kind = sniff(path)
    if kind == "image":
        _refuse_table_options(str(path), asked)
        return _load_image(path, asked)
    _refuse_image_options(str(path), asked)
    if kind in {"csv", "parquet"}:
        return _load_table(path, kind, asked)
    _refuse_table_options(str(path), asked)
    if kind == "npz":
        from tenfold.data.sources.npz import load_npz

        return load_npz(path, labelled=asked.labelled)
    from tenfold.data.sources.images.idx_folder import load_idx_file

    return load_idx_file(path, labelled=asked.labelled)


def _load_table(path: Path, kind: str, asked: _Asked) -> Dataset:
    from tenfold.data.sources.tables.table import load_table

    return load_table(path, kind, target=asked.target, group=asked.group, labelled=asked.labelled)


def _load_image(path: Path, asked: _Asked) -> Dataset:
    from tenfold.data.sources.images.image_folder import load_image_file

    if asked.labelled:
        raise DataError("one image has no label", where=path, do="give a folder with one folder of images a class")
    return load_image_file(path, resize=asked.resize, colour=asked.colour)
