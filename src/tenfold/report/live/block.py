"""The data block of the page: everything its scripts compute with, and nothing they could not check."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup
from numpy.typing import NDArray

from tenfold.report.commands import run_again
from tenfold.report.content import Content
from tenfold.report.live import records, sprites
from tenfold.report.live.choice import certainty, kept_instances
from tenfold.report.live.packing import packed, packed_codes, packed_text
from tenfold.text import shown

__all__ = ["live_block", "live_data"]

_SCORES_ROOM = 5_500_000
"""Bytes of float64 scores, before packing, up to which the scores of all classes travel with the page."""
_LONGEST_NAME = 120
_NEAREST = 3
_TASKS = ("binary", "multiclass")


def live_block(content: Content) -> Markup | None:
    """
    Give the data block as JSON that can stand inside a script element; None where there is nothing to open.

    The text holds no ``<``, so that no name from the data can end the element.
    """
    data = live_data(content)
    if data is None:
        return None
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def live_data(content: Content) -> dict[str, Any] | None:
    """
    Gather the answers, scores and instances of the chosen candidate.

    Parameters
    ----------
    content : Content

    Returns
    -------
    dict or None
        None where a row has not one class, or the chosen candidate no out-of-fold lines.
    """
    if content.metrics["task"] not in _TASKS:
        return None
    lines = content.out_of_fold[content.out_of_fold["candidate"] == content.chosen]
    if lines.empty:
        return None
    y, predicted = (_codes(content, lines[name]) for name in ("true", "predicted"))
    scored = content.scored(content.chosen)
    scores = None if scored is None else scored.scores
    return {
        "command": content.command("errors"),
        "decide": content.command("decide"),
        "again": run_again({**content.manifest["config"], "decide": None, "positive": None}),
        "candidate": shown(content.chosen, 40),
        "noun": [content.noun(1), content.noun(2)],
        "classes": [shown(name, _LONGEST_NAME) for name in content.classes],
        "spoken": [content.spoken(name) for name in content.classes],
        "positive": content.positive is not None,
        "probabilities": bool(content.candidate["probabilities"]),
        "threshold": content.threshold,
        "rule": shown(content.decision.get("rule", ""), 60),
        "true": packed_codes(y),
        "predicted": packed_codes(predicted),
        "fold": packed_codes(lines["fold"].to_numpy()),
        "row": packed_codes(lines["row"].to_numpy()),
        "scores": _scores(scores),
        "left_out": scores is not None and scores.nbytes > _SCORES_ROOM,
        "instances": _instances(content, lines, y, predicted, scores),
        "absent": content.absent,
    }


def _codes(content: Content, names: pd.Series[Any]) -> NDArray[np.int64]:
    return pd.Categorical(names, categories=list(content.classes)).codes.astype(np.int64)


def _scores(scores: NDArray[np.float64] | None) -> dict[str, Any] | None:
    """All scores, a class after the other; None where there are none or they would not fit."""
    if scores is None or scores.nbytes > _SCORES_ROOM:
        return None
    return packed(np.atleast_2d(scores.T))


def _instances(
    content: Content,
    lines: pd.DataFrame,
    y: NDArray[np.int64],
    predicted: NDArray[np.int64],
    scores: NDArray[np.float64] | None,
) -> dict[str, Any] | None:
    data = content.instances
    if data is None or data.kind not in {"image", "table"}:
        return None
    sure = certainty(predicted, scores, content.threshold)
    each = sprites.bytes_of_one(data.X) if isinstance(data.X, np.ndarray) else records.bytes_of_one(data.X)
    near = content.neighbours
    rows = None if near is None else near.rows[:, :_NEAREST]
    kept = kept_instances(y, predicted, sure, each + 24, near=rows)
    found = {"kept": packed_codes(kept), "ids": packed_text(lines["id"].iloc[kept].astype(str).tolist())}
    if near is not None and rows is not None:
        copies = ", which learnt from shifted copies of them too" if "augment" in content.metrics else ""
        by, each_has = f"{shown(near.candidate, 40)}{copies}", rows.shape[1]
        found["nearest"] = {"by": by, "each": each_has, "rows": packed_codes(rows[kept].ravel())}
    if isinstance(data.X, np.ndarray):
        return {**found, **_pictures(data.X, y, kept)}
    return {**found, **records.records(data.X, y, kept)}


def _pictures(X: NDArray[np.uint8], y: NDArray[np.int64], kept: NDArray[np.int64]) -> dict[str, Any]:
    drawn = sprites.thumbnails(X, kept)
    codes = y[kept]
    return {
        "size": [int(side) for side in drawn.X.shape[1:3]],
        "dark": drawn.dark,
        "sprites": {str(one): sprites.sprite(drawn.X[codes == one]) for one in np.unique(codes).tolist()},
    }
