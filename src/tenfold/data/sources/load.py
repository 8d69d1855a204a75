"""Loading labelled data from a name or a path."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenfold.data.sources.catalogue import NAMES
from tenfold.errors import DataError, UsageError
from tenfold.regular_files import read_regular
from tenfold.text import near, shown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tenfold.data.dataset import Dataset
    from tenfold.data.scratch import Scratch

__all__ = ["load", "mail_blocks"]

_DIGITS_BYTES = 1 << 20
_DIGITS = ("datasets", "data", "digits.csv.gz")
"""Where scikit-learn keeps what its `load_digits` gives; no promise of its authors, so that function stands by."""


@dataclass(frozen=True)
class _Options:
    """The options of `load`."""

    target: str | None
    group: str | None
    data_dir: Path | None
    resize: tuple[int, int] | None
    colour: bool
    skip_bad: bool
    labelled: bool
    texts: Collection[str] = ()
    scratch: Scratch | None = None


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
    texts: Collection[str] = (),
    scratch: Scratch | None = None,
) -> Dataset:
    """
    Load labelled data from a known name or a path.

    Parameters
    ----------
    source : str or path
        ``digits``, ``mnist``, ``fashion_mnist``; or a .csv, .tsv, .parquet or .npz file, an IDX file of images
        with its labels beside it, a folder of IDX files, of .parquet files, or of class folders of images or mail; an
        archive or mailbox of mail.
    target : str, optional
        Column of the label in a table; several are separated by commas.
    group : str, optional
        Column of a table whose equal values stay on one side of a split; it is no feature.
    data_dir : Path, optional
        Folder with the files of a known name.
    resize : (int, int), optional
        Height and width in pixels to which a folder's images are scaled.
    colour : bool
        Keep the images of a folder in colour (RGB) instead of grey.
    skip_bad : bool
        Skip unreadable images or messages and name them in `Dataset.notes`, instead of refusing the folder.
    labelled : bool
        False for data to predict: there is no `y`, a target column is dropped, images may lie in a flat folder.
    labels : str, optional
        Definitions of several labels by the one class of each row, ``large = digit >= 7, odd = digit % 2 == 1``, or a
        file of them; ignored where `labelled` is false.
    texts : collection of str
        Columns of a table that stay as they are written, though each value be a number.
    scratch : Scratch, optional
        For more than 4,000 messages, whose texts stay on disk.

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        The data cannot be used as they are, or do not exist.
    LimitError
        They exceed a limit that protects the machine.
    StorageError
        They cannot be read.
    UsageError
        An option does not go with this source.

    Examples
    --------
    >>> digits = load("digits")
    >>> len(digits), digits.image_shape
    (1797, (8, 8))
    """
    options = _Options(target, group, data_dir, resize, colour, skip_bad, labelled, texts, scratch)
    if labels is None or not labelled:
        return _load(os.fspath(source), options)
    from tenfold.data.label_definitions.definitions import definitions_text, labelled_by

    definitions = definitions_text(labels)
    return labelled_by(_load(os.fspath(source), options), definitions)


def mail_blocks(source: str | os.PathLike[str], size: int, **options: Any) -> Iterator[Dataset] | None:
    """
    Return the messages of a source without labels, in blocks; None where it is no mail.

    Parameters
    ----------
    source : str or path
    size : int
        Messages of a block.
    **options
        Those of `load`.

    Raises
    ------
    DataError, LimitError, StorageError, UsageError
        As `load` does.
    """
    path = Path(source).expanduser()
    if os.fspath(source) in NAMES or not path.exists() or not _is_mail(path):
        return None
    from tenfold.data.sources.mail.mail import mail_in_blocks

    given = _Options(labelled=False, **{name: value for name, value in options.items() if name != "labels"})
    _refuse_mail_options(path, given)
    return mail_in_blocks(path, size, skip_bad=given.skip_bad)


def _is_mail(path: Path) -> bool:
    from tenfold.data.sources.mail.members import is_mail_folder
    from tenfold.data.sources.sniff import sniff

    return is_mail_folder(path) if path.is_dir() else sniff(path) == "mail"


def _load(name: str, options: _Options) -> Dataset:
    if name in NAMES:
        _refuse_table_options(name, options)
        _refuse_image_options(name, options)
        return _load_named(name, options)
    path = Path(name).expanduser()
    if not name or "\x00" in name or not (path.exists() or path.is_symlink()):
        raise _absent(name)
    return _load_folder(path, options) if path.is_dir() else _load_file(path, options)


def _absent(name: str) -> DataError:
    hint = near(name, NAMES) if not {"/", "\\", "."} & set(name) else ""
    return DataError(
        f"no such file, folder or known source.{hint}",
        where=name or "source",
        do=f"give a path, or one of {', '.join(NAMES)}",
    )


def _refuse_table_options(name: str, options: _Options) -> None:
    for flag, value in (("--target", options.target), ("--group", options.group)):
        if value is not None:
            raise UsageError(
                f"{flag} {shown(value)} names a column, but this is no table", where=name, do="leave it out"
            )


def _refuse_image_options(name: str, options: _Options) -> None:
    if options.resize is not None or options.colour or options.skip_bad:
        raise UsageError(
            "--resize, --colour and --skip-bad are for folders of images, the last also for mail",
            where=name,
            do="leave it out",
        )


def _load_named(name: str, options: _Options) -> Dataset:
    if name == "digits":
        return _load_digits()
    from tenfold.data.sources.mnist import FASHION_MNIST, MNIST, load_image_set

    return load_image_set(MNIST if name == "mnist" else FASHION_MNIST, options.data_dir)


def _load_digits() -> Dataset:
    """Load the 1,797 digits of 8 x 8 pixels bundled with scikit-learn; pixels are 0 (paper) to 16 (ink)."""
    import numpy as np

    from tenfold.data.dataset import Dataset
    from tenfold.data.sources.arrays import labels_as_text

    rows = _rows_of_digits()
    images = np.ascontiguousarray(rows[:, :-1]).reshape(-1, 8, 8)
    return Dataset("digits", "image", images, labels_as_text(rows[:, -1]), source="digits", in_its_order=True)


def _rows_of_digits() -> NDArray[np.uint8]:
    """
    Return the pixels of each digit and, last, the digit: uint8 of shape (1797, 65).

    The file is read where scikit-learn keeps it: whoever needs these numbers need not load scikit-learn.
    """
    import gzip
    from importlib.util import find_spec

    import numpy as np

    package = find_spec("sklearn")
    file = None if package is None or package.origin is None else Path(package.origin).parent.joinpath(*_DIGITS)
    if file is not None and file.is_file():
        lines = gzip.decompress(read_regular(file, most=_DIGITS_BYTES)).decode("ascii")
        return np.array([line.split(",") for line in lines.splitlines()]).astype(np.uint8)
    from sklearn import datasets

    bundle = datasets.load_digits()
    return np.column_stack([bundle.data, bundle.target]).astype(np.uint8)


def _load_mail(path: Path, options: _Options) -> Dataset:
    from tenfold.data.sources.mail.mail import load_mail

    _refuse_mail_options(path, options)
    return load_mail(path, skip_bad=options.skip_bad, labelled=options.labelled, scratch=options.scratch)


def _refuse_mail_options(path: Path, options: _Options) -> None:
    _refuse_table_options(str(path), options)
    if options.resize is not None or options.colour:
        raise UsageError("--resize and --colour are for images", where=path, do="leave it out")


def _load_folder(path: Path, options: _Options) -> Dataset:
    from tenfold.data.sources.images.idx_folder import find_images, load_idx_folder
    from tenfold.data.sources.images.image_folder import load_image_folder
    from tenfold.data.sources.mail.members import is_mail_folder
    from tenfold.data.sources.sniff import is_parquet_folder

    if is_parquet_folder(path):
        _refuse_image_options(str(path), options)
        return _load_table(path, "parts", options)
    if is_mail_folder(path):
        return _load_mail(path, options)
    _refuse_table_options(str(path), options)
    if find_images(path):
        _refuse_image_options(str(path), options)
        return load_idx_folder(path)
    return load_image_folder(
        path, resize=options.resize, colour=options.colour, skip_bad=options.skip_bad, labelled=options.labelled
    )


def _load_file(path: Path, options: _Options) -> Dataset:
    from tenfold.data.sources.sniff import sniff

    kind = sniff(path)
    if kind == "image":
        _refuse_table_options(str(path), options)
        return _load_image(path, options)
    if kind == "mail":
        return _load_mail(path, options)
    _refuse_image_options(str(path), options)
    if kind in {"csv", "parquet"}:
        return _load_table(path, kind, options)
    _refuse_table_options(str(path), options)
    if kind == "npz":
        from tenfold.data.sources.npz import load_npz

        return load_npz(path, labelled=options.labelled)
    from tenfold.data.sources.images.idx_folder import load_idx_file

    return load_idx_file(path, labelled=options.labelled)


def _load_table(path: Path, kind: str, options: _Options) -> Dataset:
    from tenfold.data.sources.tables.table import load_table

    return load_table(
        path, kind, target=options.target, group=options.group, labelled=options.labelled, texts=options.texts
    )


def _load_image(path: Path, options: _Options) -> Dataset:
    from tenfold.data.sources.images.image_folder import load_image_file

    if options.labelled:
        raise DataError("one image has no label", where=path, do="give a folder with one folder of images a class")
    return load_image_file(path, resize=options.resize, colour=options.colour)
