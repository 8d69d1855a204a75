"""How far off predictions of a quantity are, in sentences: which way, where more, and how many are outside."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tenfold.ask.errors.quantities import QuantityErrors
from tenfold.decimals import QUANTITY, column_texts, figure_text, percent
from tenfold.text import shown

__all__ = ["quantity_sentences"]


def quantity_sentences(errors: QuantityErrors) -> tuple[str, ...]:
    """Say how far off predictions are, which way, and where more: the first sentence stands alone."""
    return (_how_far(errors), *_which_way(errors), *_where_more(errors), *_inside(errors))


def _how_far(errors: QuantityErrors) -> str:
    sizes = np.abs(errors.column.errors)
    parts = np.quantile(sizes, [0.5, 0.9, 0.99]).tolist()
    half, nine, most = (text.value for text in column_texts(QUANTITY, [(one, None, None) for one in parts]))
    rows = "test rows" if errors.part == "test" else "rows judged out of fold"
    off = "exactly right" if not parts[0] else f"off by at most {half}"
    return (
        f"{shown(errors.candidate, 40)} is {off} on half of the {len(sizes):,} {rows}, off by {nine} or less on nine "
        f"of ten, by {most} on 99 of 100."
    )


def _which_way(errors: QuantityErrors) -> Iterator[str]:
    bias, text = errors.figures["bias"], figure_text("bias", errors.figures["bias"])
    if bias.low is None or bias.high is None or bias.value is None:
        return
    if bias.low <= 0 <= bias.high:
        yield f"On the whole it is neither too high nor too low (bias {text.value}; {text.interval})."
    else:
        way = "much" if bias.value > 0 else "little"
        yield f"On the whole it predicts too {way}: bias {text.value} ({text.interval})."
    column = errors.column
    tenths = np.quantile(column.y, [0.1, 0.9])
    ends = [column.errors[column.y <= tenths[0]], column.errors[column.y >= tenths[1]]]
    if min(map(len, ends)) < 20:
        return
    low, high = (float(end.mean()) for end in ends)
    if low > 0 > high:
        texts = column_texts(QUANTITY, [(low, None, None), (-high, None, None)])
        yield (
            f"Extremes are drawn to the middle: the lowest tenth is predicted {texts[0].value} too high on average, "
            f"the highest {texts[1].value} too low."
        )


def _where_more(errors: QuantityErrors) -> Iterator[str]:
    spread = errors.spread
    if spread is None:
        return
    part = {10: "tenth", 5: "fifth", 3: "third"}.get(spread.part, "part")
    if spread.low > 1 or spread.high < 1:
        way, other = ("highest", "lowest") if spread.ratio > 1 else ("lowest", "highest")
        times = max(spread.ratio, 1 / spread.ratio)
        which = f"the {part} with the {way} predictions"
        yield f"Errors of {which} are {times:.1f} times those of the {part} with the {other}."
    else:
        yield "Errors are about as large where predictions are high as where they are low."


def _inside(errors: QuantityErrors) -> Iterator[str]:
    coverage, asked = errors.figures["coverage"], errors.rows.coverage
    if coverage.value is not None and asked is not None:
        text = figure_text("coverage", coverage)
        outside = round(coverage.n * (1 - coverage.value))
        inside = f"{text.value} lie inside their intervals ({text.interval}; {percent(asked)} asked for)"
        yield f"{inside}, {outside:,} outside."
