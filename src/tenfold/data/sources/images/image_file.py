"""One image file to pixels: its size is checked from the header before anything is decoded."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.BmpImagePlugin import BmpImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from tenfold.data.sources.files import open_data
from tenfold.data.sources.limits import PIXELS
from tenfold.errors import DataError, LimitError
from tenfold.text import shown

__all__ = ["image_size", "read_image", "read_image_and_loss"]

_FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "WEBP")
_HEADERS: dict[bytes, type[ImageFile]] = {
    b"\x89PNG": PngImageFile,
    b"\xff\xd8": JpegImageFile,
    b"BM": BmpImageFile,
    b"II": TiffImageFile,
    b"MM": TiffImageFile,
    b"RIFF": WebPImageFile,
}
"""Readers of the header by the first bytes of a file."""
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
# Raised by Pillow's decoders for damaged files, as found with files truncated at every byte.
_DAMAGE = (OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, KeyError, OverflowError, struct.error)
_ROTATIONS = {5, 6, 7, 8}
_ORIENTATION = 0x0112
_SAMPLED, _JPEG_TRACES, _COLOURED = 64, 24, 0.01


def read_image(path: Path, *, resize: tuple[int, int] | None = None, colour: bool = False) -> NDArray[np.uint8]:
    """
    Decode an image.

    Parameters
    ----------
    path : Path
        PNG, JPEG, BMP, TIFF or WebP with one frame.
    resize : (int, int), optional
        Height and width in pixels to scale it to (bilinear, smoothed when it shrinks).
    colour : bool
        RGB instead of grey.

    Returns
    -------
    ndarray of uint8, shape (height, width) or (height, width, 3)
        Upright by its EXIF orientation; transparent parts white; 16 bits scaled to 8.

    Raises
    ------
    DataError
        Unreadable, of another format, or with several frames.
    LimitError
        Over 25 megapixels by its header.
    """
    return read_image_and_loss(path, resize=resize, colour=colour)[0]


def read_image_and_loss(
    path: Path, *, resize: tuple[int, int] | None = None, colour: bool = False
) -> tuple[NDArray[np.uint8], bool]:
    """Decode an image as `read_image` does, and return too whether it was in colour and is grey now."""
    with _open_image(path) as image:
        upright = _on_white(ImageOps.exif_transpose(_eight_bit(image, path)))
        flat = upright.convert("RGB" if colour else "L")
        if resize is not None:
            flat = flat.resize((resize[1], resize[0]), Image.Resampling.BILINEAR)
        return np.array(flat, np.uint8), not colour and _is_coloured(upright)


def _is_coloured(image: Image.Image) -> bool:
    """Return whether channels differ in one pixel of a hundred, by more than the traces of JPEG in grey images."""
    if image.mode in {"1", "L", "LA", "I", "F"}:
        return False
    small = image.convert("RGB").resize(
        (min(image.width, _SAMPLED), min(image.height, _SAMPLED)), Image.Resampling.NEAREST
    )
    return bool((np.ptp(np.asarray(small, np.int16), axis=2) > _JPEG_TRACES).mean() >= _COLOURED)


def image_size(path: Path) -> tuple[int, int]:
    """Return height and width in pixels of the upright image, from the header alone."""
    with _open_image(path) as image:
        is_rotated = image.getexif().get(_ORIENTATION) in _ROTATIONS
        return (image.width, image.height) if is_rotated else (image.height, image.width)


@contextmanager
def _open_image(path: Path) -> Iterator[Image.Image]:
    with open_data(path) as file, warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        warnings.filterwarnings("ignore", category=UserWarning, module="PIL")
        try:
            with Image.open(file, formats=_FORMATS) as image:
                _refuse_large(image, path)
                yield image
        except _BOMBS as fault:
            raise _too_large(*_claimed_size(file), path) from fault
        except (*_DAMAGE, zlib.error) as fault:
            raise DataError(f"cannot be read as an image: {_why(fault)}", where=path, do=_REMEDY) from fault


_REMEDY = "remove or replace it, or give --skip-bad"


def _why(fault: BaseException) -> str:
    return "not PNG, JPEG, BMP, TIFF or WebP" if isinstance(fault, UnidentifiedImageError) else shown(fault)


def _refuse_large(image: Image.Image, path: Path) -> None:
    if image.width * image.height > PIXELS:
        raise _too_large(image.width, image.height, path)
    if getattr(image, "n_frames", 1) > 1:
        raise DataError("holds several frames or pages", where=path, do="save one of them as a file of its own")


def _claimed_size(file: IO[bytes]) -> tuple[int, int]:
    """Return width and height by the header of an image beyond Pillow's own limit, which is higher than ours."""
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    with next(kind for begins, kind in _HEADERS.items() if start.startswith(begins))(file) as image:
        return image.size


def _too_large(width: int, height: int, path: Path) -> LimitError:
    what = f"{width:,} x {height:,} pixels, over the limit of {PIXELS // 1_000_000} million"
    return LimitError(what, where=path, do="scale it down")


def _eight_bit(image: Image.Image, path: Path) -> Image.Image:
    """Scale 16-bit grey to 8 bits, which Pillow clips at 255."""
    if image.mode == "F":
        raise DataError("holds floating-point pixels", where=path, do="save it with 8 bits a channel")
    if image.mode == "I" or image.mode.startswith("I;16"):
        values = np.clip(np.asarray(image).astype(np.int64), 0, 65_535)
        return Image.fromarray((values // 257).astype(np.uint8))
    return image


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image
    rgba = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
