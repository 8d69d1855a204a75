"""The IDX format of the MNIST files: a magic number, the sizes, then unsigned bytes."""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from tenfold.data.sources.files import open_data
from tenfold.data.sources.limits import refuse_bomb
from tenfold.errors import DataError

__all__ = ["IDX_IMAGES", "IDX_LABELS", "read_idx"]

IDX_LABELS = 0x0801
IDX_IMAGES = 0x0803
_CONTENT = {IDX_LABELS: "labels", IDX_IMAGES: "grey images"}
_CHUNK = 4 * 1024**2


def read_idx(path: Path, magic: int) -> NDArray[np.uint8]:
    """
    Read one IDX file, plain or gzip.

    Parameters
    ----------
    path : Path
    magic : int
        Expected content: `IDX_IMAGES` or `IDX_LABELS`.

    Returns
    -------
    ndarray of uint8, shape (n, height, width) or (n,)

    Raises
    ------
    DataError
        Another magic number, a size in the header that differs from the file's, an empty file, or truncated gzip.
    LimitError
        It decompresses to more than the limit.
    """
    with open_data(path) as file:
        shape = _read_header(file, path, magic)
        promised = math.prod(shape)
        refuse_bomb(path, path.stat().st_size, promised)
        body = _read_at_most(file, promised + 1)
    _refuse_other_size(path, shape, len(body))
    return np.frombuffer(body, np.uint8).reshape(shape)


def _read_header(file: IO[bytes], path: Path, magic: int) -> tuple[int, ...]:
    start = file.read(4)
    if start != struct.pack(">I", magic):
        raise DataError(
            f"begins with 0x{start.hex()}, an IDX file of {_CONTENT[magic]} with 0x{magic:08x}",
            where=path,
            do="check that it is the right file",
        )
    dimensions = magic & 0xFF
    sizes = file.read(4 * dimensions)
    if len(sizes) < 4 * dimensions:
        raise DataError("ends early, within its header (truncated)", where=path, do="copy or download it again")
    shape = struct.unpack(f">{dimensions}I", sizes)
    if 0 in shape:
        raise DataError(f"its header says {_times(shape)}: it is empty", where=path, do="give a file with content")
    return shape


def _read_at_most(file: IO[bytes], limit: int) -> bytearray:
    """Read the bytes that exist, whatever the header says, so that memory grows with the file alone."""
    body = bytearray()
    while len(body) < limit and (chunk := file.read(min(_CHUNK, limit - len(body)))):
        body += chunk
    return body


def _refuse_other_size(path: Path, shape: tuple[int, ...], real: int) -> None:
    promised = math.prod(shape)
    if real != promised:
        content = "more" if real > promised else f"{real:,}"
        raise DataError(
            f"its header promises {_times(shape)} = {promised:,} bytes of content, the file holds {content}",
            where=path,
            do="copy or download it again",
        )


def _times(shape: tuple[int, ...]) -> str:
    return " x ".join(f"{size:,}" for size in shape)
