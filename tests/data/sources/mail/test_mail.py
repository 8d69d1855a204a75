"""Mail from folders, archives and mailboxes; bad and hostile messages are named in a line, or skipped."""

import bz2
import contextlib
import io
import tarfile
import time
import zipfile

import numpy as np
import pytest

import tenfold
from tenfold.data.checks import check
from tenfold.data.kinds.mail.message import read_message
from tenfold.errors import DataError, LimitError
from tenfold.record.bundle import verify
from tenfold.task import infer_task


def _message(label, number):
    words = "meeting notes tomorrow" if label == "ham" else "cheap pills now"
    date = f"Date: Thu, {1 + number % 28} Aug 2002 10:00:00 +0000"
    return f"From: a@b.c\nSubject: {label} {number}\n{date}\n\n{words} {number}\n".encode()


def _messages(count=6):
    return {f"{label}/{n}.eml": _message(label, n) for label in ("ham", "spam") for n in range(count)}


def _folder(path, messages):
    for name, raw in messages.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(raw)
    return path


def _tar(path, messages, mode="w:gz"):
    with tarfile.open(path, mode) as archive:
        for name, raw in messages.items():
            member = tarfile.TarInfo(name)
            member.size = len(raw)
            archive.addfile(member, io.BytesIO(raw))
    return path


def _zip(path, messages):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in messages.items():
            archive.writestr(name, raw)
    return path


def _forms(tmp_path):
    messages = _messages()
    yield _folder(tmp_path / "folder", messages)
    yield _tar(tmp_path / "mail.tar.gz", messages)
    yield _tar(tmp_path / "mail.tar.bz2", messages, "w:bz2")
    yield _zip(tmp_path / "mail.zip", messages)
    boxes = tmp_path / "boxes"
    boxes.mkdir()
    for label in ("ham", "spam"):
        mbox = (b"From a Thu\n" + raw + b"\n" for name, raw in messages.items() if name.startswith(label))
        (boxes / f"{label}.mbox").write_bytes(b"".join(mbox))
    yield boxes
    yield _folder(tmp_path / "maildirs", {name.replace("/", "/cur/"): raw for name, raw in messages.items()})


def test_every_form_gives_the_same_messages(tmp_path):
    (tmp_path / "maildirs/ham/new").mkdir(parents=True)
    (tmp_path / "maildirs/spam/new").mkdir(parents=True)
    forms = [tenfold.load(path) for path in _forms(tmp_path)]
    assert {data.kind for data in forms} == {"mail"}
    assert all(sorted(data.ids) == sorted(forms[0].ids) for data in forms)
    assert all(sorted(data.y) == ["ham"] * 6 + ["spam"] * 6 for data in forms)


def test_without_labels_messages_may_lie_anywhere(tmp_path):
    data = tenfold.load(_folder(tmp_path / "box", {"1.eml": _message("ham", 1)}), labelled=False)
    assert data.files.tolist() == ["1.eml"]
    assert data.y is None


_DEEP = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5000))
_BAD = {
    "deep": b"From: x@y.z\nMessage-ID: <\x1b[1m@x>\n" + _DEEP,
    "parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 2_000,
    "subject": b"Subject: " + b"A" * 10_000_000 + b"\n\nx\n",
    "empty": b"\n",
}
_ODD = {
    "charset": b"Subject: x\nContent-Type: text/plain; charset=klingon\n\n\xff\xfe\x00caf\xe9\n",
    "base64": b"Subject: x\nContent-Transfer-Encoding: base64\n\n####not base64!\n",
    "nobody": b"Subject: empty\n",
    "attachment": b"Subject: x\nContent-Type: image/png\nContent-Disposition: attachment\n\nAAAA\n",
    "brackets": b"Subject: x\nTo: " + b"(" * 5_000 + b"\nDate: " + b"(" * 5_000 + b"\n\nx\n",
    "encoded": b"Subject: =?klingon?b?####?= =?utf-8?q?=ff?=\n\nx\n",
    "page": b"Subject: x\nContent-Type: text/html\n\n" + b"<div>" * 20_000,
    "long word": b"Subject: x\n\n" + b"a" * 1_000_000,
    "surrogate": b"Subject: x\nContent-Type: text/plain; charset=utf-16-le\n\n\x00\xd8\x00\xd8",
}


@pytest.mark.parametrize("name", _BAD)
def test_a_bad_message_is_named_or_skipped(name, tmp_path):
    folder = _folder(tmp_path / "mail", _messages(3) | {"spam/bad.eml": _BAD[name]})
    with pytest.raises((DataError, LimitError), match=r"bad\.eml") as fault:
        tenfold.load(folder)
    assert str(fault.value).isprintable()
    data = tenfold.load(folder, skip_bad=True)
    assert len(data) == 6
    assert "bad.eml" in data.notes[0]


@pytest.mark.parametrize("name", _ODD)
def test_an_odd_message_is_read(name):
    mail = read_message(_ODD[name])
    assert f"{mail.subject}{mail.body}{mail.structure}".encode()


def test_a_message_without_a_folder_has_no_class(tmp_path):
    with pytest.raises(DataError, match="lies in no folder"):
        tenfold.load(_folder(tmp_path / "box", {"1.eml": _message("ham", 1)}))


