"""What travels to a worker that shares no file system: the job's files as one run of bytes, and its answers."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tenfold.data.kinds.storage import STORED_FILES
from tenfold.regular_files import open_regular
from tenfold.storage import make_folder, write_whole

__all__ = ["Answer", "pack_job", "unpack_job"]

_FILES = ("codes.npy", "folds.npy", "sample.npy", *STORED_FILES, "job.json")


def pack_job(folder: Path) -> bytes:
    """
    Give the files that `open_job` needs, stored one after the other without compression.

    Parameters
    ----------
    folder : Path
        Written by `write_job`.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in _FILES:
            if (folder / name).exists():
                with (
                    open_regular(folder / name, within=folder) as file,
                    archive.open(name, "w", force_zip64=True) as to,
                ):
                    shutil.copyfileobj(file, to, 1 << 20)
    return buffer.getvalue()


def unpack_job(parcel: bytes, folder: Path) -> None:
    """
    Write the files of a parcel into a folder, ``job.json`` last; only names of the list are written.

    Parameters
    ----------
    parcel : bytes
        Of `pack_job`.
    folder : Path
        Made where it is missing.

    Raises
    ------
    StorageError
        The folder cannot be written.
    """
    make_folder(folder)
    with zipfile.ZipFile(io.BytesIO(parcel)) as archive:
        for name in [known for known in _FILES if known in archive.namelist()]:
            write_whole(folder / name, archive.read(name))


@dataclass(frozen=True)
class Answer:
    """
    What a worker says about a unit.

    Parameters
    ----------
    packed : bytes
        The result as `pack_results` gives it; empty where there is none.
    failure : str, optional
        Why the candidate failed.
    storage : str, optional
        Why the worker could not keep the data.

    Examples
    --------
    >>> Answer.of_bytes(Answer(b"npz").as_bytes())
    Answer(packed=b'npz', failure=None, storage=None)
    """

    packed: bytes = b""
    failure: str | None = None
    storage: str | None = None

    def as_bytes(self) -> bytes:
        """Give one line of JSON and, after it, the result."""
        return json.dumps({"failure": self.failure, "storage": self.storage}).encode() + b"\n" + self.packed

    @staticmethod
    def of_bytes(content: bytes) -> Answer:
        """Read what `as_bytes` gave; a ValueError or TypeError where it is something else."""
        line, _, packed = content.partition(b"\n")
        return Answer(packed, **json.loads(line))
