"""Many messages: predicted block by block, with the lines that all at once would give."""

import io

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import tenfold
from tenfold.ask.streamed import mail as blocks
from tenfold.cli.app import command
from tenfold.data.sources.load import mail_blocks
from tenfold.errors import DataError, LimitError, UsageError
from tenfold.record.bundle import load as load_model
from tests.data.sources.mail.messages import folder_of, message, messages

OPTIONS = {"target": None, "group": None, "data_dir": None, "resize": None, "colour": False, "skip_bad": True}


@pytest.fixture(scope="module")
def filtered(tmp_path_factory):
    """A model, and a mailbox of 25 messages of which the 14th is bad."""
    home = tmp_path_factory.mktemp("many")
    run = tenfold.run(
        folder_of(home / "box", messages(30)), positive="spam", cv=2, models=["word-bayes"], out=home / "run", jobs=0
    )
    mail = [message("spam" if n % 3 else "ham", n) for n in range(25)]
    mail[13] = b"Message-ID: <bad@x>\nSubject: " + b"A" * 100_000 + b"\n\n"
    (home / "new.mbox").write_bytes(b"".join(b"From a Thu\n" + raw + b"\n\n" for raw in mail))
    return run, home / "new.mbox"


def _predict(monkeypatch, size, *words):
    monkeypatch.setattr(blocks, "BLOCK_MESSAGES", size)
    monkeypatch.setattr("tenfold.cli.verbs.predict.progress_line", lambda line: None)
    return CliRunner().invoke(command, ["predict", *map(str, words)], catch_exceptions=False)


def test_blocks_number_the_messages_on_and_name_the_bad_once(filtered):
    parts = list(mail_blocks(filtered[1], 10, **OPTIONS))
    assert [len(part) for part in parts] == [10, 10, 4]
    assert np.concatenate([part.rows for part in parts]).tolist() == list(range(24))
    assert [len(part.notes) for part in parts] == [0, 0, 1]
    assert "new.mbox#14 (<bad@x>)" in parts[-1].notes[0]
    whole = tenfold.load(filtered[1], labelled=False, skip_bad=True)
    assert np.concatenate([part.ids for part in parts]).tolist() == whole.ids.tolist()


def test_a_mailbox_is_predicted_alike_in_blocks_of_any_size(filtered, monkeypatch, tmp_path):
    run, box = filtered
    texts = [_predict(monkeypatch, size, run.path, box, "--skip-bad").output for size in (7, 8, 100)]
    assert texts[0] == texts[1] == texts[2]
    table = pd.read_csv(io.StringIO(texts[0]))
    data = tenfold.load(box, labelled=False, skip_bad=True)
    assert table["predicted"].tolist() == load_model(run.path).predict(data.X).tolist()
    for name in ("a.csv", "a.parquet"):
        assert _predict(monkeypatch, 7, run.path, box, "--skip-bad", "--out", tmp_path / name).exit_code == 0
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "a.csv"), table)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "a.parquet"), table, check_dtype=False)
    two = _predict(monkeypatch, 7, run.path, box, "--skip-bad", "--id", "file", "--label", "kind").output.splitlines()
    assert two[0] == "file,kind"
    assert two[14] == f"new.mbox#15,{table['predicted'][13]}"


@pytest.mark.parametrize("name", [None, "a.csv", "a.parquet"])
def test_nothing_is_written_where_a_late_message_is_bad(filtered, tmp_path, capsys, name):
    run, box = filtered
    parts = mail_blocks(box, 5, **OPTIONS | {"skip_bad": False})
    with pytest.raises(LimitError, match=r"#14 \(<bad@x>\)"):
        blocks.write_mail_answers(load_model(run.path), parts, None if name is None else tmp_path / name)
    assert capsys.readouterr().out == ""
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("option", "value"), [("target", "y"), ("group", "y"), ("resize", (2, 2)), ("colour", True)])
def test_options_of_tables_and_images_do_not_go_with_mail(filtered, option, value):
    with pytest.raises(UsageError):
        mail_blocks(filtered[1], 10, **OPTIONS | {option: value})


def test_a_mailbox_without_messages_is_refused(tmp_path):
    (tmp_path / "a.mbox").write_bytes(b"\n\n")
    with pytest.raises(DataError, match="none of its messages can be read"):
        list(mail_blocks(tmp_path / "a.mbox", 10, **OPTIONS))
    assert mail_blocks("digits", 10, **OPTIONS) is None