@pytest.mark.parametrize("name", ["../../evil.eml", "/etc/evil.eml", "ham\\..\\evil.eml", "C:/evil.eml"])
@pytest.mark.parametrize("pack", [_tar, _zip])
def test_a_name_that_leads_out_of_an_archive_is_refused(name, pack, tmp_path):
    with pytest.raises(DataError, match="leads out of the archive"):
        tenfold.load(pack(tmp_path / "evil.archive", _messages(2) | {name: b"Subject: x\n\nx\n"}))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evil.archive"]


def test_a_link_in_an_archive_is_refused(tmp_path):
    with tarfile.open(tmp_path / "mail.tar", "w") as archive:
        member = tarfile.TarInfo("ham/link")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(member)
    with pytest.raises(DataError, match="no plain file"):
        tenfold.load(tmp_path / "mail.tar")


def test_a_damaged_archive_is_named(tmp_path):
    path = _tar(
        tmp_path / "mail.tar.bz2", {f"ham/{n}": np.random.default_rng(n).bytes(9_000) for n in range(99)}, "w:bz2"
    )
    path.write_bytes(path.read_bytes()[:400_000])
    with pytest.raises(DataError, match=r"mail\.tar\.bz2"):
        tenfold.load(path)


def test_a_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("tenfold.data.sources.limits.RATIO_FREE_BYTES", 1 << 16)
    path = tmp_path / "mail.tar.bz2"
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        member = tarfile.TarInfo("ham/1")
        member.size = 3_000_000
        archive.addfile(member, io.BytesIO(bytes(3_000_000)))
    path.write_bytes(bz2.compress(raw.getvalue()))
    with pytest.raises(LimitError, match="100 to 1"):
        tenfold.load(path)


def test_a_mailbox_that_is_cut_gives_what_is_there(tmp_path):
    whole = b"".join(b"From a Thu\n" + _message("ham", n) + b"\n" for n in range(3))
    (tmp_path / "ham.mbox").write_bytes(whole[:-30])
    assert len(tenfold.load(tmp_path / "ham.mbox")) == 3


_LONG = {
    "open words": b"Subject: " + b"=?a?q?" * 8_000 + b"\n\nx\n",
    "brackets": b"Subject: " + b"[" * 60_000 + b"\n\n" + b"[" * 1_000_000,
    "addresses": b"From: " + b"a@" * 25_000 + b"\nTo: " + b"@," * 10_000 + b"\n\n" + b"a@b." * 250_000,
    "links": b"Subject: x\n\n" + b"http://" * 150_000,
    "marks": b"Subject: x\nContent-Type: text/html\n\n" + b"<" * 1_000_000,
    "comments": b"Subject: x\nContent-Type: text/html\n\n" + b"<!--" * 250_000,
    "styles": b"Subject: x\nContent-Type: text/html\n\n" + b"<p style=a color=b>" * 50_000,
    "rules": b"Subject: x\n\n" + b"-" * 1_000_000 + b"\n" * 100_000,
    "boundaries": b"Content-Type: multipart/mixed; boundary=" + b"-" * 60_000 + b"\n\n" + b"-" * 1_000_000,
    "types": b"Content-Type: text/plain; " + b"charset=a; " * 5_000 + b"\n\nx\n",
    "encoded": b"Subject: x\nContent-Transfer-Encoding: quoted-printable\n\n" + b"=" * 1_000_000,
    "uuencoded": b"Subject: x\nContent-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n" + b"M" * 1_000_000,
}


@pytest.mark.parametrize("name", _LONG)
def test_a_hostile_message_takes_no_time(name):
    started = time.process_time()
    with contextlib.suppress(DataError, LimitError):
        read_message(_LONG[name])
    assert time.process_time() - started < 2


def test_a_zip_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("tenfold.data.sources.limits.RATIO_FREE_BYTES", 1 << 16)
    with pytest.raises(LimitError, match="100 to 1"):
        tenfold.load(_zip(tmp_path / "mail.zip", {"ham/1": bytes(3_000_000)}))


def test_an_empty_folder_is_no_folder_of_images_alone(tmp_path):
    with pytest.raises(DataError, match="is empty") as fault:
        tenfold.load(tmp_path)
    assert "mail" in str(fault.value)
    assert "with its images" not in str(fault.value)


def test_mail_of_one_class_only_is_refused(tmp_path):
    folder = _folder(tmp_path / "mail", {name: raw for name, raw in _messages(12).items() if name.startswith("ham")})
    with pytest.raises(DataError, match="one class only"):
        tenfold.run(folder, out=tmp_path / "run")


def test_a_message_in_two_classes_is_told(tmp_path):
    folder = _folder(tmp_path / "mail", _messages(12) | {"spam/again.eml": _message("ham", 3)})
    data = tenfold.load(folder)
    task = infer_task(data.labels, name=None, positive=None, target_names=data.target_names, source=data.source)
    codes = {one.code for one in check(data, task, folds=2, group_duplicates=True) if one.level != "note"}
    assert any("label" in code or "duplicate" in code for code in codes), codes


def test_a_model_of_mail_is_saved_verified_and_predicts(tmp_path):
    run = tenfold.run(
        _folder(tmp_path / "mail", _messages(30)), cv=2, models=["word-bayes", "linear-svm"], out=tmp_path / "run"
    )
    assert verify(run.path).bit_equal
    model = tenfold.load_model(run.path)
    assert model.predict([_message("spam", 99), _message("ham", 99)]).tolist() == ["spam", "ham"]


def test_messages_are_ordered_by_their_date(tmp_path):
    data = tenfold.load(_folder(tmp_path / "mail", _messages(3)))
    days = data.X["sent"].to_numpy()
    assert np.diff(days[:3]).tolist() == [86_400.0, 86_400.0]
