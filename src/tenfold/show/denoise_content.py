"""What the page of a denoising run is made from: the files of its folder, read once."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.line.restoration.pictures import Pictures, read_pictures
from tenfold.record.folder import RunFolder
from tenfold.record.run import Run
from tenfold.show.content import named

__all__ = ["DenoiseContent", "read_denoise_content"]


@dataclass(frozen=True, eq=False)
class DenoiseContent:
    """
    The content of the folder of a denoising run.

    Parameters
    ----------
    run : str
        The folder as commands name it.
    metrics, manifest : mapping
        Content of ``metrics.json`` and ``manifest.json``.
    pictures : Pictures
    errors : mapping of candidate to ndarray of float64, shape (m,)
        Mean absolute error of each judged training image, in the order of the candidates.
    """

    run: str
    metrics: Mapping[str, Any]
    manifest: Mapping[str, Any]
    pictures: Pictures
    errors: Mapping[str, NDArray[np.float64]]

    @property
    def data(self) -> Mapping[str, Any]:
        """What the manifest says about the data."""
        data: Mapping[str, Any] = self.manifest["data"]
        return data

    @property
    def folds(self) -> int:
        """Number of folds."""
        return int(self.manifest["config"]["cv"])

    @property
    def chosen(self) -> str:
        """Name of the chosen candidate."""
        return str(self.metrics["chosen"])

    @property
    def judged(self) -> Mapping[str, Any]:
        """Out-of-fold figures of the chosen candidate."""
        figures: Mapping[str, Any] = self.metrics["candidates"][self.chosen]["out_of_fold"]
        return figures

    @property
    def rows(self) -> int:
        """Training images judged out of fold."""
        return int(self.judged["mae"]["n"])

    def noun(self, count: int = 2) -> str:
        """Give the word for `count` instances."""
        return "image" if count == 1 else "images"

    def command(self, verb: str, *words: str) -> str:
        """Give a command about this run, as typed in a terminal."""
        return " ".join(["tenfold", verb, shlex.quote(self.run), *(shlex.quote(word) for word in words)])


def read_denoise_content(folder: Path) -> DenoiseContent:
    """
    Read metrics.json, manifest.json, out_of_fold.parquet and pictures.npz of a run folder.

    Raises
    ------
    DataError
        The pictures are missing or damaged.
    """
    run = Run(RunFolder(folder))
    lines = run.out_of_fold
    errors = {
        name: lines.loc[lines["candidate"] == name, "mae"].to_numpy(np.float64) for name in run.metrics["candidates"]
    }
    return DenoiseContent(named(folder), run.metrics, run.manifest, read_pictures(folder), errors)
