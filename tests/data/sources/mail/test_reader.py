"""Large messages are taken apart in a process of their own, which has limits; what it does not survive is named."""

import sys

import pytest

import tenfold
from tenfold.data.kinds.mail.message import read_message
from tenfold.data.kinds.mail.reader import MessageReader
from tenfold.errors import DataError, LimitError

HEAD = b"From: a@b.c\nDate: Thu, 1 Aug 2002 10:00:00 +0000\nMessage-ID: <1@\x1b[1mx>\nSubject: "
LARGE = 130 << 10
HONEST = HEAD + b"=?utf-8?q?Gr=C3=BC=C3=9Fe?=\n\nBis morgen\n" + b"long line of words\n" * (LARGE // 19)
SLOW = HEAD + b"x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: " + b";" * 2_000_000 + b"\n\nx\n"
WIDE = HEAD + b"x\n\n" + b"a\n" * 1_000_000
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows limits neither memory nor processor time so")


def test_a_large_message_is_read_by_the_child_as_it_is_here():
    with MessageReader() as reader:
        small = reader.read(HEAD + b"x\n\ny\n")
        assert reader._child is None, "no process for a small message"
        assert reader.read(HONEST) == read_message(HONEST)
        child = reader._child
        assert reader.read(HONEST, "again") == read_message(HONEST)
        assert reader._child is child, "one process serves many"
    assert small.subject == "x"
    assert child.poll() is not None


def test_what_takes_too_long_by_the_clock_is_named_and_the_next_is_read():
    with MessageReader(processor_seconds=60, seconds=0.3) as reader:
        with pytest.raises(
            LimitError, match=r"spam/1 \(<1@\\x1b\[1mx>\): takes over 0\.3 s to be taken apart"
        ) as fault:
            reader.read(SLOW, "spam/1")
        assert str(fault.value).isprintable()
        assert reader.read(HONEST).subject == "Grüße"


@posix
def test_what_takes_too_long_on_the_processor_ends_its_process():
    with MessageReader(processor_seconds=0) as reader, pytest.raises(LimitError, match="over 0 s of a processor"):
        reader.read(SLOW, "spam/1")


@posix
def test_what_takes_too_much_memory_is_named_and_the_next_is_read():
    with MessageReader(memory=48 << 20) as reader:
        with pytest.raises(LimitError, match=r"spam/1 \(<1@.*takes over 48 MiB to be taken apart"):
            reader.read(WIDE, "spam/1")
        assert reader.read(HONEST).subject == "Grüße"


def test_a_process_that_is_gone_is_named():
    with MessageReader() as reader:
        reader.read(HONEST)
        reader._child.poll = lambda: None  # it ends between two messages, unseen
        reader._child.kill()
        reader._child.wait()
        with pytest.raises(LimitError, match="ends the process that takes it apart"):
            reader.read(HONEST)
        assert reader.read(HONEST).subject == "Grüße"


def test_a_large_message_that_is_refused_is_refused_alike_in_a_child(tmp_path):
    deep = HEAD + b"x\n" + b"Content-Type: message/rfc822\n\n" * 20_000
    with pytest.raises(DataError) as here:
        read_message(deep, "spam/1")
    with MessageReader() as reader, pytest.raises(DataError) as there:
        reader.read(deep, "spam/1")
    assert str(there.value) == str(here.value)


def test_a_source_skips_what_its_process_does_not_survive(tmp_path, monkeypatch):
    monkeypatch.setattr("tenfold.data.sources.mail.mail.MessageReader", lambda: MessageReader(seconds=0.3))
    for label, raw in (("ham", b"Subject: x\n\nnotes\n"), ("spam", SLOW)):
        (tmp_path / label).mkdir()
        (tmp_path / label / "1.eml").write_bytes(raw)
    with pytest.raises(LimitError, match=r"spam/1\.eml \(<1@"):
        tenfold.load(tmp_path)
    data = tenfold.load(tmp_path, skip_bad=True)
    assert len(data) == 1
    assert "1 unreadable message skipped" in data.notes[0]
    assert "spam/1.eml" in data.notes[0]


def test_codecs_of_python_are_no_charsets():
    for name in (b"punycode", b"idna", b"unicode_escape"):
        assert read_message(b"Content-Type: text/plain; charset=" + name + b"\n\n\\x41-b\n").body == "\\x41-b"
