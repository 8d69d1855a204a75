"""The limits that protect the machine from files that are larger than they look."""

from __future__ import annotations

from pathlib import Path

from tenfold.errors import LimitError

__all__ = [
    "FIELD_BYTES",
    "FILE_BYTES",
    "LINE_BYTES",
    "MEMBERS",
    "PIXELS",
    "RATIO_FREE_BYTES",
    "STREAMS",
    "TABLE_COLUMNS",
    "UNPACKED_BYTES",
    "UNPACKED_RATIO",
    "refuse_bomb",
]

FILE_BYTES = 2 * 1024**3
UNPACKED_BYTES = 4 * 1024**3
UNPACKED_RATIO = 100
# Blank images pack a thousand to one; below this size a high ratio harms nobody.
RATIO_FREE_BYTES = 256 * 1024**2
MEMBERS = 200_000
PIXELS = 25_000_000
TABLE_COLUMNS = 20_000
FIELD_BYTES = 1024**2
LINE_BYTES = 64 * 1024**2


STREAMS = "give a part of it; tenfold run and tenfold predict stream a table of any size"
"""What to do about a table that is too large for memory."""


def refuse_bomb(
    path: Path, packed: int, unpacked: int, *, most: int | None = UNPACKED_BYTES, do: str = "give a part of it"
) -> None:
    """
    Refuse a file that decompresses to more than fits in memory.

    Parameters
    ----------
    path : Path
        For the message.
    packed, unpacked : int
        Size on disk and in memory, in bytes; `unpacked` may be a running count.
    most : int, optional
        Limit in bytes; None where only a batch is in memory.
    do : str
        What to do about it, for the message.

    Raises
    ------
    LimitError
        Over 4 GiB, or over 256 MiB and a hundred times the compressed size.

    Examples
    --------
    >>> refuse_bomb(Path("digits.gz"), packed=10_000_000, unpacked=47_000_000)
    """
    if most is not None and unpacked > most:
        raise LimitError(f"unpacks to {unpacked:,} bytes or more, over the limit of {most:,}", where=path, do=do)
    if unpacked > RATIO_FREE_BYTES and unpacked > UNPACKED_RATIO * packed:
        raise LimitError(
            f"{packed:,} bytes unpack to {unpacked:,} or more, over the limit of {UNPACKED_RATIO} to 1",
            where=path,
            do="give a part of it, or unpack it yourself if you trust it",
        )
