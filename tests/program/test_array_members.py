"""Arrays as members of a zip: matrices may be deflated, lists may not, and a small file stays a small model."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tenfold.program.archive import open_archive
from tenfold.program.array_members import array_member, check_array_member, pack_members, read_array_member
from tenfold.program.limits import ARRAYS
from tenfold.program.refusal import Refused

RANDOM = np.random.default_rng(1)
PIXELS = RANDOM.integers(0, 17, (300, 64)).astype(np.uint8)
NOISE = RANDOM.integers(0, 256, (300, 64)).astype(np.uint8)
PLACES = np.zeros(30_000, np.int32)


def zipped(content: bytes, method: int) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.npy"), content, method, 9)
    return file


def read(file: io.BytesIO, name: str = "a.npy") -> NDArray[Any]:
    with open_archive(file, ARRAYS) as archive:
        check_array_member(archive, name)
        return read_array_member(archive, name)


def test_arrays_are_read_as_they_were_written_whatever_was_deflated() -> None:
    arrays = {"pixels": PIXELS, "noise": NOISE, "places": PLACES, "empty": np.zeros((0, 3)), "bytes": b_of("yes")}
    file = pack_members(arrays, ("program.json", b"{}"))
    for name, values in arrays.items():
        found = read(file, f"{name}.npy")
        assert found.dtype == values.dtype
        np.testing.assert_array_equal(found, values)
    with zipfile.ZipFile(file) as archive:
        deflated = {entry.filename for entry in archive.infolist() if entry.compress_type == zipfile.ZIP_DEFLATED}
        assert archive.namelist()[0] == "program.json"
    assert deflated == {"pixels.npy"}, "noise does not shrink, and lists stay as they are"


def b_of(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


def test_a_file_is_never_packed_smaller_than_a_reader_takes() -> None:
    zeros = np.zeros((ARRAYS.free_bytes // 64 + 1, 64), np.uint8)
    file = pack_members({"a": zeros})
    assert len(file.getvalue()) > zeros.nbytes
    assert read(file).shape == zeros.shape
    allowed = pack_members({"a": zeros[:-10]})
    assert len(allowed.getvalue()) < zeros.nbytes / 100
    assert read(allowed).shape == zeros[:-10].shape


def test_a_small_file_that_becomes_a_large_one_is_refused() -> None:
    bomb = zipped(array_member(np.zeros((1 << 20, 32), np.uint8)), zipfile.ZIP_DEFLATED)
    assert len(bomb.getvalue()) < 100_000
    with pytest.raises(Refused, match=r"unpack to 33,554,\d\d\d: over 8 times, a decompression bomb"):
        read(bomb)


def test_a_list_that_is_deflated_is_refused() -> None:
    with pytest.raises(Refused, match=r"array a\.npy is compressed, which none of one dimension is"):
        read(zipped(array_member(PLACES), zipfile.ZIP_DEFLATED))


@pytest.mark.parametrize("missing", [1, 1000])
def test_a_matrix_whose_packed_bytes_end_early_is_refused(missing: int) -> None:
    whole = array_member(PIXELS)
    file = zipped(whole[:-missing], zipfile.ZIP_DEFLATED)
    claimed = file.getvalue().replace(len(whole[:-missing]).to_bytes(4, "little"), len(whole).to_bytes(4, "little"))
    with pytest.raises(Refused, match=r"cut short|damaged"):
        read(io.BytesIO(claimed))


def test_a_matrix_that_unpacks_to_more_than_it_says_is_refused() -> None:
    whole = array_member(PIXELS)
    more = whole + bytes(50_000)
    file = zipped(more, zipfile.ZIP_DEFLATED)
    claimed = file.getvalue().replace(len(more).to_bytes(4, "little"), len(whole).to_bytes(4, "little"))
    assert claimed != file.getvalue()
    with pytest.raises(Refused, match="damaged"):
        read(io.BytesIO(claimed))


def test_packed_bytes_that_are_none_are_refused() -> None:
    file = zipped(array_member(PIXELS), zipfile.ZIP_DEFLATED)
    content = bytearray(file.getvalue())
    content[60:200] = bytes(140)
    with pytest.raises(Refused):
        read(io.BytesIO(bytes(content)))


def test_the_checksum_is_of_what_was_unpacked() -> None:
    content = zipped(array_member(PIXELS), zipfile.ZIP_DEFLATED).getvalue()
    crc = zlib.crc32(array_member(PIXELS)).to_bytes(4, "little")
    with pytest.raises(Refused, match="damaged"):
        read(io.BytesIO(content.replace(crc, bytes(4))))
