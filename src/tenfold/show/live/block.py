"""The data block of the page: everything its scripts compute with, and nothing they could not check."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup
from numpy.typing import NDArray

from tenfold.show.commands import run_again
from tenfold.show.content import Content
from tenfold.show.live import messages, records, sprites
from tenfold.show.live.choice import certainty, certainty_of_all, combined, instances_that_fit
from tenfold.show.live.packing import packed, packed_codes, packed_text
from tenfold.show.predictions import Predictions
from tenfold.text import shown

__all__ = ["live_block", "predictions_by_class", "predictions_by_label"]

_SCORE_BYTES = 5_500_000
"""Bytes of float64 scores, before packing, up to which the scores of all classes travel with the page."""
_LONGEST_NAME = 120
_NEAREST = 3


def live_block(data: Mapping[str, Any] | None) -> Markup | None:
    """
    Return the data block as JSON that can stand inside a script element; None where there is nothing to open.

    The text holds no ``<``, so that no name from the data can end the element.
    """
    if not data:
        return None
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def predictions_by_class(content: Content) -> dict[str, Any] | None:
    """
    Return the predictions, scores and instances of the chosen candidate, for the scripts of a page of one class a row.

    Returns
    -------
    dict or None
        None where the chosen candidate has no out-of-fold lines.
    """
    lines = content.lines(content.chosen)
    return None if lines.empty else {**_about_all(content, lines), **_of_classes(content, lines)}


def predictions_by_label(content: Content) -> dict[str, Any] | None:
    """Return the same where each row has several labels: the predictions of each label are those of a detector."""
    lines = content.lines(content.chosen)
    return None if lines.empty else {**_about_all(content, lines), **_by_label(content, lines)}


def _about_all(content: Content, lines: pd.DataFrame) -> dict[str, Any]:
    return {
        "candidate": shown(content.chosen, 40),
        "noun": [content.noun(1), content.noun(2)],
        "decide": content.command("decide"),
        "again": run_again({**content.config, "decide": None, "positive": None}),
        "fold": packed_codes(lines["fold"].to_numpy()),
        "row": packed_codes(lines["row"].to_numpy()),
        "absent": content.absent,
    }


def _of_classes(content: Content, lines: pd.DataFrame) -> dict[str, Any]:
    own = content.predictions_of(content.chosen)
    sure = certainty(own.predicted, own.scores, content.threshold)
    return {
        "command": content.command("errors"),
        **_decided(content, own, _SCORE_BYTES),
        "instances": _instances(content, lines, own.y, own.predicted, sure),
    }


def _by_label(content: Content, lines: pd.DataFrame) -> dict[str, Any]:
    """The predictions of each label, as those of a detector of it; the instances are the same for all."""
    labels = [(name, content.of_label(name)) for name in content.classes]
    predictions = [one.predictions_of(one.chosen) for _, one in labels]
    y, predicted = combined(np.stack([one.y for one in predictions]), np.stack([one.predicted for one in predictions]))
    sure = [certainty(a.predicted, a.scores, _limit(one)) for a, (_, one) in zip(predictions, labels, strict=True)]
    wrong = np.stack([one.y != one.predicted for one in predictions])
    instances = _instances(content, lines, y, predicted, certainty_of_all(wrong, np.stack(sure)), sheets=True)
    by_label = [
        {
            "command": content.command("errors", "--label", name),
            "label": shown(name, _LONGEST_NAME),
            **_decided(one, own, _SCORE_BYTES // len(labels)),
        }
        for own, (name, one) in zip(predictions, labels, strict=True)
    ]
    return {"labels": by_label, "instances": instances}


def _limit(content: Content) -> float:
    """The score from which a detector says yes, by its own decision where it has no threshold."""
    own = 0.5 if content.candidate.probabilities else 0.0
    return own if content.threshold is None else content.threshold


def _decided(content: Content, own: Predictions, most: int) -> dict[str, Any]:
    """What was predicted, and how such a prediction comes about; scores where they fit."""
    scores = own.scores
    return {
        "classes": [shown(name, _LONGEST_NAME) for name in content.classes],
        "spoken": [content.spoken(name) for name in content.classes],
        "positive": content.positive is not None,
        "probabilities": bool(content.candidate.probabilities),
        "threshold": content.threshold,
        "rule": shown(content.rule, 60),
        "true": packed_codes(own.y),
        "predicted": packed_codes(own.predicted),
        "scores": None if scores is None or scores.nbytes > most else packed(np.atleast_2d(scores.T)),
        "left_out": scores is not None and scores.nbytes > most,
    }


def _instances(
    content: Content,
    lines: pd.DataFrame,
    y: NDArray[np.int64],
    predicted: NDArray[np.int64],
    sure: NDArray[np.float64],
    *,
    sheets: bool = False,
) -> dict[str, Any] | None:
    """The instances that fit; with `sheets` the sheet of each picture is named, where `y` is not its class."""
    data = content.instances
    if data is None:
        return None
    pictures, table, near = data.pictures(), data.table, content.neighbours
    texts = table is not None and bool(data.traits.text_columns)
    if pictures is not None:
        each = sprites.bytes_of_one(pictures)
    elif table is not None:
        each = records.bytes_of_one(table)
    else:
        return None
    nearest = None if near is None else near.rows[:, :_NEAREST]
    if texts and table is not None:
        table, places = messages.with_heading(data, table), messages.positions_of(y, predicted, sure)
    else:
        places = instances_that_fit(y, predicted, sure, each + 24, near=nearest)
    entry = {"kept": packed_codes(places), "ids": packed_text(lines["id"].iloc[places].astype(str).tolist())}
    if near is not None and nearest is not None:
        copies = ", which learnt from shifted copies of them too" if content.metrics.augment is not None else ""
        by = f"{shown(near.candidate, 40)}{copies}"
        entry["nearest"] = {"by": by, "each": nearest.shape[1], "rows": packed_codes(nearest[places].ravel())}
    if pictures is not None:
        group = {"group": packed_codes(y[places])} if sheets else {}
        return {**entry, **group, **_pictures(pictures, y, places)}
    if texts:
        entry |= messages.messages_of(content, data, places)
    return entry if table is None else {**entry, **records.records(table, y, places)}


def _pictures(X: NDArray[np.uint8], y: NDArray[np.int64], places: NDArray[np.int64]) -> dict[str, Any]:
    images = sprites.thumbnails(X, places)
    codes = y[places]
    return {
        "size": [int(side) for side in images.X.shape[1:3]],
        "dark": images.dark,
        "sprites": {str(one): sprites.sprite(images.X[codes == one]) for one in np.unique(codes).tolist()},
    }
