"""``report.html``: a run folder read, drawn and written as one self-contained file."""

from __future__ import annotations

from pathlib import Path

from tenfold.data.dataset import Dataset
from tenfold.record.folder import RunFolder
from tenfold.record.run import Run
from tenfold.record.words.restoration import is_denoised
from tenfold.show.content import read_content
from tenfold.show.denoise_page import denoise_page
from tenfold.show.page import page
from tenfold.storage import write_whole

__all__ = ["write_report"]

_NAME = "report.html"


def write_report(folder: Path, instances: Dataset | None = None) -> Path:
    """
    Write the report of a run into its folder, whole or not at all.

    The page needs no network; every name from the data is escaped.

    Parameters
    ----------
    folder : Path
        A run folder: metrics.json, manifest.json, out_of_fold.parquet and, if there is one, test.parquet.
    instances : Dataset, optional
        The training rows in the order of their out-of-fold predictions. Loaded from the run's source if they are
        not given; where that is not possible the page is drawn without them and says why.

    Returns
    -------
    Path
        Of ``report.html``.
    """
    path = folder / _NAME
    denoised = is_denoised(Run(RunFolder(folder)).metrics)
    write_whole(path, denoise_page(folder) if denoised else page(read_content(folder, instances)))
    return path
