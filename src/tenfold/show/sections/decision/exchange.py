"""What one classifier fixes and breaks of another: figures, classes that change, and the instances themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.ask.comparison.compare import Comparison
from tenfold.ask.comparison.sentences import class_rows, difference_words, headline, probability_words, sentences
from tenfold.data.dataset import Dataset
from tenfold.data.pictures.tone import Tone
from tenfold.show.drawing.pictures import picture_uri
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
    values: str


@dataclass(frozen=True)
class Side:
    """The instances fixed, or broken; `more` says how many more there are."""

    title: str
    instances: tuple[Instance, ...]
    more: str
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


def pair_of(comparison: Comparison, instances: Dataset | None, tone: Tone | None = None) -> Pair:
    """
    Lay out a comparison.

    Parameters
    ----------
    comparison : Comparison
    instances : Dataset or None
        The training rows of the first run.
    tone : Tone, optional
        Of the instances, where known already.
    """
    verdict, *rest = sentences(comparison)
    exchange = comparison.exchange
    if tone is None and instances is not None and (pictures := instances.pictures()) is not None:
        tone = Tone.of(pictures)
    sides = (
        _side(comparison, f"Fixed: only {comparison.second} is right", exchange.fixed, instances, tone),
        _side(comparison, f"Broken: only {comparison.first} is right", exchange.broken, instances, tone),
    )
    return Pair(
        first=comparison.first,
        second=comparison.second,
        headline=headline(comparison),
        verdict=verdict,
        rest=tuple(rest),
        difference=difference_words(comparison).replace("-", MINUS),
        fixed=f"{len(exchange.fixed):,}",
        broken=f"{len(exchange.broken):,}",
        both_wrong=f"{exchange.both_wrong:,}",
        p=probability_words(comparison.p_adjusted).removeprefix("= "),
        ahead=_ahead(comparison),
        classes=_classes(comparison),
        sides=sides,
    )


def _classes(comparison: Comparison) -> tuple[tuple[str, ...], ...]:
    if len(comparison.task.classes) > _CLASSES:
        return ()
    return tuple((*line[:-1], line[-1].replace("-", MINUS)) for line in class_rows(comparison)[1:])


def _ahead(comparison: Comparison) -> str:
    if comparison.accuracy.contains_zero:
        return "cannot be told apart"
    ahead = comparison.second if comparison.accuracy.value > 0 else comparison.first
    # The interval is of this comparison alone; the corrected test knows of the others.
    chance = ", perhaps by chance among so many" if comparison.p_adjusted >= _LEVEL else ""
    return f"{ahead} is right more often{chance}"


def _side(
    comparison: Comparison, title: str, positions: NDArray[np.int64], instances: Dataset | None, tone: Tone | None
) -> Side:
    # Evenly over the rows, so that no stretch of the data stands for all.
    places = np.linspace(0, len(positions) - 1, min(_A_SIDE, len(positions))).round().astype(int)
    some = positions[places]
    more = len(positions) - len(some)
    return Side(
        title=title,
        instances=tuple(_instance(comparison, int(position), instances, tone) for position in some),
        more=f"{len(some)} of {len(positions):,}, evenly over the rows." if more else "",
        empty="" if len(some) else "None: there is no such row.",
    )


def _instance(comparison: Comparison, position: int, instances: Dataset | None, tone: Tone | None) -> Instance:
    line = comparison.rows.iloc[position]
    picture, values = "", ""
    if instances is not None:
        place = int(comparison.in_first[position])
        pictures = None if tone is None else instances.pictures(slice(place, place + 1))
        if tone is not None and pictures is not None:
            picture = picture_uri(tone.grey(pictures[0]))
        elif (table := instances.table) is not None:
            cells = table.iloc[place].head(_CELLS).items()
            values = ", ".join(f"{shown(name, 16)} {shown(value, 16)}" for name, value in cells)
        else:
            values = instances.traits.text(instances.X, place)
    true, first, second = (shown(line[key], 24) for key in ("true", "first", "second"))
    return Instance(f"{int(line['row']):,}", true, first, second, picture, values)
