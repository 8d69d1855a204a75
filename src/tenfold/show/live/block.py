"""The data block of the page: everything its scripts compute with, and nothing they could not check."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup
from numpy.typing import NDArray

from tenfold.show.commands import run_again
from tenfold.show.content import Answers, Content
from tenfold.show.live import records, sprites
from tenfold.show.live.choice import certainty, certainty_of_all, combined, kept_instances
from tenfold.show.live.packing import packed, packed_codes, packed_text
from tenfold.text import shown

__all__ = ["live_block", "live_data"]

_SCORES_ROOM = 5_500_000
"""Bytes of float64 scores, before packing, up to which the scores of all classes travel with the page."""
_LONGEST_NAME = 120
_NEAREST = 3
_TASKS = ("binary", "multiclass", "multilabel")


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
        None where there are no classes, or the chosen candidate no out-of-fold lines.
    """
    if content.metrics["task"] not in _TASKS:
        return None
    lines = content.out_of_fold[content.out_of_fold["candidate"] == content.chosen]
    if lines.empty:
        return None
    about_all = {
        "candidate": shown(content.chosen, 40),
        "noun": [content.noun(1), content.noun(2)],
        "decide": content.command("decide"),
        "again": run_again({**content.manifest["config"], "decide": None, "positive": None}),
        "fold": packed_codes(lines["fold"].to_numpy()),
        "row": packed_codes(lines["row"].to_numpy()),
        "absent": content.absent,
    }
    return {**about_all, **(_by_label if content.several_labels else _of_classes)(content, lines)}


def _of_classes(content: Content, lines: pd.DataFrame) -> dict[str, Any]:
    answers = content.answers(content.chosen)
    sure = certainty(answers.predicted, answers.scores, content.threshold)
    return {
        "command": content.command("errors"),
        **_answered(content, answers, _SCORES_ROOM),
        "instances": _instances(content, lines, answers.y, answers.predicted, sure),
    }


def _by_label(content: Content, lines: pd.DataFrame) -> dict[str, Any]:
    """The answers on each label, as those of a detector of it; the instances are the same for all."""
    labels = [(name, content.of_label(name)) for name in content.classes]
    answers = [one.answers(one.chosen) for _, one in labels]
    y, predicted = combined(np.stack([one.y for one in answers]), np.stack([one.predicted for one in answers]))
    sure = [certainty(a.predicted, a.scores, _limit(one)) for a, (_, one) in zip(answers, labels, strict=True)]
    wrong = np.stack([one.y != one.predicted for one in answers])
    instances = _instances(content, lines, y, predicted, certainty_of_all(wrong, np.stack(sure)))
    told = [
        {
            "command": content.command("errors", "--label", name),
            "label": shown(name, _LONGEST_NAME),
            **_answered(one, found, _SCORES_ROOM // len(labels)),
        }
        for found, (name, one) in zip(answers, labels, strict=True)
    ]
    return {"labels": told, "instances": instances}


def _limit(content: Content) -> float:
    """The score from which a detector says yes, by its own decision where it has no threshold."""
    own = 0.5 if content.candidate["probabilities"] else 0.0
    return own if content.threshold is None else content.threshold


def _answered(content: Content, answers: Answers, room: int) -> dict[str, Any]:
    """What was answered, and how such an answer comes about; scores where they fit."""
    scores = answers.scores
    return {
        "classes": [shown(name, _LONGEST_NAME) for name in content.classes],
        "spoken": [content.spoken(name) for name in content.classes],
        "positive": content.positive is not None,
        "probabilities": bool(content.candidate["probabilities"]),
        "threshold": content.threshold,
        "rule": shown(content.decision.get("rule", ""), 60),
        "true": packed_codes(answers.y),
        "predicted": packed_codes(answers.predicted),
        "scores": None if scores is None or scores.nbytes > room else packed(np.atleast_2d(scores.T)),
        "left_out": scores is not None and scores.nbytes > room,
    }


def _instances(
    content: Content,
    lines: pd.DataFrame,
    y: NDArray[np.int64],
    predicted: NDArray[np.int64],
    sure: NDArray[np.float64],
) -> dict[str, Any] | None:
    data = content.instances
    if data is None or data.kind not in {"image", "table"}:
        return None
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
        grouped = {"group": packed_codes(y[kept])} if content.several_labels else {}
        return {**found, **grouped, **_pictures(data.X, y, kept)}
    return {**found, **records.records(data.X, y, kept)}


def _pictures(X: NDArray[np.uint8], y: NDArray[np.int64], kept: NDArray[np.int64]) -> dict[str, Any]:
    drawn = sprites.thumbnails(X, kept)
    codes = y[kept]
    return {
        "size": [int(side) for side in drawn.X.shape[1:3]],
        "dark": drawn.dark,
        "sprites": {str(one): sprites.sprite(drawn.X[codes == one]) for one in np.unique(codes).tolist()},
    }
