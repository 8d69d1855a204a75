"""A section is drawn alone, and the page of a task is a table that anyone can add to."""

from __future__ import annotations

from dataclasses import dataclass, is_dataclass, replace
from pathlib import Path

import pytest

from tenfold.show import Content, Section, register_page, sections_of
from tenfold.show.components import PlainTable
from tenfold.show.content import read_content
from tenfold.show.pages import page, views_of
from tenfold.show.plain_report import plain_report
from tenfold.task import register_task

TEMPLATE = """<section id="grades" aria-labelledby="grades-title">
<h2 id="grades-title">{{ view.title }}</h2>
<p>{{ view.sentence }}</p>
</section>
"""


@dataclass(frozen=True)
class Grades:
    """How many rows the chosen candidate gets right."""

    title: str
    sentence: str

    def plain_tables(self) -> tuple[PlainTable, ...]:
        return (PlainTable(self.title, self.sentence, ("grade",), (("good",),)),)


def grades_view(content: Content) -> Grades | None:
    share = content.figures["accuracy"].value
    return None if share == 1 else Grades("<Grades>", f"{content.chosen} earns {100 * share:.1f} %.")


@pytest.fixture
def section(tmp_path) -> Section:
    template = tmp_path / "grades.html"
    template.write_text(TEMPLATE, encoding="utf-8")
    return Section("grades", "Grades", grades_view, template)


@pytest.fixture
def more(section):
    """The page of several classes with one section more."""
    before = sections_of("multiclass")
    register_page("multiclass", [*before[:2], section, *before[2:]])
    yield
    register_page("multiclass", before)


def test_a_section_is_drawn_alone(section, digits):
    html = section.html(read_content(digits.folder))
    share = digits.metrics["candidates"]["forest"]["decision"]["out_of_fold"]["accuracy"]["value"]
    assert html.startswith('<section id="grades"')
    assert f"<p>forest earns {100 * share:.1f}\xa0%.</p>" in html
    assert "&lt;Grades&gt;" in html


def test_every_section_of_the_package_is_drawn_alone_from_a_frozen_view(digits, detector):
    for run in (digits, detector):
        content = read_content(run.folder)
        for section, view in views_of(content):
            assert is_dataclass(view)
            assert type(view).__dataclass_params__.frozen, section.id
            assert f'<section id="{section.id}"' in section.html(content) or section.id == "cards"


def test_the_page_of_a_task_gets_one_section_more(more, digits):
    html = page(read_content(digits.folder))
    assert html.index('id="board"') > html.index('<section id="grades"') > html.index('id="worries-title"')
    assert '<li><a href="#grades">Grades</a></li>' in html
    assert "grades" not in digits.html
    titles = [table.title for table in plain_report(read_content(digits.folder)).tables]
    assert titles[:2] == ["<Grades>", "Candidates"]


@dataclass(frozen=True)
class OrderedTask:
    """As much of a task as a page asks of it."""

    classes: tuple[str, ...]
    type = "test-grades"
    headline = "accuracy"
    summary = "ordered grades"
    several = False
    numeric = False


class Ordered:
    """For the list of tasks."""

    types = ("test-grades",)
    losses = frozenset()

    def infer(self, labels, asked):
        return None

    def from_dict(self, plain):
        return OrderedTask(tuple(plain["classes"]))


def test_a_new_task_has_a_page_of_its_own(section, digits):
    register_task(Ordered())
    content = read_content(digits.folder)
    graded = replace(content, metrics=replace(content.metrics, task="test-grades"))
    general = page(graded)
    assert [part.id for part, _ in views_of(graded)] == ["verdict", "cards", "board", "figures", "made"]
    assert "forest has" in general
    register_page("test-grades", [sections_of("multiclass")[0], section])
    html = page(graded)
    assert [part.id for part, _ in views_of(graded)] == ["verdict", "grades"]
    assert "forest earns" in html
    assert 'id="run-data"' not in html


def test_two_sections_of_one_id_are_refused(section):
    with pytest.raises(ValueError, match="two sections of the page of binary have the same id"):
        register_page("binary", [section, section])


def test_what_a_section_shows_is_named_by_its_template_alone():
    """Templates read the view and nothing else, so that a section needs no page around it."""
    templates = Path(__file__).parents[2] / "src/tenfold/show/templates"
    assert not [path.name for path in templates.rglob("*.html") if "content." in path.read_text(encoding="utf-8")]
