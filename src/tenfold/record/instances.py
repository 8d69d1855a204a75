"""The training instances of a finished run: loaded again from its source, and the very same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from tenfold.data.dataset import Dataset
from tenfold.data.scratch import Scratch
from tenfold.data.sources.catalogue import NAMES
from tenfold.errors import DataError, UsageError
from tenfold.folds.start import worker_count
from tenfold.record.config import read_config
from tenfold.record.run import Run
from tenfold.record.source import at_hand, load_source

__all__ = ["judged_instances", "training_instances", "with_rows"]


def training_instances(run: Run) -> Dataset:
    """
    Load the training rows of a run from its source, in the order of its out-of-fold predictions.

    Raises
    ------
    TenfoldError
        The source is not there any more, or no longer holds the instances that were judged.
    """
    return judged_instances(run, run.lines(run.chosen))


def with_rows(run: Run) -> Run:
    """
    Return a run with all its rows at hand, loaded from its source where they were not.

    Raises
    ------
    TenfoldError
        The source is not there any more.
    """
    return run if run.data is not None else replace(run, data=_loaded(run))


def judged_instances(run: Run, lines: pd.DataFrame) -> Dataset:
    """
    Load the instances of some predictions of a run from its source, in their order.

    Parameters
    ----------
    run : Run
    lines : DataFrame
        Lines of out_of_fold.parquet or test.parquet.

    Raises
    ------
    TenfoldError
        The source is not there any more, or no longer holds the instances that were judged.
    """
    data = run.data if run.data is not None else _loaded(run)
    rows = lines["row"].to_numpy(np.int64)
    # Rows without a label may have been left out, so a position in the source need not be one in the data.
    places = np.searchsorted(data.rows, rows)
    if places.max() < len(data):
        instances = data.take(places)
        if np.array_equal(instances.ids, lines["id"].to_numpy(object)):
            return instances
    raise DataError("these are not the data of the run any more", where=data.source, do="give the run its data back")


def _loaded(run: Run) -> Dataset:
    config = at_hand(read_config(run.folder.config, run.path), run.path)
    named = config.source in NAMES or config.source != run.record.manifest.data.name or Path(config.source).exists()
    try:
        if named:
            return load_source(config, Scratch(processes=worker_count(None)))
    except UsageError:  # a data set that was given may have been loaded with more options than the config holds
        pass
    raise DataError(
        "its data were in memory, and are not at hand", where=run.path,
        do="give them again, in Python: tenfold.open_run(folder, X, y)",
    )  # fmt: skip
