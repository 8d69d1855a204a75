"""A worker process of a streamed run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NoReturn

from tenfold.folds.worker import serve
from tenfold.line.streamed.job import do_stream_unit, open_stream_job

__all__ = ["main"]


def main(arguments: Sequence[str]) -> NoReturn:
    """Work on the streamed job in the folder that is the one argument."""
    serve(arguments, lambda folder: partial(do_stream_unit, open_stream_job(folder)))
