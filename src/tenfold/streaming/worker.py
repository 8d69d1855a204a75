"""A worker process of a streamed run."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from tenfold.folds.worker import serve
from tenfold.streaming.job import do_stream_unit, open_stream_job

__all__ = ["main"]


def main(folder: Path) -> None:
    """Work on the streamed job in `folder`."""
    serve(lambda: partial(do_stream_unit, open_stream_job(folder)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
