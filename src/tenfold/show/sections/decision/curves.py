"""How well do the scores tell the classes apart, at every threshold? Precision-recall, ROC, DET, gain and lift."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.decimals import percents
from tenfold.figures import Estimate, ThresholdCurve, roc_auc, thinned
from tenfold.figures.averages import macro_average, micro_curve
from tenfold.figures.curves.bands import curve_bands
from tenfold.figures.curves.planes import equal_error_rate, in_plane
from tenfold.show.content import BASELINE, Content
from tenfold.show.drawing.curves import UNIT, Curve, Drawing, Frame, draw, path
from tenfold.show.words import Number, numbers, quoted
from tenfold.text import shown

__all__ = ["Curves", "Small", "curves_view", "small_multiples"]

Floats = NDArray[np.float64]

_OTHERS = 5
_SMALL = 12
_POINTS = 500
_PLACES = np.unique(np.concatenate([np.linspace(0, 1, 201), np.geomspace(1e-4, 1, 60)]))

FRAMES = {
    "pr": Frame(
        "Precision against recall",
        "recall: share of all {} that are found",
        "precision: share of what is called {} that is right",
        (1, 1),
    ),
    "roc": Frame(
        "Found against false alarms (ROC)",
        "false alarms: share of the others called {}",
        "recall: share of all {} that are found",
        (0, 1),
    ),
    "det": Frame(
        "Missed against false alarms (DET)",
        "false alarms: share of the others called {}",
        "missed: share of all {} that are not found",
        (0, 0),
    ),
    "gain": Frame(
        "Found among the first (cumulative gain)",
        "share of all rows looked at, highest scores first",
        "share of all {} among them",
        (0, 1),
    ),
    "lift": Frame(
        "How many times better than picking blindly (lift)",
        "share of all rows looked at, highest scores first",
        "times as many {} among them as by chance",
        (0, 0),
    ),
}

FRAMES_OF_SEVERAL = {
    "pr": Frame(
        "Precision against recall",
        "recall: share of a class that is found",
        "precision: share of what is called a class that is right",
        (1, 1),
    ),
    "roc": Frame(
        "Found against false alarms (ROC)",
        "false alarms: share of the other classes called the class",
        "recall: share of a class that is found",
        (0, 1),
    ),
}


@dataclass(frozen=True)
class Small:
    """A curve of one class against all others."""

    name: str
    path: str
    area: str
    range: str
    description: str


@dataclass(frozen=True)
class Curves:
    """
    The drawings, large ones first, and who is missing from them.

    Parameters
    ----------
    title, caption, legend : str
        Above the drawings and below them.
    drawings : tuple of Drawing
    smalls : tuple of Small
        ROC of each class against the rest, of the chosen candidate.
    smalls_caption : str
    live : bool
        Whether a script may put a point on each drawing.
    nothing : str
        Why there is no drawing at all.
    """

    title: str
    nothing: str
    caption: str = ""
    legend: str = ""
    drawings: tuple[Drawing, ...] = ()
    smalls: tuple[Small, ...] = ()
    smalls_caption: str = ""
    live: bool = False


def curves_view(content: Content) -> Curves:
    """Draw all candidates that give scores; says of the others why they have no curve."""
    detects = content.positive is not None
    title = "How well do the scores separate the two?" if detects else "How well do the scores separate the classes?"
    curves = _with_curves(content)
    reasons = [_why_missing(content, name) for name in content.candidates if name not in curves]
    missing = [reason for reason in reasons if reason]
    if not curves:
        return Curves(title, " ".join(missing) or "No candidate gives scores: there is no curve.")
    some = {name: curves[name] for name in _first(content, list(curves))}
    if len(curves) > len(some):
        missing.append(f"{len(curves) - len(some)} more candidates are left out for the eye's sake.")
    beside = ", or what the drawing says" if detects else ""
    ring = "The ring is the decision in force. " if detects else ""
    return Curves(
        title,
        "",
        f"{_text(content, detects)} The number beside a name is the area under its curve{beside}.",
        " ".join((f"{ring}The dashed line is what scores that know nothing would give.", *missing)),
        _of_a_detector(content, some) if detects else _of_several(content, some),
        () if detects else _small_roc(content, some.get(content.chosen, ())),
        f"{shown(content.chosen, 40)}: each class against all the rest; the number is the area under the ROC curve "
        "with its 95 % interval.",
        detects,
    )


def _first(content: Content, names: list[str]) -> list[str]:
    """The chosen candidate first, and as many others as can be told apart by colour."""
    return sorted(names, key=lambda name: name != content.chosen)[: _OTHERS + 1]


def _text(content: Content, detects: bool) -> str:
    if detects:
        return (
            f"Every threshold on the {content.rows:,} out-of-fold scores. The band around {shown(content.chosen, 24)} "
            "holds 95 % of its curves when positives and negatives are drawn again (300 stratified bootstrap "
            "samples; place by place, not for the whole curve at once)."
        )
    pooled = "" if content.streamed else " “Pooled” asks “is it this class?” of all classes at one threshold."
    return (
        f"Each class against the rest at every threshold on the {content.rows:,} out-of-fold scores; lines are the "
        f"mean over classes, each counting the same.{pooled}"
    )


def _why_missing(content: Content, name: str) -> str:
    if name == BASELINE:
        return ""
    if content.curves(name) is None:
        return f"{shown(name, 40)} gives answers without scores, so there is no curve to draw."
    return f"{shown(name, 40)} has rows of one class only, so there is no curve to draw."


def _with_curves(content: Content) -> dict[str, tuple[ThresholdCurve, ...]]:
    """The curves of the candidates with scores of more classes than one; the baseline's say nothing."""
    with_curves = {}
    for name in content.candidates:
        curves = None if name == BASELINE else content.curves(name)
        if curves is not None and any(map(_both, curves)):
            with_curves[name] = curves
    return with_curves


