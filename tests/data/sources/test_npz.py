import io
import struct
import zipfile

import numpy as np
import pytest

from tenfold.data.sources import load
from tenfold.errors import DataError, LimitError


def npy(array):
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def header(shape, dtype="|u1"):
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def archive(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, raw in members.items():
            file.writestr(f"{name}.npy", raw)
    return path


def refused(path, error, word, **options):
    with pytest.raises(error, match=word) as caught:
        load(str(path), **options)
    assert str(path.name) in str(caught.value)
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(("x", "y"), [("X", "y"), ("images", "labels"), ("data", "target"), ("x", "y")])
def test_images_and_labels_by_their_usual_names(tmp_path, x, y):
    np.savez(tmp_path / "a.npz", **{x: np.ones((3, 5, 4), np.uint8), y: np.array([1, 0, 1])})
    data = load(str(tmp_path / "a.npz"))
    assert (data.kind, data.image_shape, data.y.tolist()) == ("image", (5, 4), ["1", "0", "1"])


def test_four_arrays_as_keras_publishes_them_give_the_official_split(tmp_path):
    images = np.zeros((3, 5, 5), np.uint8)
    np.savez_compressed(
        tmp_path / "a.npz", x_train=images, y_train=np.arange(3), x_test=images[:2], y_test=np.arange(2)
    )
    data = load(str(tmp_path / "a.npz"))
    assert data.official_test.tolist() == [False, False, False, True, True]


def test_two_dimensions_are_a_table(tmp_path):
    np.savez(tmp_path / "a.npz", X=np.ones((3, 2)), y=np.array(["a", "01", ""]))
    data = load(str(tmp_path / "a.npz"))
    assert (data.kind, data.feature_names, data.y.tolist()) == ("table", ("x0", "x1"), ["a", "01", ""])


def test_arrays_to_predict_need_no_labels(tmp_path):
    np.savez(tmp_path / "a.npz", X=np.ones((3, 2)))
    assert load(str(tmp_path / "a.npz"), labelled=False).y is None


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "bomb.npz"
    block = bytes(16 * 1024**2)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file, file.open("X.npy", "w", force_zip64=True) as member:
        member.write(header((24 * 16, 1024, 1024)))
        for _ in range(24):
            member.write(block)
    assert path.stat().st_size < 1024**2
    refused(path, LimitError, "over the limit of 100 to 1")


def test_an_npy_header_is_not_believed(tmp_path):
    path = archive(tmp_path / "a.npz", X=header((2**40, 28)) + b"xx", y=npy(np.arange(2)))
    refused(path, DataError, "declares")


def test_python_objects_are_refused_unread(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, X=np.array([print, {}], dtype=object), y=np.arange(2))
    refused(path, DataError, "Python objects")


def test_other_names_are_listed(tmp_path):
    np.savez(tmp_path / "a.npz", features=np.ones((2, 2)))
    refused(tmp_path / "a.npz", DataError, "it holds features")


def test_a_missing_array_of_labels_is_named(tmp_path):
    np.savez(tmp_path / "a.npz", X=np.ones((2, 2)))
    refused(tmp_path / "a.npz", DataError, "no array named y or labels or target")


def test_counts_that_differ_are_named(tmp_path):
    np.savez(tmp_path / "a.npz", X=np.ones((2, 2)), y=np.arange(3))
    refused(tmp_path / "a.npz", DataError, "2 rows, but 3 labels")


def test_members_that_are_no_arrays_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as file:
        file.writestr("../../evil.py", "print()")
    refused(tmp_path / "a.npz", DataError, "no .npy array")


def test_a_file_cut_anywhere_is_refused(tmp_path):
    np.savez(tmp_path / "a.npz", X=np.ones((2, 2)), y=np.arange(2))
    whole = (tmp_path / "a.npz").read_bytes()
    for end in range(5, len(whole), 17):
        (tmp_path / "a.npz").write_bytes(whole[:end])
        refused(tmp_path / "a.npz", DataError, "no sound")


def test_images_of_fractions_say_how_to_convert(tmp_path):
    np.savez(tmp_path / "a.npz", X=np.full((2, 3, 3), 0.5), y=np.arange(2))
    refused(tmp_path / "a.npz", DataError, "astype")
