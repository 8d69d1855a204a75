"""Types that have moved since a model was saved: its file names them as of then, and is read as of today."""

from __future__ import annotations

import io
import re
import zipfile
from typing import BinaryIO

from tenfold.record.bundle.archive import open_archive
from tenfold.record.bundle.limits import JSON_BYTES

__all__ = ["DESCRIPTION", "FORMER_MODULES", "with_names_of_today"]

DESCRIPTION = "schema.json"
"""The member of a pipeline file that names its types."""

FORMER_MODULES = {
    "tenfold.bundle.packed": "tenfold.record.bundle.packed",
    "tenfold.models.support": "tenfold.models.support.classifier",
    "tenfold.preparation.image": "tenfold.data.kinds.image.preparation",
}
"""Module that a saved type was in -> module that it is in."""

_MODULE = re.compile(rb'("__module__"\s*:\s*)"(' + b"|".join(re.escape(m.encode()) for m in FORMER_MODULES) + rb')"')


def with_names_of_today(file: BinaryIO) -> BinaryIO:
    """
    Return a pipeline file that names each type where it is today.

    Nothing is trusted by it: what comes out is vetted as any other file.

    Parameters
    ----------
    file : binary file
        Open for reading.

    Returns
    -------
    binary file
        The same one where no name has changed, at its start; else a copy in memory.

    Raises
    ------
    Refused
        It is no zip as we write it, or over a limit.
    """
    with open_archive(file) as archive:
        text = archive.read(DESCRIPTION) if _is_readable(archive) else b""
        renamed = _MODULE.sub(_today, text)
        if renamed != text:
            return _rewritten(archive, renamed)
    file.seek(0)
    return file


def _is_readable(archive: zipfile.ZipFile) -> bool:
    return DESCRIPTION in archive.namelist() and archive.getinfo(DESCRIPTION).file_size <= JSON_BYTES


def _today(match: re.Match[bytes]) -> bytes:
    return match.group(1) + b'"' + FORMER_MODULES[match.group(2).decode()].encode() + b'"'


def _rewritten(archive: zipfile.ZipFile, description: bytes) -> BinaryIO:
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as target:
        for entry in archive.infolist():
            content = description if entry.filename == DESCRIPTION else archive.read(entry)
            target.writestr(zipfile.ZipInfo(entry.filename), content)
    copy.seek(0)
    return copy
