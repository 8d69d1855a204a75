"""A worker process of a streamed run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

from tenfold.folds.worker import serve
from tenfold.line.streamed.job import do_stream_unit, open_stream_job

__all__ = ["main"]


def main(arguments: Sequence[str]) -> NoReturn:
    """Work on the streamed job in the folder that is the one argument."""
    serve(lambda: partial(do_stream_unit, open_stream_job(Path(arguments[0]))))
