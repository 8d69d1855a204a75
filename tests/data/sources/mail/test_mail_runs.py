"""Runs on mail: what is saved tells nothing of one message alone; decisions, figures of a filter, kill and resume."""

import os
import random
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest
from click.testing import CliRunner

import tenfold
from tenfold.cli.app import command
from tenfold.errors import UsageError
from tests.data.sources.mail.messages import folder_of, message, messages

CANARIES = [f"kanarie{number}zeisig" for number in range(4)]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """200 messages, of which every fiftieth has a word that no other has."""
    home = tmp_path_factory.mktemp("mail")
    contents = messages(100)
    for number, word in enumerate(CANARIES):
        label, at = ("ham", "spam")[number % 2], 25 * number
        contents[f"{label}/{at}.eml"] = message(label, at, word)
    # some are hard to tell apart, so that there is a threshold to choose
    for at in range(3):
        contents[f"spam/{at}.eml"] = message("ham", 200 + at)
        contents[f"ham/{at}.eml"] = message("spam", 200 + at)
    return tenfold.run(
        folder_of(home / "box", contents), positive="spam", cv=2, models=["linear-svm"], out=home / "run"
    )


def test_a_word_of_one_message_alone_is_not_in_the_saved_model(run):
    files = [path for path in run.folder.model.rglob("*") if path.is_file()]
    content = b"".join(path.read_bytes() for path in files)
    assert b"meeting" in content
    for word in CANARIES:
        assert not any(word.encode(coding) in content for coding in ("utf-8", "utf-16-le", "utf-32-le"))


def test_no_message_can_be_read_in_what_is_stored_with_a_model():
    from tenfold.data.kinds.mail.content import frame_of
    from tenfold.data.kinds.mail.message import read_message
    from tenfold.data.kinds.mail.schema import MailSchema

    mails = [read_message(message("ham", n, "secret" if n == 1 else "")) for n in range(4)]
    few = MailSchema().few_rows(frame_of(mails, ["ham"] * 4), 2)
    assert few["body"].tolist() == ["meeting notes tomorrow"] * 2
    assert "1" not in "".join(few["subject"])


def _decide(run, rule):
    result = CliRunner().invoke(command, ["decide", str(run.path), rule], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_prior_moves_the_threshold_and_the_terminal_says_how(run):
    said = _decide(run, "prior=0.99")
    decision = tenfold.open_run(run.path).record.metrics.chosen_record.decision
    assert decision.threshold < decision.unadjusted
    assert (
        f"With 99.0 % of 'spam', where the rows judged have 50.0 %, the threshold is {decision.threshold:.4g}" in said
    )
    assert f"and would be {decision.unadjusted:.4g} without" in said
    assert "With 99.0" in (run.path / "report.html").read_text()


def test_a_run_on_mail_is_decided_by_cost_and_by_a_target(run):
    for rule in ("cost fp=10 fn=1", "precision>=0.9"):
        _decide(run, rule)
        assert tenfold.open_run(run.path).record.metrics.chosen_record.decision.rule == rule


def test_the_errors_of_a_filter_stand_in_terminal_page_and_report(run):
    said = _decide(run, "f1")
    assert "'ham' called 'spam'" in said
    assert "logistic average" in said
    assert "As filters are compared" in (run.path / "report.html").read_text()
    figures = tenfold.open_run(run.path).record.metrics.chosen_record.decision.out_of_fold
    row = next(line for line in said.splitlines() if line.startswith("'spam' missed"))
    assert f"{100 * (1 - figures['recall'].value):.2f} %" in row


@pytest.mark.slow
@pytest.mark.usefixtures("workers")
def test_killed_and_resumed_a_run_on_mail_has_the_same_bytes(tmp_path):
    box = folder_of(tmp_path / "box", messages(60))
    words = [sys.executable, "-m", "tenfold", "run", str(box), "--positive", "spam", "--cv", "3"]
    start = time.perf_counter()
    subprocess.run([*words, "--out", str(tmp_path / "whole")], check=True, capture_output=True)
    whole, rng = time.perf_counter() - start, random.Random(3)
    for number in range(2):
        out = tmp_path / f"killed{number}"
        killed = subprocess.Popen([*words, "--out", str(out)], stdout=-3, stderr=-3, start_new_session=True)
        time.sleep(whole * rng.uniform(0.4, 0.95))
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait()
        subprocess.run([*words, "--out", str(out)], check=True, capture_output=True)
        for name in ("out_of_fold.parquet", "test.parquet"):
            assert (out / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
        assert len(pd.read_parquet(out / "test.parquet")) == 24


def test_boosting_of_the_components_of_words_is_a_program_that_predicts_mail(tmp_path, monkeypatch):
    from tenfold.record.bundle import load as load_model

    monkeypatch.setattr("tenfold.candidates.classifiers.boosting._ROUNDS", 2)
    run = tenfold.run(
        folder_of(tmp_path / "box", messages(40)),
        positive="spam",
        cv=2,
        models=["boosting"],
        out=tmp_path / "run",
        jobs=0,
    )
    model = load_model(run.path)
    operations = [step.operation for step in model.model.steps]
    assert {"term_counts", "sparse_linear", "trees"} <= set(operations)
    assert operations.index("sparse_linear") < operations.index("trees")
    assert model.predict([message("spam", 99), message("ham", 99)]).tolist() == ["spam", "ham"]
    with pytest.raises(UsageError, match="cannot be weighed one by one"):
        tenfold.class_words(run.path)
