"""Are some classes restored worse than others? The error of each, out of fold and on the test part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tenfold.show.denoise_content import DenoiseContent
from tenfold.show.drawing.svg import Dot, Scale, Tick, dot, ticks, zoomed
from tenfold.show.words import Number, numbers, quoted
from tenfold.text import shown

__all__ = ["Classes", "Line", "classes_view"]

_MOST = 1e6
_OTHERS = ("psnr", "ssim")


@dataclass(frozen=True)
class Line:
    """One class."""

    name: str
    error: Number
    dot: Dot | None
    psnr: Number
    ssim: Number
    test: Number | None
    nothing: Number | None


@dataclass(frozen=True)
class Classes:
    """The classes in their order."""

    title: str
    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    note: str


def classes_view(content: DenoiseContent) -> Classes | None:
    """Lay out the classes; None where the images have none."""
    names = [key.partition(":")[2] for key in content.judged if key.startswith("mae:")]
    if len(names) < 2:
        return None
    errors = dict(zip(names, numbers((key, content.judged[key]) for key in map("mae:{}".format, names)), strict=True))
    ends = [end for one in errors.values() for end in (one.low, one.value, one.high) if end is not None]
    scale = zoomed(ends, ceiling=_MOST)
    return Classes(
        _title(errors),
        _lines(content, errors, scale),
        ticks(scale),
        f"The scale of the dots is zoomed: {scale.low:g} to {scale.high:g}." if scale.low > 0 else "",
    )


def _title(errors: dict[str, Number]) -> str:
    ranked = sorted((one.value, name) for name, one in errors.items() if one.value is not None)
    low, high = errors[ranked[0][1]], errors[ranked[-1][1]]
    if low.high is not None and high.low is not None and low.high < high.low:
        return f"{quoted(ranked[-1][1])} is the hardest to restore, {quoted(ranked[0][1])} the easiest"
    return "No class is restored better or worse than chance allows"


def _lines(content: DenoiseContent, errors: Mapping[str, Number], scale: Scale) -> tuple[Line, ...]:
    psnr, ssim = (numbers((f"{key}:{name}", content.judged[f"{key}:{name}"]) for name in errors) for key in _OTHERS)
    tested = [_test_errors(content.metrics[part], errors) for part in ("test", "test_baseline")]
    columns = zip(errors.items(), psnr, ssim, *tested, strict=True)
    return tuple(
        Line(shown(name, 40), error, dot(scale, error.value, error.low, error.high), *others)
        for (name, error), *others in columns
    )


def _test_errors(figures: Mapping[str, Any], names: Iterable[str]) -> list[Number | None]:
    """The error of each class; None where the test part has no image of it."""
    given = [figures.get(f"mae:{name}") for name in names]
    found = iter(numbers(("mae", one) for one in given if one is not None))
    return [None if one is None else next(found) for one in given]
