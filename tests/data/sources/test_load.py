import subprocess
import sys
import tarfile

import numpy as np
import pytest

from tenfold.data.sources import load
from tenfold.errors import DataError, UsageError


def test_digits_are_bytes_with_text_labels():
    data = load("digits")
    assert data.X.dtype == np.uint8
    assert data.X.max() == 16
    assert sorted(set(data.y)) == list("0123456789")


@pytest.mark.parametrize(
    ("name", "word"),
    [("mnits", "Did you mean 'mnist'"), ("no/such.csv", "no such file"), ("", "no such"), ("a\0b", "no such")],
)
def test_a_source_that_is_not_there(name, word):
    with pytest.raises(DataError, match=word):
        load(name)


@pytest.mark.parametrize("option", [{"target": "y"}, {"group": "y"}, {"resize": (2, 2)}, {"colour": True}])
def test_options_that_do_not_apply_are_refused(option):
    with pytest.raises(UsageError, match="digits"):
        load("digits", **option)


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("model.pkl", b"\x80\x04K\x01.", "pickle"),
        ("data.csv", b"\x80\x04K\x01.", "pickle"),
        ("data.npz", b"\x80\x04K\x01.", "pickle"),
        ("data.joblib", b"x", "pickle"),
        ("sheet.xlsx", b"PK\x03\x04", "spreadsheet"),
        ("data.npy", b"\x93NUMPY", "numpy.savez"),
        ("data.parquet", b"x,y\n", "other bytes"),
        ("data.bin", b"hello", "no kind of data file"),
        ("empty.npz", b"", "other bytes"),
    ],
)
def test_other_files_are_refused_by_what_they_are(tmp_path, name, content, word):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=word):
        load(str(tmp_path / name), target="y")


def test_a_tar_of_mail_is_read(tmp_path):
    (tmp_path / "1").write_text("From: a\n\nhello")
    with tarfile.open(tmp_path / "mail.tar.bz2", "w:bz2") as tar:
        tar.add(tmp_path / "1", "ham/1")
    assert load(str(tmp_path / "mail.tar.bz2")).y.tolist() == ["ham"]


def test_importing_the_sources_loads_nothing_heavy():
    code = "import sys, tenfold.data.sources; print({'pandas', 'sklearn', 'PIL', 'pyarrow'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
