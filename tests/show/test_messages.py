"""Messages of a page: words on their ground, everything escaped, cut with what was cut said; the page stays bounded."""

import json
import re

import numpy as np
import pytest

import tenfold
from tenfold.analysis.evidence.evidence import Evidence, Word
from tenfold.analysis.studies.evidence import evidence_in, shown_positions
from tenfold.analysis.studies.study import studies_of, study
from tenfold.ask.words.messages import message_from
from tenfold.data.kinds.mail.content import PARTS
from tenfold.record.instances import training_instances
from tenfold.show import write_report
from tenfold.show.content import read_content
from tenfold.show.live.messages import positions_of
from tenfold.show.message_evidence import _short_enough
from tenfold.show.pages import page
from tenfold.show.sections.errors.messages import LETTERS, block_of, messages_view
from tests.analysis.evidence.word_models import classifier_of
from tests.mail_folder import write_mail

OWN = {"task": "binary", "positive": "spam", "cv": 2}


@pytest.fixture(scope="module")
def mail_run(tmp_path_factory):
    folder = write_mail(tmp_path_factory.mktemp("mail") / "mail")
    return tenfold.run(folder, models=["linear-svm"], out=folder.parent / "run", **OWN)


@pytest.fixture(scope="module")
def html(mail_run):
    return (mail_run.path / "report.html").read_text(encoding="utf-8")


def _section(html):
    return re.search(r'<section id="messages".*?</section>', html, re.DOTALL)[0]


def test_messages_of_the_test_part_stand_with_their_words(html):
    part = _section(html)
    assert "Which words decide?" in part
    assert 'class="word for-' in part
    assert 'class="word against-' in part
    assert re.search(r'title="[+-]\d\.\d+"', part)
    assert "Called rightly" in part
    assert "The words of each class" in part


def test_nothing_in_a_message_is_markup_or_loaded(mail_run, monkeypatch):
    monkeypatch.setattr("tenfold.show.sections.errors.messages._RIGHT", 1000)
    monkeypatch.setattr("tenfold.show.sections.errors.messages._WRONG", 1000)
    training, test = training_instances(mail_run), read_content(mail_run.path).test_instances
    hostile = next(one for data in (training, test) for one in data.X["subject"] if "<b>win" in one)
    content = read_content(mail_run.path, training, test)
    if not (test.X["subject"] == hostile).any():
        test.X.iloc[0] = training.X[training.X["subject"] == hostile].iloc[0]
    part = _section(page(content))
    assert "&lt;b&gt;win&lt;/b&gt;" in part
    assert "<b>win" not in part
    assert "alert(2)" in part
    assert "<script>alert" not in part
    assert "\x1b" not in part
    assert "track.er" not in part
    assert "<img" not in part


def test_what_is_cut_is_said():
    text = "free " * 1000
    words = tuple(Word("body", 5 * n, 5 * n + 4, 0.5) for n in range(1000))
    evidence = Evidence("spam", "ham", {"body": text}, words, 0.0, 500.0, 0.0, True, "score")
    message = message_from(evidence, 0, ("body",), LETTERS)
    (shown,) = message.texts
    letters = sum(len(piece) for piece, _ in shown.pieces)
    assert letters <= LETTERS
    assert letters + shown.hidden_characters >= len(text) - 1
    assert (
        block_of(message, shown).more
        == f"{shown.hidden_characters:,} more characters are not shown; their words add +380.00."
    )


def test_cells_carry_messages_and_the_page_stays_bounded():
    y, predicted = np.zeros(20_000, np.int64), np.arange(20_000) % 2
    places = positions_of(y, predicted, np.linspace(0, 1, 20_000))
    assert len(places) <= 400
    assert (predicted[places] == 1).sum() == 60, "errors come first"


def test_errors_are_weighed_by_the_models_that_made_them(mail_run):
    study(mail_run, ["evidence"])
    found = evidence_in(studies_of(mail_run)["evidence"], training_instances(mail_run).X, PARTS)
    lines = mail_run.lines("linear-svm").reset_index(drop=True)
    wrong = lines.index[lines["true"] != lines["predicted"]]
    assert set(wrong) <= set(found)
    for at, evidence in found.items():
        total = evidence.offset + evidence.sum_of(evidence.texts)
        assert total == pytest.approx(evidence.score, abs=1e-3), "weights are written to six digits"
        assert evidence.score == pytest.approx(lines["score:spam"][at], abs=1e-9)
        assert evidence.predicted == lines["predicted"][at]
    drawn = write_report(mail_run.path).read_text(encoding="utf-8")
    data = json.loads(re.search(r'id="run-data"[^>]*>(.*?)</script>', drawn, re.DOTALL)[1])
    assert data["instances"]["weighed"] == "Words as linear-svm weighed them, fitted without the message."


def test_a_model_without_words_says_why(mail_run, monkeypatch):
    monkeypatch.setattr("tenfold.ask.words.messages.load", lambda path: classifier_of("forest"))
    content = read_content(mail_run.path)
    assert "the words of forest cannot be weighed one by one" in messages_view(content).absent
    drawn = page(content)
    assert "the words of forest cannot be weighed one by one" in _section(drawn)
    data = json.loads(re.search(r'id="run-data"[^>]*>(.*?)</script>', drawn, re.DOTALL)[1])
    assert data["instances"]["weighed"].startswith("No word is weighed: the words of forest")


def test_the_slice_of_a_source_folder_is_on_the_page(html):
    part = re.search(r'<section id="weak".*?</section>', html, re.DOTALL)[0]
    assert {f"folder is {name}" for name in ("ham", "spam")} <= set(re.findall("folder is [a-z_]+", part))


def test_surest_errors_and_both_ends_of_right_ones_are_shown():
    y = np.repeat([0, 1], 500)
    predicted = np.where(np.arange(1000) < 100, 1, y)
    positions = shown_positions(y, predicted, np.arange(1000) / 1000)
    assert set(range(40, 100)) <= set(positions), "60 surest errors"
    assert {100, 499, 500, 999} <= set(positions)
    assert len(positions) == 60 + 4 * 10


def test_words_of_classes_from_python(mail_run):
    words = tenfold.class_words(mail_run, 8)
    assert words.columns.tolist() == ["class", "word", "weight", "share", "part"]
    assert words.groupby(["class", "part"]).size().max() == 8
    assert set(words["part"]) == {"subject and body", "structure"}


def test_the_longest_messages_are_not_weighed_where_all_are_too_long(mail_run, monkeypatch):
    training = training_instances(mail_run)
    lengths = training.X["body"].map(len) + training.X["subject"].map(len)
    places = np.arange(len(training))
    monkeypatch.setattr("tenfold.show.message_evidence._LETTERS", int(lengths.sum() - 1))
    assert set(places) - set(_short_enough(training, places)) == {int(np.argsort(lengths, kind="stable").iloc[-1])}
