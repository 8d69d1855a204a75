"""More messages than memory holds: texts on disk, the models of those in memory, and what may go wrong meanwhile."""

import errno
import io
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import tenfold
from tenfold.cli.app import command
from tenfold.data.kinds.mail import message_writer
from tenfold.data.kinds.mail.content import ids, order, table
from tenfold.data.kinds.mail.message import PARTS
from tenfold.data.kinds.mail.preparation import values
from tenfold.data.kinds.mail.schema import MailSchema
from tenfold.data.kinds.mail.stored import StoredMessages, open_counts, write_counts
from tenfold.data.scratch import Scratch
from tenfold.data.sources.load import load
from tenfold.errors import DataError, LimitError, StorageError, UsageError
from tenfold.models.texts.message_terms import term_counts
from tenfold.record.bundle import load as load_model
from tests.data.sources.mail.messages import folder_of, message, messages

MANY = "tenfold.data.kinds.mail.content.MANY"
HOSTILE = b"Message-ID: <bad@x>\nSubject: " + b"A" * 100_000 + b"\n\n"


def _mixed(count=40):
    """Messages of two classes, some of which speak as the other class does."""
    draw, contents = random.Random(1), messages(count)
    for at in range(0, count, 5):
        contents[f"spam/{at}.eml"] = message("ham", 300 + at, f"word{draw.randrange(9)} Grüße")
        contents[f"ham/{at}.eml"] = message("spam", 300 + at, f"word{draw.randrange(9)} Grüße")
    return contents


@pytest.fixture(scope="module")
def box(tmp_path_factory):
    return folder_of(tmp_path_factory.mktemp("mail") / "box", _mixed())


@pytest.fixture
def in_memory(box):
    return load(box)


@pytest.fixture
def few_packed(monkeypatch):
    """Few messages are many, and are packed and gone through a few at a time."""
    monkeypatch.setattr(MANY, 30)
    monkeypatch.setenv("TENFOLD_JOBS", "0")
    monkeypatch.setattr("tenfold.data.kinds.mail.packing._MESSAGES", 7)
    monkeypatch.setattr("tenfold.data.sources.mail.many._TOGETHER", 5)
    monkeypatch.setattr("tenfold.models.row_blocks.BLOCK_ROWS", 9)


@pytest.fixture
def stored(box, few_packed):
    return load(box)


def test_stored_messages_are_those_in_memory(in_memory, stored):
    assert isinstance(stored.X, StoredMessages)
    assert stored.fingerprint == in_memory.fingerprint
    assert stored.files.tolist() == in_memory.files.tolist()
    for rows in (slice(3, 50, 4), np.array([60, 2, 2, 33])):
        mine, theirs = stored.take(rows).X, in_memory.take(rows).X
        pd.testing.assert_frame_equal(mine.iloc[:], theirs.reset_index(drop=True))
        pd.testing.assert_frame_equal(mine[list(PARTS)], theirs[list(PARTS)].reset_index(drop=True))
        pd.testing.assert_frame_equal(table(mine), table(theirs).reset_index(drop=True))
        assert ids(mine).tolist() == ids(theirs).tolist()
        assert order(mine, "date").tolist() == order(theirs, "date").tolist()
        assert (mine.term_counts().matrix() != term_counts(theirs)).nnz == 0
    assert stored.X.iloc[5]["subject"] == in_memory.X.iloc[5]["subject"]
    schema = MailSchema()
    assert schema.few_rows(stored.X, 9).equals(schema.few_rows(in_memory.X, 9))


def test_terms_of_all_messages_can_be_compared(stored):
    numbers = values(stored.X)
    np.testing.assert_allclose((numbers**2).sum(axis=1), 1, rtol=1e-5)
    same = np.flatnonzero(stored.ids == stored.ids[0])
    assert (numbers[same] == numbers[0]).all()


def test_a_temporary_folder_is_gone_with_the_messages(box, few_packed):
    data = load(box)
    folder, part = data.X.folder, data.take(np.arange(3))
    del data
    assert part.X.iloc[0]["subject"] == "spam 300"
    del part
    assert not folder.exists()


