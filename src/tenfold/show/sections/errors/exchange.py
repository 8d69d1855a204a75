"""What one classifier fixes and breaks of another: figures, classes that change, and the instances themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.ask.comparison.compare import Comparison
from tenfold.ask.comparison.sentences import class_rows, difference_words, headline, probability_words, sentences
from tenfold.data.dataset import Dataset
from tenfold.data.pictures.tone import Tone
from tenfold.show.thumbnails import picture_uri
from tenfold.show.words import MINUS
from tenfold.text import shown

__all__ = ["Instance", "Pair", "Side", "pair_of"]

_A_SIDE = 24
_CELLS = 4
_LEVEL = 0.05
_CLASSES = 40


@dataclass(frozen=True)
class Instance:
    """One instance: what it is, what both called it, and a picture or some of its values."""

    row: str
    true: str
    first: str
    second: str
    picture: str
    told: str


@dataclass(frozen=True)
class Side:
    """The instances fixed, or broken; `left` says how many more there are."""

    title: str
    instances: tuple[Instance, ...]
    left: str
    empty: str


@dataclass(frozen=True)
class Pair:
    """
    A second classifier against a first one, ready to show.

    Parameters
    ----------
    first, second : str
    headline, verdict : str
        Who is ahead; the same with what is fixed and broken, and the test.
    rest : tuple of str
        Sentences after the verdict.
    difference, fixed, broken, both_wrong, p : str
        Text of the line in a table.
    ahead : str
        Which is ahead, or that they cannot be told apart.
    classes : tuple of tuple of str
        Lines of a table of the classes, without its head; empty where there are too many.
    sides : tuple of Side
    """

    first: str
    second: str
    headline: str
    verdict: str
    rest: tuple[str, ...]
    difference: str
    fixed: str
    broken: str
    both_wrong: str
    p: str
    ahead: str
    classes: tuple[tuple[str, ...], ...]
    sides: tuple[Side, ...]


def pair_of(found: Comparison, instances: Dataset | None, tone: Tone | None = None) -> Pair:
    """
    Lay out a comparison.

    Parameters
    ----------
    found : Comparison
    instances : Dataset or None
        The training rows of the first run.
    tone : Tone, optional
        Of the instances, where known already.
    """
    verdict, *rest = sentences(found)
    exchange = found.exchange
    if tone is None and instances is not None and instances.kind == "image":
        tone = Tone.of(np.asarray(instances.X))
    sides = (
        _side(found, f"Fixed: only {found.second} is right", exchange.fixed, instances, tone),
        _side(found, f"Broken: only {found.first} is right", exchange.broken, instances, tone),
    )
    return Pair(
        first=found.first,
        second=found.second,
        headline=headline(found),
        verdict=verdict,
        rest=tuple(rest),
        difference=difference_words(found).replace("-", MINUS),
        fixed=f"{len(exchange.fixed):,}",
        broken=f"{len(exchange.broken):,}",
        both_wrong=f"{exchange.both_wrong:,}",
        p=probability_words(found.p_adjusted).removeprefix("= "),
        ahead=_ahead(found),
        classes=_classes(found),
        sides=sides,
    )


def _classes(found: Comparison) -> tuple[tuple[str, ...], ...]:
    if len(found.task.classes) > _CLASSES:
        return ()
    return tuple((*line[:-1], line[-1].replace("-", MINUS)) for line in class_rows(found)[1:])


def _ahead(found: Comparison) -> str:
    if found.accuracy.contains_zero:
        return "cannot be told apart"
    ahead = found.second if found.accuracy.value > 0 else found.first
    # The interval is of this comparison alone; the corrected test knows of the others.
    chance = ", perhaps by chance among so many" if found.p_adjusted >= _LEVEL else ""
    return f"{ahead} is right more often{chance}"


def _side(
    found: Comparison, title: str, positions: NDArray[np.int64], instances: Dataset | None, tone: Tone | None
) -> Side:
    # Evenly over the rows, so that no stretch of the data stands for all.
    places = np.linspace(0, len(positions) - 1, min(_A_SIDE, len(positions))).round().astype(int)
    kept = positions[places]
    left = len(positions) - len(kept)
    return Side(
        title=title,
        instances=tuple(_instance(found, int(position), instances, tone) for position in kept),
        left=f"{len(kept)} of {len(positions):,}, evenly over the rows." if left else "",
        empty="" if len(kept) else "None: there is no such row.",
    )


def _instance(found: Comparison, position: int, instances: Dataset | None, tone: Tone | None) -> Instance:
    line = found.rows.iloc[position]
    picture, told = "", ""
    if instances is not None:
        place = int(found.in_first[position])
        if tone is not None:
            picture = picture_uri(tone.grey(np.asarray(instances.X)[place]))
        elif isinstance(instances.X, pd.DataFrame):
            values = instances.X.iloc[place].head(_CELLS)
            told = ", ".join(f"{shown(name, 16)} {shown(value, 16)}" for name, value in values.items())
    true, first, second = (shown(line[key], 24) for key in ("true", "first", "second"))
    return Instance(f"{int(line['row']):,}", true, first, second, picture, told)
