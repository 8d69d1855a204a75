"""The images and error maps a reader is shown: chosen by rank from the judged training images, kept in one file."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.entry import BASELINE
from tenfold.errors import DataError
from tenfold.line.restoration.judgement import Judgement, class_labels
from tenfold.record.reading import read_run_arrays
from tenfold.storage import writing

__all__ = ["NAME", "Pictures", "pictures_of", "read_pictures", "write_pictures"]

NAME = "pictures.npz"
_EACH = 12
_MOST_CLASSES = 20
_LARGEST = 64
"""Longest side of an image kept, in pixels: larger ones are thinned, for they are shown small."""


@dataclass(frozen=True, eq=False)
class Pictures:
    """
    Images of the judged training part as the chosen candidate restored them, out of fold.

    Parameters
    ----------
    noisy, restored : ndarray of int16, shape (s, height, width) or (s, height, width, 3)
    clean : ndarray of uint8, of that shape
    row : ndarray of int64, shape (s,)
        Position in the source.
    fold : ndarray of int16, shape (s,)
    mae : ndarray of float64, shape (s,)
    label : ndarray of str, shape (s,)
        Class; empty where there is none.
    group : ndarray of str, shape (s,)
        ``worst``, ``middle``, ``best``, or ``class`` (an image of median error of each class).
    before, after : ndarray of float64, shape (height, width)
        Mean absolute error of each pixel over all judged images, of doing nothing and of the chosen candidate.
    """

    noisy: NDArray[np.int16]
    restored: NDArray[np.int16]
    clean: NDArray[np.uint8]
    row: NDArray[np.int64]
    fold: NDArray[np.int16]
    mae: NDArray[np.float64]
    label: NDArray[np.str_]
    group: NDArray[np.str_]
    before: NDArray[np.float64]
    after: NDArray[np.float64]


def pictures_of(judgement: Judgement) -> Pictures:
    """Choose what is shown: the twelve worst, middle and best by error, and a middling one of each class."""
    chosen, pairs = judgement.candidates[judgement.chosen], judgement.pairs
    mae, n = chosen.quality.mae, len(pairs)
    order, each = np.argsort(-mae, kind="stable"), min(_EACH, n)
    start = (n - each) // 2
    groups = {"worst": order[:each], "middle": order[start : start + each], "best": order[n - each :][::-1]}
    groups["class"] = _of_each_class(judgement, mae)
    places = np.concatenate(list(groups.values())).astype(np.int64)
    step = max(1, -(-max(pairs.noisy.shape[1:3]) // _LARGEST))
    labels = pairs.labels
    nothing = judgement.candidates.get(BASELINE, chosen)
    return Pictures(
        noisy=pairs.noisy[places, ::step, ::step],
        restored=chosen.result.predicted[places, ::step, ::step],
        clean=pairs.clean[places, ::step, ::step],
        row=pairs.data.rows[places],
        fold=judgement.fold[places],
        mae=mae[places],
        label=np.array([""] * len(places) if labels is None else labels[places].tolist(), dtype=np.str_),
        group=np.repeat(list(groups), [len(places) for places in groups.values()]),
        before=nothing.errors,
        after=chosen.errors,
    )


def _of_each_class(judgement: Judgement, mae: NDArray[np.float64]) -> NDArray[np.int64]:
    labels = class_labels(judgement.pairs)
    if labels is None or len(places := [name.partition(":")[2] for name in _class_keys(judgement)]) > _MOST_CLASSES:
        return np.empty(0, np.int64)
    middling = []
    for name in places:
        rows = np.flatnonzero(labels == name)
        middling.append(rows[np.argsort(mae[rows], kind="stable")[len(rows) // 2]])
    return np.array(middling, np.int64)


def _class_keys(judgement: Judgement) -> list[str]:
    return [key for key in judgement.candidates[judgement.chosen].estimates if key.startswith("mae:")]


def write_pictures(folder: Path, pictures: Pictures) -> None:
    """Write them into a run folder, whole or not at all."""
    arrays: dict[str, Any] = {field.name: getattr(pictures, field.name) for field in fields(Pictures)}
    with writing(folder / NAME) as draft, draft.open("wb") as file:
        np.savez_compressed(file, **arrays)


def read_pictures(folder: Path) -> Pictures:
    """
    Read what `write_pictures` wrote.

    Raises
    ------
    DataError
        The file is missing or damaged.
    """
    path = folder / NAME
    if not path.exists():
        raise DataError("this file of the run is missing", where=path, do="repeat the run")
    arrays = read_run_arrays(path, folder)
    if missing := next((field.name for field in fields(Pictures) if field.name not in arrays), None):
        raise DataError(f"damaged: no array '{missing}'", where=path, do="repeat the run")
    return Pictures(**{field.name: arrays[field.name] for field in fields(Pictures)})
