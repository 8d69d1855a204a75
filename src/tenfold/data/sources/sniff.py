"""The kind of a file by its first bytes; by its name only where bytes cannot tell (text tables)."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from tenfold.data.sources.files import beginning
from tenfold.data.sources.mail.members import MAIL_SUFFIXES, archive_form, is_mail
from tenfold.errors import DataError

__all__ = [
    "IMAGE_SUFFIXES",
    "PARQUET_SUFFIXES",
    "FileKind",
    "is_parquet_folder",
    "is_table",
    "looks_like_image",
    "sniff",
]

FileKind = Literal["idx", "npz", "parquet", "csv", "image", "mail"]

PARQUET_SUFFIXES = (".parquet", ".parq")
IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp")
_IMAGE_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"II*\x00", b"MM\x00*")
_TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
_PICKLE_SUFFIXES = (".pkl", ".pickle", ".joblib", ".dill")
_SHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
_SAVE_SHEET = "save the sheet as CSV UTF-8 and give that file, with --target COLUMN"
_ACCEPTED = "give .csv, .tsv, .parquet, .npz, IDX files, an image, or a folder"


def sniff(path: Path) -> FileKind:
    """
    Return the kind of a data file.

    Raises
    ------
    DataError
        Not a data file; a pickle is named as such and never opened.
    """
    start = beginning(path)
    suffix = Path(path.name.lower().removesuffix(".gz")).suffix
    if suffix in _PICKLE_SUFFIXES or start[:1] == b"\x80":
        raise DataError("looks like a pickle, which could run code: never loaded", where=path, do=_ACCEPTED)
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"PK"):
        return _zip_kind(path, suffix)
    if start.startswith(b"\x00\x00\x08") or (start.startswith(b"\x00\x00") and "ubyte" in path.name):
        return "idx"
    if suffix in _TEXT_SUFFIXES:
        return "csv"
    if looks_like_image(start) or suffix in IMAGE_SUFFIXES:
        return "image"
    if suffix in MAIL_SUFFIXES or is_mail(beginning(path, 4_096)) or archive_form(path) == "tar":
        return "mail"
    raise _unknown(path, suffix)


def is_parquet_folder(path: Path) -> bool:
    """Return whether a folder has a file with a suffix of Parquet."""
    return path.is_dir() and any(
        entry.suffix.lower() in PARQUET_SUFFIXES and entry.is_file() for entry in path.iterdir()
    )


def is_table(path: Path) -> bool:
    """Return whether a file, or a folder of Parquet files, is a table; raises as `sniff` does."""
    return is_parquet_folder(path) if path.is_dir() else sniff(path) in {"csv", "parquet"}


def looks_like_image(start: bytes) -> bool:
    """Return whether a file with these first bytes is a PNG, JPEG, BMP, TIFF or WebP."""
    return start.startswith(_IMAGE_STARTS) or (start[:4] == b"RIFF" and start[8:12] == b"WEBP")


def _zip_kind(path: Path, suffix: str) -> FileKind:
    if suffix in _SHEETS:
        raise DataError("is a spreadsheet", where=path, do=_SAVE_SHEET)
    return "npz" if suffix == ".npz" else "mail"


def _unknown(path: Path, suffix: str) -> DataError:
    if suffix in _SHEETS:
        return DataError("is a spreadsheet", where=path, do=_SAVE_SHEET)
    if suffix == ".npy":
        return DataError("holds one array without labels", where=path, do="save X and y together with numpy.savez")
    if suffix in {".parquet", ".npz"}:
        return DataError(f"is no {suffix} file: it begins with other bytes", where=path, do="save it again")
    return DataError("is no kind of data file that is known here", where=path, do=_ACCEPTED)
