"""Views of the data and of the model: odd data are shown right, and every state has its words."""

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC
from test_page import Reader

import tenfold
from tenfold.data.roles.role import ColumnRole
from tenfold.record.instances import training_instances
from tenfold.show import write_report
from tenfold.show.content import read_content
from tenfold.show.findings import findings_of
from tenfold.show.pages import page, sections_of
from tenfold.show.plain_report import plain_report
from tenfold.show.sections.data.roles import roles_view
from tenfold.show.sections.errors.weak import weak_view

HOSTILE = "<script>alert(1)</script>{{7*7}} $\\frac12$ \u202e" + "x" * 300
OWN = ("weak", "importance", "learning", "data", "roles", "columns", "map")


def section(html: str, name: str) -> str:
    return html[html.index(f'<section id="{name}"') :].split("</section>", maxsplit=1)[0]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Give a function that runs the whole line on arrays and reads the page drawn with its training rows."""

    def draw(X, y, **more):
        more = {"models": [KNeighborsClassifier(3), LogisticRegression()], "cv": 2, "jobs": 1, **more}
        out = tmp_path_factory.mktemp("insight") / "run"
        run = tenfold.run(X, np.array(y, object), out=out, **more)
        return run, (out / "report.html").read_text(encoding="utf-8")

    return draw


@pytest.fixture(scope="module")
def odd_table(drawn):
    rng = np.random.default_rng(0)
    y = np.array([HOSTILE, "b\n\u0645\u0631"], object)[np.arange(120) % 2]
    X = pd.DataFrame({
        HOSTILE: rng.normal(np.arange(120) % 2, 1.0), "constant": [1.0] * 120, "missing": [np.nan] * 120,
        "words": [f"<b>{i}</b>" for i in range(120)], "kind": rng.choice(["<i>", '"', "\u202e"], 120),
    })  # fmt: skip
    return drawn(X, y)


def test_names_and_values_from_the_data_stay_text(odd_table):
    _, html = odd_table
    assert {"roles", "columns", "weak", "map", "importance"} <= Reader(html).ids()
    for name in ("roles", "columns", "weak", "map", "importance"):
        part = section(html, name)
        assert "<script" not in part
        assert "<b>" not in part
        assert "\u202e" not in part
        assert "x" * 130 not in part
    assert not Reader(html).open


def test_columns_without_values_or_of_names_are_told_not_drawn(odd_table):
    _, html = odd_table
    part = section(html, "columns")
    assert ">missing<" not in part
    assert "constant" in part


def test_each_column_is_shown_with_its_role_its_reason_and_what_is_not_used(odd_table):
    run, html = odd_table
    part = section(html, "roles")
    assert "empty, not used" in part
    assert "no value in any row" in part
    assert "tenfold data roles" in part
    report = plain_report(read_content(run.path))
    (table,) = [one for one in report.tables if one.title == "What is each column taken for?"]
    assert table.head == ("column", "role", "what tells so")
    assert ("constant", "near-constant", "one value, 1, in 96 rows") in [row[:3] for row in table.rows]


def test_columns_of_text_are_shown_as_they_are_read(drawn):
    rng = np.random.default_rng(0)
    y = np.arange(120) % 2
    words = np.array([["cold", "rude"], ["warm", "calm"]])
    X = pd.DataFrame({
        "seen": [f"{1 + i % 28:02}.03.2024" for i in range(120)],
        "price": [f"{one:.2f} €".replace(".", ",") for one in rng.normal(50, 5, 120)],
        "said": [f"it was {words[one][i // 2 % 2]} number {i} <b>" for i, one in enumerate(y)],
    })  # fmt: skip
    run, html = drawn(X, np.array(["no", "yes"], object)[y], models=[LogisticRegression()])
    assert [one.role for one in run.record.manifest.roles] == ["date", "number with a comma", "text"]
    part = section(html, "columns")
    assert "2024-03-01" in part
    assert '<th scope="row">warm</th>' in part
    assert part.count('class="spread"') == 2


def test_many_columns_are_shown_with_those_first_that_need_a_look():
    plain = [ColumnRole(f"n{i}", "number", "") for i in range(50)]
    manifest = SimpleNamespace(roles=(*plain, ColumnRole("last", "empty", "no value in any row")))
    view = roles_view(SimpleNamespace(manifest=manifest, config={"source": "t.csv"}))
    assert "11 more columns are plain" in view.more
    assert [row.name.text for row in view.table.rows][-2:] == ["n38", "last"]


def test_a_page_without_the_rows_says_why_and_how_to_get_them_back(odd_table):
    run, _ = odd_table
    html = write_report(run.path).read_text(encoding="utf-8")
    assert "needs the training rows" in section(html, "weak")
    assert not {"columns", "map", "data"} & Reader(html).ids()
    told = findings_of(run.path, ["weak", "map"])
    assert "needs the training rows" in told[0].caption
    assert len(told) == 1


@pytest.mark.parametrize("shape", [(1, 1), (3, 40), (5, 5, 3)])
def test_images_of_any_shape_are_shown(drawn, shape):
    rng = np.random.default_rng(0)
    y = np.arange(60) % 3
    X = (rng.integers(0, 80, (60, *shape)) + 80 * y.reshape(-1, *[1] * len(shape))).astype(np.uint8)
    _, html = drawn(X, y.astype(str))
    assert {"data", "weak", "importance"} <= Reader(html).ids()
    assert not Reader(html).open


def test_classes_of_two_instances_and_many_of_them_are_shown(drawn):
    rng = np.random.default_rng(0)
    y = np.repeat([f"class number {i}" for i in range(60)], 4)
    X = pd.DataFrame({"a": rng.normal(size=240), "b": np.repeat(np.arange(60), 4) + rng.normal(0, 0.1, 240)})
    _, html = drawn(X, y)
    assert "60 classes are too many for a colour each" in section(html, "map")
    assert "The 8 most frequent classes are shown" in section(html, "columns")
    assert len(html) < 900_000


def test_everything_right_is_told_as_that(drawn):
    y = np.repeat(["a", "b"], 40)
    X = pd.DataFrame({"n": np.repeat([0.0, 50.0], 40) + np.linspace(0, 1, 80)})
    _, html = drawn(X, y)
    part = section(html, "weak")
    assert "No group of rows stands out as weak" in part
    assert "Every row is called rightly by some candidate" in part
    assert "No label looks wrong" in part
    assert "No two classes come close to the same" in part


def test_a_candidate_without_probabilities_is_not_said_to_count_wrong_labels(drawn):
    rng = np.random.default_rng(0)
    y = np.arange(120) % 2
    X = pd.DataFrame({"n": rng.normal(y, 1.5)})
    _, html = drawn(X, y.astype(str), models=[SVC()])
    part = section(html, "weak")
    assert "The labels most at odds with the scores" in part
    assert "worth a second look" not in part


def test_planted_labels_and_slices_reach_the_page_of_a_run(drawn):
    rng = np.random.default_rng(1)
    y, port = np.arange(900) % 2, rng.choice(list("SCQ"), 900)
    X = pd.DataFrame({"n": rng.normal(4.0 * y, 1.0), "port": pd.Series(port, dtype=object)})
    given = np.where((port == "Q") & (rng.random(900) < 0.3), 1 - y, y)
    run, html = drawn(X, given.astype(str), models=[LogisticRegression()])
    assert "Weakest slice: port is Q" in section(html, "weak")
    assert run.metrics["metric"] == "accuracy"


def test_figures_of_the_view_are_those_of_the_predictions(tmp_path):
    run = tenfold.run("digits", models=[KNeighborsClassifier(), GaussianNB()], cv=3, out=tmp_path / "digits")
    wide = run.out_of_fold.assign(wrong=run.out_of_fold["true"] != run.out_of_fold["predicted"])
    both = wide[wide["candidate"] != "baseline"].groupby("row")["wrong"].all().sum()
    view = weak_view(read_content(run.path, training_instances(run)))
    assert view.galleries[0].title.startswith(f"{both:,} images that every candidate gets wrong")
    overall = wide.loc[wide["candidate"] == run.chosen, "wrong"].mean()
    assert f"{100 * overall:.1f} % over all" in view.caption
    content = read_content(run.path)
    for name in OWN:
        section = next(one for one in sections_of(content.task.type) if one.id == name)
        assert section.html(content) == section.html(read_content(run.path))
    assert len(page(content)) < 500_000


def test_a_study_of_another_candidate_is_not_shown(odd_table):
    run, _ = odd_table
    path = run.path / "analysis" / "importance.json"
    study = json.loads(path.read_text())
    path.write_text(json.dumps({**study, "made_for": {**study["made_for"], "candidate": "other"}}))
    assert "To find out" in section(write_report(run.path).read_text(encoding="utf-8"), "importance")
