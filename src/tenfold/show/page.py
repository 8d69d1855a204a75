"""The page: all views of a run joined in one self-contained HTML file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tenfold.show.content import Content
from tenfold.show.live import live_block
from tenfold.show.policy import content_security_policy
from tenfold.show.script import page_script
from tenfold.show.sections.data.columns import columns_view
from tenfold.show.sections.data.data import data_view
from tenfold.show.sections.data.importance import importance_view
from tenfold.show.sections.data.learning import learning_view
from tenfold.show.sections.decision.calibration import calibration_view
from tenfold.show.sections.decision.compare import compare_view
from tenfold.show.sections.decision.curves import curves_view
from tenfold.show.sections.decision.decision import decision_view
from tenfold.show.sections.errors.classes import classes_view
from tenfold.show.sections.errors.map import map_view
from tenfold.show.sections.errors.matrix import matrix_view
from tenfold.show.sections.errors.weak import weak_view
from tenfold.show.sections.labels.advice import label_advice
from tenfold.show.sections.labels.curves import label_curves_view
from tenfold.show.sections.labels.errors import label_errors_view
from tenfold.show.sections.labels.labels import labels_view
from tenfold.show.sections.labels.verdict import label_verdict
from tenfold.show.sections.verdict.advice import advice_view
from tenfold.show.sections.verdict.board import board_view
from tenfold.show.sections.verdict.figures import figures_view
from tenfold.show.sections.verdict.provenance import provenance_view
from tenfold.show.sections.verdict.tuning import tuning_view
from tenfold.show.sections.verdict.verdict import verdict_view
from tenfold.show.sections.verdict.worries import worries_view
from tenfold.text import shown

__all__ = ["SECTIONS", "Section", "drawn_template", "page", "whole_page"]

_NARROW_SPACE = "\N{NO-BREAK SPACE}%"


@dataclass(frozen=True)
class Section:
    """
    One section of the page.

    Parameters
    ----------
    id : str
        Of the section's element, and the name under which its template finds what was drawn.
    name : str
        In the bar on top; empty for a section that is not named there.
    draw : callable
        Gives what the template shows; None where the run has nothing to show.
    template : str
        File of the template.
    labels : {"no", "too", "only"}
        Whether it can show a run whose rows have several labels, and such runs alone.
    streamed : bool
        Whether it can do without the rows and their predictions.
    """

    id: str
    name: str
    draw: Callable[[Any], Any]
    template: str
    labels: Literal["no", "too", "only"] = "no"
    streamed: bool = False

    def drawn(self, content: Any) -> Any:
        """Draw the section; None where it does not fit the run, or the run has nothing to show."""
        left_out = "no" if content.metrics["task"] == "multilabel" else "only"
        needs_rows = not self.streamed and "streamed" in content.manifest
        return None if needs_rows or self.labels == left_out else self.draw(content)


def _several_classes_only(draw: Callable[[Content], Any]) -> Callable[[Content], Any]:
    return lambda content: draw(content) if content.positive is None else None


def _by_labels(several: Callable[[Content], Any], one: Callable[[Content], Any]) -> Callable[[Content], Any]:
    return lambda content: (several if content.several_labels else one)(content)


_advice = _by_labels(label_advice, advice_view)

SECTIONS = (
    Section(
        "verdict", "Overview", _by_labels(label_verdict, verdict_view), "verdict.html", labels="too", streamed=True
    ),
    Section(
        "cards",
        "",
        lambda content: (worries_view(content), _advice(content)),
        "cards.html",
        labels="too",
        streamed=True,
    ),
    Section("board", "Candidates", board_view, "board.html", labels="too", streamed=True),
    Section("tuning", "Settings", tuning_view, "tuning.html", labels="too"),
    Section("labels", "Labels", labels_view, "labels.html", labels="only"),
    Section("labelerrors", "Errors", label_errors_view, "label_errors.html", labels="only"),
    Section("labelcurves", "Curves", label_curves_view, "label_curves.html", labels="only"),
    Section("matrix", "Confusions", matrix_view, "matrix.html", streamed=True),
    Section("decision", "Decision", decision_view, "decision.html", streamed=True),
    Section("curves", "Curves", curves_view, "curves.html", streamed=True),
    Section("compare", "Compare", compare_view, "compare.html"),
    Section("classes", "Classes", _several_classes_only(classes_view), "classes.html", streamed=True),
    Section("weak", "Weak spots", weak_view, "weak.html"),
    Section("calibration", "Certainty", calibration_view, "calibration.html", streamed=True),
    Section("importance", "", importance_view, "importance.html"),
    Section("learning", "", learning_view, "learning.html"),
    Section("data", "Data", data_view, "data.html"),
    Section("columns", "Data", columns_view, "columns.html"),
    Section("map", "", map_view, "map.html"),
    Section("figures", "All figures", figures_view, "figures.html", labels="too", streamed=True),
    Section("made", "How made", provenance_view, "provenance.html", labels="too", streamed=True),
)
"""The page from top to bottom."""


def page(content: Any, sections: Sequence[Section] = SECTIONS) -> str:
    """
    Draw the report of a run.

    Parameters
    ----------
    content : Content
        Or what another kind of run has in its place; the sections are made for it.
    sections : sequence of Section

    Returns
    -------
    str
        HTML that names no other file.
    """
    views = {section.id: section.drawn(content) for section in sections}
    drawn = [section for section in sections if views[section.id] is not None]
    name = shown(content.data["name"], 40)
    body = drawn_template("body.html", **views, sections=drawn, content=content, name=name)
    return whole_page(name, body, live_block(content))


def whole_page(name: str, body: Markup, data: Markup | None = None) -> str:
    """Put a body between head and script, under a policy that lets nothing else in; without `data` nothing runs."""
    script = Markup("") if data is None else page_script()
    policy = content_security_policy(_style(), script, body)
    return drawn_template("page.html", policy=policy, name=name, style=_style(), script=script, data=data, body=body)


def drawn_template(template: str, **shown_there: Any) -> Markup:
    """Fill in a template."""
    return Markup(_environment().get_template(template).render(**shown_there))


@cache
def _environment() -> Environment:
    """Escaping is on for every template, whatever its name; an unknown name is an error, not nothing."""
    return Environment(
        loader=PackageLoader("tenfold.show"),
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
    """The style sheets, those of single views last: files of this package, so they are trusted as they are."""
    templates = files("tenfold.show").joinpath("templates")
    own = sorted(
        (file for file in templates.joinpath("styles").iterdir() if file.name.endswith(".css")),
        key=lambda file: file.name,
    )
    return Markup("".join(file.read_text(encoding="utf-8") for file in (templates.joinpath("report.css"), *own)))
