"""Image files cleaned by a saved denoiser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tenfold.data.sources.images.image_file import read_image
from tenfold.data.sources.sniff import IMAGE_SUFFIXES
from tenfold.errors import DataError, LimitError, UsageError
from tenfold.record.bundle.denoiser import SavedDenoiser
from tenfold.record.bundle.denoiser_files import load_denoiser
from tenfold.storage import make_folder, writing
from tenfold.text import shown

__all__ = ["CleanedFile", "CleanedImages", "clean_files", "clean_images"]

_WHITE = 255


@dataclass(frozen=True)
class CleanedFile:
    """An image and the file that its cleaned form was written to."""

    image: Path
    out: Path


@dataclass(frozen=True)
class CleanedImages:
    """What was cleaned, and what the reader must know of it."""

    cleaned: tuple[CleanedFile, ...]
    notes: tuple[str, ...]


def clean_files(model: Path, images: Sequence[Path], out: Path | None, *, skip_bad: bool = False) -> CleanedImages:
    """
    Clean images with a saved denoiser and write PNGs; nothing is written unless all images can be read.

    Parameters
    ----------
    model : Path
        A run folder or its model folder.
    images : sequence of Path
        Image files, or folders of them.
    out : Path, optional
        A .png file for one image, a folder for several; by default ``<name>-clean.png`` beside each.
    skip_bad : bool
        Pass over images that cannot be read or are of another size, and name them in the notes.

    Raises
    ------
    ModelError
        The model is refused.
    DataError
        An image cannot be read, or is of another size than the model's.
    UsageError
        `out` does not fit the number of images, or there is none.
    """
    saved = load_denoiser(model)
    files = [file for path in images for file in _images_in(path)]
    targets = _targets(files, out, several=len(files) > 1 or any(path.is_dir() for path in images))
    pixels, notes = _all_read(files, saved, skip_bad=skip_bad)
    restored = clean_images(saved, np.stack(list(pixels.values())))
    written = [CleanedFile(file, target) for file, target in zip(files, targets, strict=True) if file in pixels]
    for one, image in zip(written, restored, strict=True):
        make_folder(one.out.parent)
        with writing(one.out) as draft:
            Image.fromarray(image).save(draft, format="PNG")
    return CleanedImages(tuple(written), (*notes, *_notes(saved)))


def clean_images(saved: SavedDenoiser, images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """
    Return images of 256 grey levels cleaned, brought to the scale of the denoiser and back.

    Parameters
    ----------
    saved : SavedDenoiser
    images : ndarray of uint8, shape (n, *saved.shape)
    """
    scaled = np.rint(images.astype(np.float64) * saved.peak / _WHITE).astype(np.int16)
    restored = saved.restore(scaled).astype(np.float64)
    return np.asarray(np.rint(restored * _WHITE / saved.peak).astype(np.uint8))


def _images_in(path: Path) -> list[Path]:
    if not path.exists():
        raise DataError("there is no such file or folder", where=path, do="give an image or a folder of images")
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.iterdir() if file.is_file() and file.suffix.lower() in IMAGE_SUFFIXES)
    if not files:
        raise DataError("holds no images", where=path, do="give an image or a folder of images")
    return files


def _targets(files: list[Path], out: Path | None, *, several: bool) -> list[Path]:
    if out is None:
        targets = [file.with_name(f"{file.stem}-clean.png") for file in files]
    elif out.is_dir() or several:
        if out.suffix.lower() == ".png" or out.is_file():
            raise UsageError(f"{len(files)} images do not fit into one file", where=out, do="give a folder with --out")
        targets = [out / f"{file.stem}.png" for file in files]
    else:
        if out.suffix.lower() != ".png":
            raise UsageError("a cleaned image is written as .png", where=out)
        targets = [out]
    _refuse_clashes(files, targets)
    return targets


def _refuse_clashes(files: list[Path], targets: list[Path]) -> None:
    twice = next((target for i, target in enumerate(targets) if target in targets[:i]), None)
    if twice is not None:
        raise UsageError(
            f"two images would become '{shown(twice.name, 60)}'", do="give them one folder after the other"
        )
    over = next((file for file, target in zip(files, targets, strict=True) if file.resolve() == target.resolve()), None)
    if over is not None:
        raise UsageError(
            "the cleaned image would take the place of the noisy one", where=over, do="choose another --out"
        )


def _all_read(
    files: list[Path], saved: SavedDenoiser, *, skip_bad: bool
) -> tuple[dict[Path, NDArray[np.uint8]], tuple[str, ...]]:
    """Return the pixels by file, and a note on each file passed over."""
    pixels, notes = dict[Path, NDArray[np.uint8]](), []
    for file in files:
        try:
            pixels[file] = _read(file, saved)
        except (DataError, LimitError) as fault:
            if not skip_bad:
                raise
            notes.append(f"Passed over: {fault}")
    if not pixels:
        raise DataError(f"none of the {len(files)} images can be cleaned. {notes[0]}")
    return pixels, tuple(notes)


def _read(path: Path, saved: SavedDenoiser) -> NDArray[np.uint8]:
    pixels = read_image(path, colour=len(saved.shape) == 3)
    if pixels.shape != saved.shape:
        height, width = pixels.shape[:2]
        what = f"{width} x {height} pixels; this model cleans images of {saved.shape[1]} x {saved.shape[0]}"
        raise DataError(what, where=path, do="bring the image to that size first")
    return pixels


def _notes(saved: SavedDenoiser) -> tuple[str, ...]:
    if saved.peak == _WHITE:
        return ()
    return (f"The model knows grey levels 0 to {saved.peak}: images were scaled to that, and back to 0 to 255.",)