def _of_a_detector(content: Content, candidates: dict[str, tuple[ThresholdCurve, ...]]) -> tuple[Drawing, ...]:
    curves = {name: curve for name, (curve,) in candidates.items()}
    bands = curve_bands(curves[content.chosen], tuple(FRAMES)) if content.chosen in curves else {}
    # The corner of the DET plane is drawn enlarged, so its curves are thinned less.
    thin = {name: thinned(curve, 4 * _POINTS) for name, curve in curves.items()}
    some = next(iter(curves.values()))
    share = float(some.positives / (some.positives + some.negatives))
    return tuple(
        draw(
            FRAMES[plane].about(quoted(content.positive or "", 20)),
            plane,
            [
                Curve(label, _tone(content, name, place), *in_plane(thin[name], plane))
                for place, (name, label) in enumerate(_labels(content, plane, curves).items())
            ],
            share,
            band=bands.get(plane),
            decision=_mark(content, plane, share),
        )
        for plane in FRAMES
    )


def _tone(content: Content, name: str, place: int) -> str:
    return "chosen" if name == content.chosen else f"other-{min(max(place, 1), _OTHERS)}"


def _labels(content: Content, plane: str, curves: Mapping[str, ThresholdCurve]) -> dict[str, str]:
    """The name of each curve, with the area under it or what the drawing says."""
    key = {"pr": "average_precision", "roc": "roc_auc"}.get(plane)
    if key is not None:
        return _with_areas(content, key, curves)
    rates = percents(map(equal_error_rate, curves.values()))
    return {
        name: f"{shown(name, 18)}  {rate}" if plane == "det" else shown(name, 18)
        for name, rate in zip(curves, rates, strict=True)
    }


def _with_areas(content: Content, key: str, names: Iterable[str]) -> dict[str, str]:
    """The names of candidates with the area under their curve."""
    known = {name: content.candidates[name].out_of_fold[key] for name in names}
    areas = numbers((key, one) for one in known.values())
    return {name: f"{shown(name, 18)}  {area.text}" for name, area in zip(known, areas, strict=True)}


def _mark(content: Content, plane: str, share: float) -> tuple[float, float] | None:
    """Where the decision in force stands."""
    if content.curves(content.chosen) is None:
        return None
    recall, specificity, precision = (content.figures[key].value for key in ("recall", "specificity", "precision"))
    if recall is None or specificity is None:
        return None
    called = share * recall + (1 - share) * (1 - specificity)
    if precision is None:
        if plane in {"pr", "lift"}:
            return None
        precision = 0.0
    return {
        "pr": (recall, precision),
        "roc": (1 - specificity, recall),
        "det": (1 - specificity, 1 - recall),
        "gain": (called, recall),
        "lift": (called, precision / share),
    }[plane]


def _of_several(content: Content, candidates: dict[str, tuple[ThresholdCurve, ...]]) -> tuple[Drawing, ...]:
    pooled, floor = _pooled(content), 1 / len(content.classes)
    drawings = []
    for plane, key in (("pr", "average_precision_macro"), ("roc", "roc_auc_macro")):
        lines = [
            Curve(label, _tone(content, name, place), _PLACES, macro_average(candidates[name], plane, _PLACES))
            for place, (name, label) in enumerate(_with_areas(content, key, candidates).items())
        ]
        if pooled is not None:
            lines.append(Curve(f"{shown(content.chosen, 18)}, pooled", "pooled", *in_plane(pooled, plane)))
        drawings.append(draw(FRAMES_OF_SEVERAL[plane], plane, lines, floor))
    return tuple(drawings)


def _pooled(content: Content) -> ThresholdCurve | None:
    scored = content.scored(content.chosen)
    return None if scored is None else thinned(micro_curve(scored.y, scored.scores), _POINTS)


def small_multiples(content: Content) -> tuple[Small, ...]:
    """Draw precision against recall of each class against all others, for up to twelve classes."""
    curves = content.curves(content.chosen)
    if curves is None or len(content.classes) > _SMALL:
        return ()
    return _smalls(content, dict(zip(content.classes, curves, strict=True)), "pr")


def _small_roc(content: Content, curves: tuple[ThresholdCurve, ...]) -> tuple[Small, ...]:
    if len(curves) > _SMALL:
        return ()
    return _smalls(content, dict(zip(content.classes, curves, strict=True)) if curves else {}, "roc")


def _smalls(content: Content, curves: Mapping[str, ThresholdCurve], plane: str) -> tuple[Small, ...]:
    """Draw each class that has rows of both kinds."""
    key = "average_precision" if plane == "pr" else "roc_auc"
    of_both = {name: curve for name, curve in curves.items() if _both(curve)}
    known = [
        content.figures.get(f"{key}:{name}") or Estimate(roc_auc(curve), None, None, content.rows)
        for name, curve in of_both.items()
    ]
    areas = numbers((key, one) for one in known)
    return tuple(_small(name, curve, area, plane) for (name, curve), area in zip(of_both.items(), areas, strict=True))


def _both(curve: ThresholdCurve) -> bool:
    return bool(curve.positives and curve.negatives)


def _small(name: str, curve: ThresholdCurve, area: Number, plane: str) -> Small:
    what, called = {
        "pr": ("Precision against recall", "average precision"),
        "roc": ("Share found against share of false alarms", "area under the ROC curve"),
    }[plane]
    line = path(*in_plane(thinned(curve, points=150), plane), UNIT, UNIT)
    description = f"{what} of {quoted(name)}: {called} {area.text}{f' ({area.range})' if area.range else ''}."
    return Small(shown(name, 24), line, area.text, area.range, description)
