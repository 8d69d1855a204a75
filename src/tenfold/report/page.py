"""The page: all views of a run joined in one self-contained HTML file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tenfold.report.content import Content
from tenfold.report.views.advice import advice_view
from tenfold.report.views.board import board_view
from tenfold.report.views.calibration import calibration_view
from tenfold.report.views.classes import classes_view
from tenfold.report.views.curves import curves_view
from tenfold.report.views.decision import decision_view
from tenfold.report.views.figures import figures_view
from tenfold.report.views.matrix import matrix_view
from tenfold.report.views.provenance import provenance_view
from tenfold.report.views.verdict import verdict_view
from tenfold.report.views.worries import worries_view
from tenfold.text import shown

__all__ = ["page"]

_NARROW_SPACE = "\N{NO-BREAK SPACE}%"


def page(content: Content) -> str:
    """
    Draw the report of a run.

    Parameters
    ----------
    content : Content

    Returns
    -------
    str
        HTML that names no other file and runs no script.
    """
    detects = content.positive is not None
    views: dict[str, Any] = {
        "verdict": verdict_view(content),
        "worries": worries_view(content),
        "advice": advice_view(content),
        "board": board_view(content),
        "matrix": matrix_view(content),
        "decision": decision_view(content),
        "curves": curves_view(content) if detects else None,
        "classes": None if detects else classes_view(content),
        "calibration": calibration_view(content),
        "figures": figures_view(content),
        "provenance": provenance_view(content),
    }
    template = _environment().get_template("page.html")
    return template.render(**views, content=content, name=shown(content.data["name"], 40), style=_style())


@cache
def _environment() -> Environment:
    """Escaping is on for every template, whatever its name; an unknown name is an error, not nothing."""
    return Environment(
        loader=PackageLoader("tenfold.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_kept_together,
    )


def _kept_together(value: Any) -> Any:
    """Keep a number and its percent sign on one line."""
    return value.replace(" %", _NARROW_SPACE) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _style() -> Markup:
    """The one style sheet: a file of this package, so it is trusted as it is."""
    return Markup(files("tenfold.report").joinpath("templates/report.css").read_text(encoding="utf-8"))
