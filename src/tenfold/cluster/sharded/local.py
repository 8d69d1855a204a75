"""Shards held by this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from numpy.typing import NDArray

from tenfold.cluster.sharded.nearest import NearestLabelled
from tenfold.cluster.sharded.part import FilePart, Part, files_seen
from tenfold.cluster.sharded.shard import Facts, Shard, opened_shard
from tenfold.errors import DataError

__all__ = ["ShardsHere"]


class ShardsHere:
    """
    Shards in the memory of this process, for training sets that fit and for trying things out.

    Parameters
    ----------
    threads : int
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._shards: list[Shard] = []

    @property
    def workers(self) -> int:
        """Only this process."""
        return 1

    def files(self, paths: Sequence[str]) -> list[list[str]]:
        """Give the files that each path stands for, or raise `DataError` where there is none."""
        seen = files_seen(paths)
        for path, files in zip(paths, seen, strict=True):
            if files is None:
                raise DataError("no such file or folder", where=path, do="check the path")
        return [files for files in seen if files is not None]

    def open(self, parts: Sequence[Part]) -> list[Facts]:
        """Read and pack every part."""
        self._shards = [_opened(part) for part in parts]
        return [shard.facts for shard in self._shards]

    def answers(self, chunks: Sequence[NDArray[Any]], k: int) -> Iterator[tuple[int, int, NearestLabelled]]:
        """Give, for each chunk of queries and each shard, the numbers of both and the nearest rows of the shard."""
        for number, chunk in enumerate(chunks):
            for place, shard in enumerate(self._shards):
                yield number, place, shard.nearest(chunk, k, self._threads)


def _opened(part: Part) -> Shard:
    try:
        return opened_shard(part)
    except FileNotFoundError:
        where = part.path if isinstance(part, FilePart) else None
        raise DataError("no such file", where=where, do="check the path") from None
