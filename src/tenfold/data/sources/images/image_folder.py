"""A folder with a folder of images for each class; for prediction also a flat folder, or one image."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tenfold.data.dataset import Dataset
from tenfold.data.sources.files import beginning, reading
from tenfold.data.sources.images.image_file import image_size, read_image, read_image_and_loss
from tenfold.data.sources.limits import MEMBERS, UNPACKED_BYTES
from tenfold.data.sources.sniff import IMAGE_SUFFIXES, looks_like_image
from tenfold.errors import DataError, LimitError, UsageError
from tenfold.text import shown

__all__ = ["load_image_file", "load_image_folder"]

Labelled = list[tuple[Path, str]]


def load_image_folder(
    folder: Path,
    *,
    resize: tuple[int, int] | None = None,
    colour: bool = False,
    skip_bad: bool = False,
    labelled: bool = True,
) -> Dataset:
    """
    Load images whose folder is their label, sorted by class, then by name; hidden files are skipped.

    Parameters
    ----------
    folder : Path
        With a folder for each class; where `labelled` is false also with the images themselves.
    resize : (int, int), optional
        Height and width to scale to; needed where sizes differ.
    colour : bool
        RGB instead of grey.
    skip_bad : bool
        Skip images that cannot be read, and name them in `Dataset.notes`.
    labelled : bool
        Whether the folders are labels; else there are none.

    Raises
    ------
    DataError
        No class folders, an empty one, an unreadable image, or several sizes.
    LimitError
        Over 200,000 images, 25 megapixels in one, or 4 GiB in all.
    UsageError
        A folder of something else, such as mail, or an invalid size.
    """
    _refuse_size(resize)
    members = _members(folder, labelled=labelled)
    X, positions, notes = _read_all(members, folder, resize, colour=colour, skip_bad=skip_bad)
    y = np.array([members[i][1] for i in positions], dtype=object) if labelled else None
    files = np.array([str(members[i][0].relative_to(folder)) for i in positions], dtype=object)
    return Dataset(folder.resolve().name, "image", X, y, source=str(folder), files=files, notes=notes)


def load_image_file(path: Path, *, resize: tuple[int, int] | None = None, colour: bool = False) -> Dataset:
    """Load one image without a label, for prediction."""
    _refuse_size(resize)
    pixels = read_image(path, resize=resize, colour=colour)
    return Dataset(path.stem, "image", pixels[np.newaxis], None, source=str(path), files=np.array([path.name], object))


def _refuse_size(resize: tuple[int, int] | None) -> None:
    if resize is not None and not all(1 <= size <= 4_096 for size in resize):
        raise UsageError(f"--resize {resize[0]}x{resize[1]}", do="give height x width, 1 to 4,096 pixels each")


def _members(folder: Path, *, labelled: bool) -> Labelled:
    files = _entries(folder)
    classes = [path for path in files if path.is_dir()]
    if not classes and not labelled:
        members = [(path, "") for path in files]
    else:
        members = [(path, _class_name(cls)) for cls in classes for path in _images_of(cls, labelled=labelled)]
    if len(members) > MEMBERS:
        raise LimitError(f"{len(members):,} files, over the limit of {MEMBERS:,}", where=folder, do="give a part")
    if not members:
        raise _without_images(folder, files, labelled)
    _refuse_other_content(members[0][0], folder)
    return members


def _entries(folder: Path) -> list[Path]:
    with reading(folder):
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def _class_name(folder: Path) -> str:
    try:
        folder.name.encode()
    except UnicodeEncodeError:
        raise DataError("its name is no valid text", where=folder, do="rename the folder") from None
    return folder.name


def _without_images(folder: Path, files: list[Path], labelled: bool) -> DataError:
    if not labelled:
        return DataError("holds no images", where=folder, do="give an image, or a folder of images")
    if not files:
        return DataError("is empty", where=folder, do="put a folder into it for each class, of images or of mail")
    return DataError(
        "holds no folders of images", where=folder, do="make a folder in it for each class, with its images"
    )


def _images_of(folder: Path, *, labelled: bool) -> list[Path]:
    files = _entries(folder)
    if not files and labelled:
        raise DataError("the folder of this class is empty", where=folder, do="remove it or add images")
    inner = next((path for path in files if path.is_dir()), None)
    if inner is not None:
        raise DataError(f"holds a folder, '{shown(inner.name)}'", where=folder, do="give the folder of class folders")
    return files


def _refuse_other_content(first: Path, folder: Path) -> None:
    """Refuse mail and other folders by their first file, before a message about damaged images misleads."""
    if first.suffix.lower() in IMAGE_SUFFIXES or looks_like_image(beginning(first)):
        return
    start = beginning(first, 4_096)
    if b"Received:" in start or b"\nFrom:" in start or start.startswith((b"From ", b"Return-Path:")):
        raise UsageError("looks like mail, which cannot be loaded here", where=folder, do="give images or a table")
    if first.suffix.lower() in {".csv", ".tsv", ".parquet", ".npz"}:
        raise DataError(f"holds '{shown(first.name)}'", where=folder, do="give the path of that file")


def _read_all(
    members: Labelled, folder: Path, resize: tuple[int, int] | None, *, colour: bool, skip_bad: bool
) -> tuple[NDArray[np.uint8], list[int], tuple[str, ...]]:
    """Return the pixels, the positions of the members that could be read, and notes on the others."""
    X: NDArray[np.uint8] | None = None
    positions: list[int] = []
    bad: list[Path] = []
    grey_now: list[Path] = []
    for i, (path, _) in enumerate(members):
        try:
            pixels, loses_colour = read_image_and_loss(path, resize=resize, colour=colour)
        except (DataError, LimitError):
            if not skip_bad:
                raise
            bad.append(path)
            continue
        X = _pixel_array(len(members), pixels, folder) if X is None else X
        if pixels.shape != X.shape[1:]:
            raise _several_sizes(members, folder)
        X[len(positions)] = pixels
        positions.append(i)
        grey_now += [path] * loses_colour
    if X is None:
        raise DataError("none of its images can be read", where=folder, do="check the files")
    return X[: len(positions)], positions, (*_bad_notes(bad, folder), *_colour_notes(grey_now, len(positions), folder))


def _pixel_array(count: int, pixels: NDArray[np.uint8], folder: Path) -> NDArray[np.uint8]:
    if count * pixels.size > UNPACKED_BYTES:
        what = f"{count:,} images of {pixels.size:,} bytes, over the limit of {UNPACKED_BYTES:,} bytes"
        raise LimitError(what, where=folder, do="scale them down with --resize HxW")
    return np.empty((count, *pixels.shape), np.uint8)


def _several_sizes(members: Labelled, folder: Path) -> DataError:
    sizes: Counter[tuple[int, int]] = Counter()
    for path, _ in members:
        try:
            sizes[image_size(path)] += 1
        except (DataError, LimitError):
            continue
    counts_of_sizes = ", ".join(f"{h}x{w} ({count:,})" for (h, w), count in sizes.most_common(4))
    usual = sizes.most_common(1)[0][0]
    return DataError(
        f"images of {len(sizes)} sizes: {counts_of_sizes}",
        where=folder,
        do=f"give --resize HxW, such as --resize {usual[0]}x{usual[1]}",
    )


def _bad_notes(bad: list[Path], folder: Path) -> tuple[str, ...]:
    if not bad:
        return ()
    names = ", ".join(shown(path.relative_to(folder), 60) for path in bad[:10])
    more = f" and {len(bad) - 10:,} more" if len(bad) > 10 else ""
    return (f"{len(bad):,} unreadable images skipped: {names}{more}",)


def _colour_notes(grey_now: list[Path], count: int, folder: Path) -> tuple[str, ...]:
    if not grey_now:
        return ()
    first = shown(grey_now[0].relative_to(folder), 60)
    what = "is in colour and was" if len(grey_now) == 1 else "are in colour and were"
    return (f"{len(grey_now):,} of {count:,} images {what} read as grey (first: {first}); --colour keeps the colour",)
