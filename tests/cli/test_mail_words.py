"""``tenfold errors`` of mail: words marked or coloured, one message whole, the words of each class."""

import json
import math
import re

import pytest

import tenfold as package
from tenfold.data.kinds.mail.content import PARTS
from tenfold.output import _Guard
from tests.mail_folder import write_mail


@pytest.fixture(scope="module")
def mail_run(tmp_path_factory):
    folder = write_mail(tmp_path_factory.mktemp("mail") / "mail")
    asked = {"task": "binary", "positive": "spam", "models": ["linear-svm"], "cv": 2}
    return package.run(folder, **asked, out=folder.parent / "run").path


@pytest.fixture
def terminal(monkeypatch):
    """Standard output says that it is a terminal; click is told to leave colours in."""
    monkeypatch.setattr(_Guard, "isatty", lambda self: True, raising=False)
    monkeypatch.setattr("click.echo", lambda text="", file=None, nl=True, **_: file.write(str(text) + "\n" * nl))


def test_words_are_marked_where_output_is_piped(tenfold, mail_run):
    code, out, err = tenfold("errors", mail_run, "--actual", "not spam", "--predicted", "spam")
    assert code == 0, err
    assert "messages of not spam are called spam" in out
    assert "+word speaks for spam, -word for not spam" in out
    assert "++free" in out or "+free" in out
    assert "\x1b" not in out
    assert "It was fitted on these messages too" in out
    assert "more characters, whose words add" in out, "the long message is cut, which is said"


def test_words_are_coloured_in_a_terminal_and_marked_where_that_is_asked(tenfold, mail_run, terminal, monkeypatch):
    words = ("errors", mail_run, "--list", "surest-wrong", "--limit", "1")
    coloured = tenfold(*words)[1]
    assert "\x1b[38;5;16m\x1b[48;5;" in coloured
    assert "Warm: speaks for spam; cold: for not spam" in coloured
    assert "\x1b[48" not in tenfold(*words, "--no-color")[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[48" not in tenfold(*words)[1]


def test_a_hostile_message_is_shown_as_text(tenfold, mail_run, terminal):
    lines = package.open_run(mail_run).out_of_fold
    files = package.load(mail_run.parent / "mail").files
    row = next(number for number, name in enumerate(files) if "hostile" in name)
    part = () if (lines["row"] == row).any() else ("--test",)
    for words in ((), ("--no-color",)):
        code, out, err = tenfold("errors", mail_run, "--row", row, *part, *words)
        assert code == 0, err
        assert "\x1b]0" not in out
        assert "\x1b[31m" not in out
        assert "\\x1b" in out
        assert "track.er" not in out, "nothing of an image is shown"


def test_one_message_for_programs_sums_to_its_score(tenfold, mail_run):
    row = int(package.open_run(mail_run).lines("linear-svm")["row"].iloc[3])
    code, out, err = tenfold("errors", mail_run, "--row", row, "--json")
    assert code == 0, err
    found = json.loads(out)
    assert math.fsum([found["offset"], *(one["weight"] for one in found["words"])]) == pytest.approx(found["score"])
    assert {"subject", "body", "structure"} <= {one["part"] for one in found["words"]} <= set(PARTS)


def test_models_that_judged_are_fitted_again_and_say_what_was_said(tenfold, mail_run):
    lines = package.open_run(mail_run).lines("linear-svm")
    wrong = lines[lines["true"] != lines["predicted"]].iloc[0]
    code, out, err = tenfold("errors", mail_run, "--row", wrong["row"], "--refit")
    assert code == 0, err
    score = re.search(r"together ([+-]\S+) score", out)[1]
    assert float(score) == pytest.approx(wrong["score:spam"], abs=0.01)
    assert f"Fitting the model of fold {wrong['fold'] + 1} again" in err
    assert "the saved model calls" not in out


def test_words_of_each_class_are_those_that_were_planted(tenfold, mail_run):
    code, out, err = tenfold("errors", mail_run, "--words", "--limit", "25")
    assert code == 0, err
    ham, spam = out[out.index("for not spam") :].split("for spam")
    assert "meeting" in ham
    assert "pills" in spam
    classes = json.loads(tenfold("errors", mail_run, "--words", "--json")[1])["classes"]
    assert [one["name"] for one in classes] == ["not spam", "spam"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--row", "99999"), "row 99,999 is none of those judged out of fold"),
        (("--row", "1", "--list", "surest-wrong"), "--row is about one row"),
        (("--row", "1", "--refit", "--test"), "--refit fits the chosen candidate without folds again"),
        (("--list", "surest-wrong", "--sheet", "sheet.png"), "a sheet needs images; these are messages"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(refused, mail_run, tmp_path, words, said, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert said in refused("errors", mail_run, *words, code=2)


def test_other_data_have_no_words(refused, flower_run):
    assert "data of kind 'table' have no words" in refused("errors", flower_run, "--words", code=2)
    assert "only texts" in refused("report", flower_run, "--evidence", code=2)


def test_a_row_of_a_table_is_shown_too(tenfold, flower_run):
    row = package.open_run(flower_run).out_of_fold["row"].iloc[0]
    code, out, err = tenfold("errors", flower_run, "--row", row)
    assert code == 0, err
    assert f"{row:,}" in out


def test_new_messages_are_predicted_with_their_words(tenfold, mail_run, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "one.eml").write_bytes(b"Subject: offer\n\nfree money, click \x1b[2J pills\n")
    (tmp_path / "new" / "two.eml").write_bytes(b"Subject: notes\n\nmeeting tomorrow, patch review\n")
    code, out, err = tenfold("predict", mail_run, tmp_path / "new", "--why")
    assert code == 0, err
    assert "one.eml: spam" in out
    assert "two.eml: not spam" in out
    assert "+money," in out
    assert "\x1b" not in out


def test_why_is_about_mail(refused, flower_run, flowers):
    assert "rows have no words to be weighed" in refused("predict", flower_run, flowers, "--why", code=2)
