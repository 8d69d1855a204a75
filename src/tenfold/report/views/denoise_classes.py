"""Are some classes restored worse than others? The error of each, out of fold and on the test part."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.report.denoise_content import DenoiseContent
from tenfold.report.svg import Dot, Scale, Tick, dot, ticks, zoomed
from tenfold.report.words import Number, number, quoted
from tenfold.text import shown

__all__ = ["Classes", "Line", "classes_view"]

_MOST = 1e6


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
    errors = {name: number("mae", content.judged[f"mae:{name}"]) for name in names}
    ends = [end for one in errors.values() for end in (one.low, one.value, one.high) if end is not None]
    scale = zoomed(ends, ceiling=_MOST)
    return Classes(
        _title(errors),
        tuple(_line(content, name, errors[name], scale) for name in names),
        ticks(scale),
        f"The scale of the dots is zoomed: {scale.low:g} to {scale.high:g}." if scale.low > 0 else "",
    )


def _title(errors: dict[str, Number]) -> str:
    ranked = sorted((one.value, name) for name, one in errors.items() if one.value is not None)
    low, high = errors[ranked[0][1]], errors[ranked[-1][1]]
    if low.high is not None and high.low is not None and low.high < high.low:
        return f"{quoted(ranked[-1][1])} is the hardest to restore, {quoted(ranked[0][1])} the easiest"
    return "No class is restored better or worse than chance allows"


def _line(content: DenoiseContent, name: str, error: Number, scale: Scale) -> Line:
    tested, nothing = (content.metrics[part].get(f"mae:{name}") for part in ("test", "test_baseline"))
    return Line(
        name=shown(name, 40),
        error=error,
        dot=dot(scale, error.value, error.low, error.high),
        psnr=number("psnr", content.judged[f"psnr:{name}"]),
        ssim=number("ssim", content.judged[f"ssim:{name}"]),
        test=None if tested is None else number("mae", tested),
        nothing=None if nothing is None else number("mae", nothing),
    )