def _files(run: Path) -> dict[str, bytes]:
    names = ("out_of_fold.parquet", "test.parquet", "metrics.json")
    model = {path.name: path.read_bytes() for path in (run / "model").iterdir() if path.suffix == ".program"}
    return {name: (run / name).read_bytes() for name in names[:2]} | model


@pytest.fixture(scope="module")
def finished(box, tmp_path_factory):
    """A run on stored messages, and one in memory."""
    home, data = tmp_path_factory.mktemp("runs"), load(box)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MANY, 30)
        patch.setattr("tenfold.models.row_blocks.BLOCK_ROWS", 9)
        choices = {"positive": "spam", "cv": 2, "jobs": 0}
        return [tenfold.run(one, out=home / name, **choices) for one, name in ((box, "stored"), (data, "memory"))]


def test_a_run_on_stored_messages_comes_to_the_bytes_of_one_in_memory(finished):
    stored, memory = (_files(run.path) for run in finished)
    assert stored == memory
    assert set(finished[0].metrics["candidates"]) == {"baseline", "word-bayes", "logistic", "linear-svm"}
    assert not (finished[0].path / "work").exists()


def test_the_saved_model_is_a_program_that_knows_new_messages(finished):
    model = load_model(finished[0].path)
    assert {"hashed_terms", "sparse_linear"} <= {step.operation for step in model.model.steps}
    assert model.predict([message("spam", 99), message("ham", 99)]).tolist() == ["spam", "ham"]


