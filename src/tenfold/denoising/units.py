"""The out-of-fold loop of a denoising run: what is committed is never done again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from tenfold.data.sources.npz import read_npz
from tenfold.denoising.catalogue import BASELINE, Denoiser, entry_of
from tenfold.denoising.prepared import Prepared
from tenfold.figures.images.quality import images_at_once
from tenfold.folds.executor import tried
from tenfold.folds.loop import Progress
from tenfold.folds.unit import Unit
from tenfold.memory import peak_bytes, reset_peak
from tenfold.models.threads import limited_to
from tenfold.storage import make_folder, writing

__all__ = ["Judged", "Restored", "fitted", "judge_out_of_fold", "restored_images"]


@dataclass(frozen=True, eq=False)
class Restored:
    """
    What a candidate made of the judged training images, each by a model that has not seen it.

    Parameters
    ----------
    candidate : str
    images : ndarray of int16, shape (m, height, width) or (m, height, width, 3)
        In the order of `Prepared.judged`.
    fit_seconds, predict_seconds : float
        Of all folds.
    peak_bytes : int
        Largest of the folds.
    """

    candidate: str
    images: NDArray[np.int16]
    fit_seconds: float
    predict_seconds: float
    peak_bytes: int


@dataclass(frozen=True, eq=False)
class Judged:
    """The candidates that were judged, in the order asked, and those that failed with the reason."""

    results: dict[str, Restored]
    failures: dict[str, str]


def judge_out_of_fold(prepared: Prepared, folder: Path, tell: Callable[[Progress], None]) -> Judged:
    """
    Do every (candidate, fold) unit that is not committed yet, and put the folds together.

    Parameters
    ----------
    prepared : Prepared
    folder : Path
        Keeps the committed units.
    tell : callable
        Is told the progress after each unit.
    """
    make_folder(folder)
    units = [Unit(name, fold) for name in prepared.names for fold in range(prepared.config.cv or 0)]
    weight, failures = _weights(prepared), dict[str, str]()
    whole = sum(weight[unit.candidate] for unit in units)
    waiting = [unit for unit in units if not _path(folder, unit).exists()]
    done = len(units) - len(waiting)
    spent = whole - sum(weight[unit.candidate] for unit in waiting)
    tell(Progress(None, None, done, len(units), spent / whole))
    for unit in waiting:
        if unit.candidate in failures:
            continue
        failure = _do(prepared, folder, unit)
        if failure is not None:
            failures[unit.candidate] = f"fold {unit.fold + 1}: {failure}"
        done, spent = done + (failure is None), spent + weight[unit.candidate]
        tell(Progress(unit, failure, done, len(units), spent / whole))
    names = [name for name in prepared.names if name not in failures]
    return Judged({name: _gathered(prepared, folder, name) for name in names}, failures)


def _weights(prepared: Prepared) -> dict[str, float]:
    folds, values = prepared.config.cv or 1, len(prepared.task.classes)
    rows, queries = len(prepared.training) * (folds - 1) // folds, len(prepared.judged) // folds
    return {name: 0.05 + entry_of(name).seconds(rows, queries, values) for name in prepared.names}


def _do(prepared: Prepared, folder: Path, unit: Unit) -> str | None:
    """Do one unit and commit it; give the reason where the candidate fails (storage faults are raised)."""
    return tried(lambda: _commit(prepared, _path(folder, unit), unit))


def _commit(prepared: Prepared, path: Path, unit: Unit) -> None:
    learn = np.flatnonzero(prepared.folds != unit.fold)
    places = np.flatnonzero(prepared.folds[prepared.judged] == unit.fold)
    training = prepared.training
    reset_peak()
    start = time.perf_counter()
    model = fitted(unit.candidate, training.noisy[learn], training.clean[learn])
    ready = time.perf_counter()
    images = restored_images(unit.candidate, model, training.noisy[prepared.judged[places]], prepared.peak)
    about = {
        "fit_seconds": ready - start,
        "predict_seconds": time.perf_counter() - ready,
        "peak_bytes": peak_bytes(),
    }
    with writing(path) as draft, draft.open("wb") as file:
        np.savez(file, about=np.array(json.dumps(about)), places=places, images=images)


def fitted(name: str, noisy: NDArray[np.int16], clean: NDArray[np.uint8]) -> Denoiser:
    """Fit a candidate; numerical libraries get one thread, so that figures do not depend on the cores."""
    with limited_to(1):
        return entry_of(name).fit(noisy, clean)


def restored_images(name: str, model: Denoiser, noisy: NDArray[np.int16], peak: int) -> NDArray[np.int16]:
    """
    Restore images to whole grey levels from black to white, a bounded number at a time.

    The baseline is left as it is, values beyond black and white and all: it does nothing.
    """
    out = np.empty(noisy.shape, np.int16)
    step = images_at_once(noisy.shape[1:])
    for start in range(0, len(noisy), step):
        part = slice(start, start + step)
        with limited_to(1):
            given = model.restored(noisy[part])
        if not np.isfinite(given).all():
            raise ValueError("it gives a value that is no number")
        out[part] = given if name == BASELINE else np.rint(np.clip(given, 0, peak))
    return out


def _gathered(prepared: Prepared, folder: Path, name: str) -> Restored:
    images = np.empty((len(prepared.judged), *prepared.training.noisy.shape[1:]), np.int16)
    spent: list[dict[str, Any]] = []
    for fold in range(prepared.config.cv or 0):
        kept = read_npz(_path(folder, Unit(name, fold)), within=folder)
        images[kept["places"]] = kept["images"]
        spent.append(json.loads(str(kept["about"])))
    fit, predict = (sum(one[f"{what}_seconds"] for one in spent) for what in ("fit", "predict"))
    return Restored(name, images, fit, predict, max(one["peak_bytes"] for one in spent))


def _path(folder: Path, unit: Unit) -> Path:
    return folder / f"{quote(unit.candidate, safe='')}.{unit.fold}.npz"
