"""The images behind errors on one sheet: a cell alone, or the classic four blocks of two classes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tenfold.ask.errors.errors import Errors
from tenfold.ask.errors.quantities import QuantityErrors
from tenfold.data.dataset import Dataset
from tenfold.data.pictures.sheet import Block, draw_sheet
from tenfold.data.pictures.tone import Tone
from tenfold.errors import UsageError
from tenfold.text import shown

__all__ = ["cell_sheet", "four_blocks", "mixed_sheet", "quantity_sheet"]

_SIDE = 5
_ACROSS, _ROWS = 10, 6
_NAME, _CAPTION = 13, 5
_TITLES = {
    "surest-wrong": "The surest wrong answers",
    "hardest-right": "Right, but hardly",
    "everyone-wrong": "Wrong for every candidate",
}

_TITLES_OF_QUANTITIES = {
    "worst": "Furthest off",
    "outside": "Furthest outside their intervals",
    "suspects": "True values worth a second look",
}


def four_blocks(errors: Errors, instances: Dataset, first: str, second: str) -> Image.Image:
    """
    Draw two classes as they were called: each called either, five by five images a block, the surest first.

    Parameters
    ----------
    errors : Errors
    instances : Dataset
        The rows of `errors`, images.
    first, second : str
        Classes.

    Raises
    ------
    UsageError
        There are no images.
    """
    X = _images(instances)
    blocks = [_block(errors, X, actual, called) for actual in (first, second) for called in (first, second)]
    return draw_sheet(blocks, Tone.of(X), across=2, per_row=_SIDE, rows=_SIDE)


def cell_sheet(errors: Errors, instances: Dataset, actual: str, called: str) -> Image.Image:
    """Draw up to sixty images of one cell, the surest first, each with how sure the answer was."""
    X = _images(instances)
    positions = errors.cell(actual, called)[: _ACROSS * _ROWS]
    captions = () if errors.sureness is None else tuple(f"{errors.sureness[p]:.3g}" for p in positions)
    block = _block(errors, X, actual, called, captions)
    rows = max(1, -(-len(positions) // _ACROSS))
    return draw_sheet([block], Tone.of(X), across=1, per_row=_ACROSS, rows=rows)


def mixed_sheet(errors: Errors, instances: Dataset, positions: NDArray[np.int64], kind: str) -> Image.Image:
    """Draw images of any cell in the order given, each with what it is and what it was called."""
    X, names = _images(instances), errors.task.classes
    some = positions[: _ACROSS * _ROWS]
    captions = tuple(
        f"{shown(names[errors.y[at]], _CAPTION)} as {shown(names[errors.predicted[at]], _CAPTION)}" for at in some
    )
    note = f"{len(some):,} images; under each what it is, and what it was called"
    block = Block(_TITLES[kind], note, X[some], captions, kind != "hardest-right", "There is none.")
    return draw_sheet([block], Tone.of(X), across=1, per_row=_ACROSS, rows=max(1, -(-len(some) // _ACROSS)))


def quantity_sheet(errors: QuantityErrors, positions: NDArray[np.int64], kind: str) -> Image.Image:
    """
    Draw images whose quantities are predicted badly in the order given, each with its true and its predicted value.

    Raises
    ------
    UsageError
        There are no images.
    """
    if errors.instances is None:
        raise UsageError("a sheet needs the rows, which cannot be loaded", where=errors.run.path)
    X, some = _images(errors.instances), positions[: _ACROSS * _ROWS]
    column = errors.column
    captions = tuple(f"{_short(column.y[at])} as {_short(column.predicted[at])}" for at in some.tolist())
    note = f"{len(some):,} image{'' if len(some) == 1 else 's'}; under each what is true, and what was predicted"
    block = Block(_TITLES_OF_QUANTITIES[kind], note, X[some], captions, True, "There is none.")
    return draw_sheet([block], Tone.of(X), across=1, per_row=_ACROSS, rows=max(1, -(-len(some) // _ACROSS)))


def _short(value: float) -> str:
    """A number for the foot of a small image: two figures, whole from 10 on."""
    return f"{value:.0f}" if 10 <= abs(value) < 1000 else f"{value:.2g}".replace("e+0", "e").replace("e-0", "e-")


def _images(instances: Dataset) -> NDArray[np.uint8]:
    if instances.kind != "image":
        raise UsageError(f"a sheet needs images; these are {instances.traits.noun()}", do="ask for --csv instead")
    return np.asarray(instances.X)


def _block(
    errors: Errors, X: NDArray[np.uint8], actual: str, called: str, captions: tuple[str, ...] = ()
) -> Block:  # fmt: skip
    positions = errors.cell(actual, called)
    count = len(positions)
    shown_now = positions[: len(captions) or _SIDE * _SIDE]
    note = f"{count:,} image{'' if count == 1 else 's'}" + (", the surest first" if count > 1 else "")
    note += "; the number says how sure" if captions else ""
    first, second = shown(actual, _NAME), shown(called, _NAME)
    empty = f"No image of {first} was called {second}."
    return Block(f"{first} called {second}", note, X[shown_now], captions, actual != called, empty)