def _output(*words):
    result = CliRunner().invoke(command, [*map(str, words)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_errors_words_and_page_are_those_of_few_messages(finished, few_packed):
    run = finished[0].path
    assert "pills" in _output("errors", run, "--words")
    listed = _output("errors", run, "--actual", "ham", "--predicted", "spam")
    assert "spam 3" in listed
    assert "fitted without the message" in _output("report", run, "--evidence") or (run / "report.html").exists()
    assert "meeting" in (run / "report.html").read_text(encoding="utf-8")


def test_a_candidate_that_needs_all_messages_at_once_is_refused_and_left_out(box, few_packed, tmp_path):
    for name in ("svm", "boosting"):
        with pytest.raises(UsageError, match=f"'{name}' needs all 64 messages in memory at once.*word-bayes"):
            tenfold.run(box, positive="spam", cv=2, models=[name], out=tmp_path / name, jobs=0)
    with pytest.raises(UsageError, match="L2 penalty"):
        tenfold.run(box, positive="spam", cv=2, models=["logistic:l1"], out=tmp_path / "l1", jobs=0)
    said = _output("run", box, "--positive", "spam", "--cv", 2, "--jobs", 0, "--models", "word-bayes:complement",
                   "--out", tmp_path / "run")  # fmt: skip
    assert "word-bayes:complement" in said


def test_what_is_left_out_of_many_messages_is_said(box, few_packed, tmp_path, monkeypatch):
    monkeypatch.setattr("tenfold.candidates.catalogue._ROOM_SECONDS", 0.1)
    said = _output("run", box, "--positive", "spam", "--cv", 2, "--jobs", 0, "--out", tmp_path / "run")
    assert "So many messages are read in blocks from disk, their words hashed." in said
    assert "Left out, too slow for 64 rows: linear-svm (ask with --models)." in said


def test_a_run_that_ends_in_the_middle_is_resumed_to_the_same_bytes(finished, box, few_packed, tmp_path, monkeypatch):
    choices = {"positive": "spam", "cv": 2, "jobs": 0, "out": tmp_path / "run"}
    with monkeypatch.context() as patch:
        patch.setattr("tenfold.line.memory.steps.final_model", _ended)
        with pytest.raises(KeyboardInterrupt):
            tenfold.run(box, **choices)
    assert (tmp_path / "run" / "work" / "messages").is_dir()
    assert _files(tenfold.run(box, **choices).path) == _files(finished[0].path)
    assert not (tmp_path / "run" / "work").exists()


def _ended(*_):
    raise KeyboardInterrupt


def test_a_folder_that_changed_meanwhile_is_refused_when_the_run_goes_on(few_packed, tmp_path, monkeypatch):
    source = folder_of(tmp_path / "box", _mixed(20))
    choices = {"positive": "spam", "cv": 2, "jobs": 0, "models": ["word-bayes"], "out": tmp_path / "run"}
    with monkeypatch.context() as patch:
        patch.setattr("tenfold.line.memory.steps.final_model", _ended)
        with pytest.raises(KeyboardInterrupt):
            tenfold.run(source, **choices)
    (source / "spam" / "new.eml").write_bytes(message("spam", 999))
    with pytest.raises(DataError, match="has changed: the data"):
        tenfold.run(source, **choices)


def test_a_message_that_goes_while_the_folder_is_read_is_named(few_packed, tmp_path, monkeypatch):
    source, reading = folder_of(tmp_path / "box", _mixed(20)), message_writer.MessageWriter.write

    def write(self, pack, folders):
        (source / "spam" / "7.eml").unlink(missing_ok=True)
        reading(self, pack, folders)

    monkeypatch.setattr(message_writer.MessageWriter, "write", write)
    with pytest.raises((StorageError, DataError), match=r"7\.eml"):
        load(source, scratch=Scratch(tmp_path))
    assert not (tmp_path / "messages").exists()


def test_a_hostile_message_among_many_is_named_or_skipped(few_packed, tmp_path):
    source = folder_of(tmp_path / "box", {**_mixed(20), "spam/17x.eml": HOSTILE})
    with pytest.raises(LimitError, match=r"17x\.eml \(<bad@x>\)"):
        load(source, scratch=Scratch(tmp_path))
    assert not (tmp_path / "messages").exists()
    data = load(source, scratch=Scratch(tmp_path), skip_bad=True)
    assert (len(data), len(data.X.iloc[:])) == (40, 40)
    assert "1 unreadable message skipped" in data.notes[0]


def test_processes_take_messages_apart_to_the_same_files(few_packed, tmp_path):
    source = folder_of(tmp_path / "box", {**_mixed(20), "spam/17x.eml": HOSTILE})
    stores = [load(source, scratch=Scratch(tmp_path / str(count), processes=count), skip_bad=True) for count in (0, 2)]
    assert stores[0].fingerprint == stores[1].fingerprint
    assert stores[0].notes == stores[1].notes
    for name in ("X.texts.bin", "X.terms.bin", "X.counts.bin"):
        here, there = ((tmp_path / count / "messages" / name).read_bytes() for count in "02")
        assert here == there
    with pytest.raises(LimitError, match=r"17x\.eml \(<bad@x>\)"):
        load(source, scratch=Scratch(tmp_path / "3", processes=1))
    assert not (tmp_path / "3" / "messages").exists()


def test_a_process_that_ends_is_one_clear_line(few_packed, monkeypatch, tmp_path):
    monkeypatch.setattr("tenfold.data.kinds.mail.packing._CHILD", "tenfold.data.kinds.mail.reader_process")
    source = folder_of(tmp_path / "box", _mixed(20))
    with pytest.raises(StorageError, match="a process that takes messages apart has ended"):
        load(source, scratch=Scratch(tmp_path, processes=1))


def test_a_full_disk_is_one_clear_line_and_leaves_nothing(box, few_packed, tmp_path, monkeypatch):
    class Full(io.BytesIO):
        def write(self, content):
            raise OSError(errno.ENOSPC, "No space left on device")

    written = message_writer.MessageWriter.__init__

    def init(self, folder):
        written(self, folder)
        self._files[1] = Full()

    monkeypatch.setattr(message_writer.MessageWriter, "__init__", init)
    with pytest.raises(StorageError, match="the disk is full"):
        load(box, scratch=Scratch(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_worker_opens_the_terms_alone_and_refuses_cut_ones(stored, tmp_path):
    part = stored.take(np.arange(5, 70, 3)).X
    write_counts(tmp_path, part)
    opened = open_counts(tmp_path)
    assert (opened.term_counts().matrix() != part.term_counts().matrix()).nnz == 0
    with pytest.raises(ValueError, match="terms of messages alone"):
        opened.iloc[0]
    (tmp_path / "X.counts.bin").unlink()
    (tmp_path / "X.counts.bin").write_bytes(b"1234")
    with pytest.raises(DataError, match="shorter than it was written"):
        opened.term_counts().matrix()
    assert replace(part, rows=part.rows[:0]).term_counts().matrix().shape[0] == 0
