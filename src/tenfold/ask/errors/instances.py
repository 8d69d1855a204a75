"""The instances behind errors: in sentences, as rows of text, and with their nearest training rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.neighbours import Neighbours, nearest_outside_fold
from tenfold.ask.errors.errors import Errors
from tenfold.ask.errors.sentences import judged_words, share_text
from tenfold.data.dataset import Dataset
from tenfold.data.kinds.kind import noun_of
from tenfold.errors import UsageError
from tenfold.record.neighbours import read_neighbours
from tenfold.record.words.verdict import class_words
from tenfold.text import shown

__all__ = [
    "cell_sentence",
    "first_sentence",
    "instance_rows",
    "neighbour_columns",
    "neighbour_words",
    "neighbours_of",
    "sureness_words",
]


def neighbours_of(errors: Errors, instances: Dataset, positions: NDArray[np.int64], k: int) -> Neighbours:
    """
    Find the `k` nearest training rows of some instances, among those outside their fold.

    Those that a candidate of neighbours found while it was judged are taken as they are.

    Parameters
    ----------
    errors : Errors
        Out of fold.
    instances : Dataset
        The rows of `errors`.
    positions : ndarray of int64, shape (m,)
    k : int

    Raises
    ------
    UsageError
        The answers are those of the test part, whose rows have no fold.
    """
    if errors.part == "test":
        raise UsageError("nearest rows are found for rows judged out of fold", do="leave out --test or --neighbours")
    saved = read_neighbours(errors.run, len(errors.y))
    if saved is not None and k <= saved.rows.shape[1]:
        rows, away = saved.rows[positions, :k], saved.distances[positions, :k]
        return Neighbours(rows.astype(np.int64), away.astype(np.float64))
    return nearest_outside_fold(instances.values(), errors.lines["fold"].to_numpy(), positions, k)


def neighbour_words(errors: Errors, near: Neighbours) -> list[str]:
    """Say for each instance what its nearest rows are, the nearest first: ``5 (50,481), 5 (33), 3 (12,007)``."""
    names, rows = errors.lines["true"].to_numpy(object), errors.lines["row"].to_numpy()
    return [
        ", ".join(f"{shown(names[at], 20)} ({rows[at]:,})" for at in line if at >= 0) or "none outside its fold"
        for line in near.positions
    ]


def neighbour_columns(errors: Errors, near: Neighbours) -> pd.DataFrame:
    """Return the nearest rows as columns: row, class and distance of each, missing where there are too few."""
    lines = errors.lines[["row", "true"]].reset_index(drop=True)
    columns: dict[str, pd.Series[Any]] = {}
    for place in range(near.positions.shape[1]):
        at = pd.Series(near.positions[:, place])
        known = at.where(at >= 0)
        columns[f"neighbour:{place + 1}:row"] = known.map(lines["row"]).astype("Int64")
        columns[f"neighbour:{place + 1}:true"] = known.map(lines["true"])
        columns[f"neighbour:{place + 1}:distance"] = pd.Series(near.distances[:, place]).where(at >= 0)
    return pd.DataFrame(columns)


def sureness_words(errors: Errors) -> str:
    """Say what the column of sureness means; nothing where there is none."""
    if errors.sureness is None:
        return f"{shown(errors.candidate, 40)} gives no scores, so the order is that of the rows."
    if len(errors.task.classes) == 2:
        return "Sureness: how far the score lies from the threshold."
    return "Sureness: how far the score of the class called lies ahead of the next best."


def cell_sentence(errors: Errors, actual: str, called: str, count: int) -> str:
    """Say how many instances of a class were called another (or rightly), with their share of its rows."""
    noun = _noun(errors, 1)
    names = [class_words(errors.run.record.metrics.target, name, 30) for name in (actual, called)]
    n = int(errors.matrix[errors.code(actual)].sum())
    if not count:
        return f"No {noun} of {names[0]} was called {names[1]}."
    share = share_text(count, n)
    return (
        f"{count:,} of {n:,} {_noun(errors, n)} of {names[0]} are called {names[1]}: {share.value} "
        f"({share.interval}), {judged_words(errors.part)} by {shown(errors.candidate, 40)}."
    )


def first_sentence(errors: Errors, kind: str, count: int) -> str:
    """Say what a list of instances is, and why it is worth a look."""
    name, noun = shown(errors.candidate, 40), _noun(errors, count)
    if kind == "everyone-wrong":
        return (
            f"{count:,} of the {len(errors.everyone_wrong()):,} {_noun(errors)} that every candidate but the baseline "
            "gets wrong: the hardest, or wrongly labelled."
        )
    if kind == "surest-wrong":
        return f"The {count:,} wrong answers of {name} that were surest: wrong labels are often among them."
    return f"The {count:,} {noun} that {name} gets right, least sure of it: the next errors."


def _noun(errors: Errors, count: int = 2) -> str:
    return noun_of(errors.run.record.manifest.data.kind, count)


def instance_rows(
    errors: Errors, positions: NDArray[np.int64], instances: Dataset | None, *, answers: bool = False
) -> list[tuple[str, ...]]:
    """
    Return instances as rows of text, the head first: row, id, fold, sureness; what is unusual, or how a text begins.

    Parameters
    ----------
    errors : Errors
    positions : ndarray of int64
    instances : Dataset, optional
    answers : bool
        Also what each is and was called.
    """
    unusual = [""] * len(positions)
    if instances is not None and instances.kind == "table":
        unusual = errors.unusual(positions, instances)
    head = "unlike its class in" if any(unusual) else ""
    if instances is not None and instances.traits.text_columns:
        head, unusual = _noun(errors, 1), [instances.traits.text(instances.X, int(place)) for place in positions]
    called = ("actual", "called") if answers else ()
    sureness = "" if errors.sureness is None else "sureness"
    rows: list[tuple[str, ...]] = [("row", "id", "fold", sureness, *called, head)]
    for position, columns in zip(positions, unusual, strict=True):
        line = errors.lines.iloc[position]
        sure = "" if errors.sureness is None else f"{errors.sureness[position]:.3g}"
        fold = "" if errors.part == "test" else str(line["fold"])
        called_so = (shown(line["true"], 20), shown(line["predicted"], 20)) if answers else ()
        rows.append((f"{line['row']:,}", str(line["id"])[:12], fold, sure, *called_so, columns))
    return rows
