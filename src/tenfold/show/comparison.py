"""A comparison of runs as one self-contained page."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from tenfold.ask.comparison.compare import Comparison
from tenfold.data.dataset import Dataset
from tenfold.record.words.verdict import metric_words
from tenfold.show.document import fill, whole_page
from tenfold.show.sections.decision.exchange import pair_of
from tenfold.storage import write_whole
from tenfold.text import shown

__all__ = ["comparison_page", "write_comparison"]


def comparison_page(
    comparisons: Sequence[Comparison], instances: Sequence[Dataset | None], *, command: str, absent: str = ""
) -> str:
    """
    Draw comparisons of runs.

    Parameters
    ----------
    comparisons : sequence of Comparison
    instances : sequence of Dataset or None
        Of each comparison, the training rows of its first run.
    command : str
        That draws the page again.
    absent : str
        Why instances are missing, if some are.

    Returns
    -------
    str
        HTML that names no other file.
    """
    pairs = [pair_of(one, data) for one, data in zip(comparisons, instances, strict=True)]
    metric = metric_words(comparisons[0].metric)
    body = fill("decision/comparison.html", pairs=pairs, metric=metric, command=command, absent=absent)
    return whole_page("Comparison", body)


def write_comparison(
    path: Path,
    comparisons: Sequence[Comparison],
    instances: Sequence[Dataset | None],
    *,
    runs: Sequence[Path],
    absent: str = "",
) -> None:
    """Write the page of a comparison of `runs`, whole or not at all."""
    command = shown(" ".join(["tenfold", "compare", *(shlex.quote(str(run)) for run in runs)]), 400)
    write_whole(path, comparison_page(comparisons, instances, command=command, absent=absent))
