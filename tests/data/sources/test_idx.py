import gzip
import hashlib
import os
import struct
import sys

import numpy as np
import pytest

from tenfold.data.sources import load
from tenfold.data.sources.images.idx import IDX_IMAGES, read_idx
from tenfold.errors import DataError, LimitError, StorageError


def images_bytes(n=4, height=3, width=2, magic=0x0803, claim=None):
    pixels = np.arange(n * height * width, dtype=np.uint8)
    return struct.pack(">IIII", magic, *(claim or (n, height, width))) + pixels.tobytes()


def labels_bytes(labels, magic=0x0801):
    return struct.pack(">II", magic, len(labels)) + bytes(labels)


def pair(folder, prefix="train", n=4, labels=None, pack=False):
    write = (lambda path, raw: path.with_name(path.name + ".gz").write_bytes(gzip.compress(raw))) if pack else None
    write = write or (lambda path, raw: path.write_bytes(raw))
    write(folder / f"{prefix}-images-idx3-ubyte", images_bytes(n))
    write(folder / f"{prefix}-labels-idx1-ubyte", labels_bytes(list(range(n)) if labels is None else labels))


def refused(path, error, *words, **options):
    with pytest.raises(error) as caught:
        load(str(path), **options)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) <= 400
    for word in (path.name[:40], *words):
        assert word in message
    return message


@pytest.mark.parametrize("pack", [False, True])
def test_train_and_test_pairs_give_the_official_split(tmp_path, pack):
    pair(tmp_path, "train", 4, pack=pack)
    pair(tmp_path, "t10k", 2, pack=pack)
    data = load(str(tmp_path))
    assert data.X.shape == (6, 3, 2)
    assert data.X.dtype == np.uint8
    assert data.X[1, 0, 0] == 6
    assert data.y.tolist() == ["0", "1", "2", "3", "0", "1"]
    assert data.official_test.tolist() == [False] * 4 + [True] * 2


def test_a_single_pair_has_no_official_split(tmp_path):
    pair(tmp_path, "some")
    assert load(str(tmp_path)).official_test is None


def test_one_file_of_images_finds_the_labels_beside_it(tmp_path):
    pair(tmp_path, "train")
    assert load(str(tmp_path / "train-images-idx3-ubyte")).y.tolist() == ["0", "1", "2", "3"]


def test_images_to_predict_need_no_labels(tmp_path):
    (tmp_path / "new-images-idx3-ubyte").write_bytes(images_bytes())
    data = load(str(tmp_path / "new-images-idx3-ubyte"), labelled=False)
    assert data.y is None
    assert len(data) == 4


def test_images_without_labels_are_refused(tmp_path):
    (tmp_path / "new-images-idx3-ubyte").write_bytes(images_bytes())
    refused(tmp_path / "new-images-idx3-ubyte", DataError, "new-labels-idx1-ubyte", "Do:")


@pytest.mark.parametrize("extra", [-1, 1, -24])
def test_a_size_other_than_promised_is_refused_with_both_sizes(tmp_path, extra):
    raw = images_bytes()
    path = tmp_path / "a-images-idx3-ubyte"
    path.write_bytes(raw + b"x" if extra > 0 else raw[:extra])
    refused(path, DataError, "promises 4 x 3 x 2 = 24 bytes", "more" if extra > 0 else str(24 + extra), labelled=False)


@pytest.mark.parametrize(
    ("claim", "error", "word"),
    [
        ((0, 28, 28), DataError, "empty"),
        ((5, 0, 28), DataError, "empty"),
        ((2**32 - 1,) * 3, LimitError, "limit"),
        ((60_000, 28, 28), DataError, "47,040,000"),
        ((1_000_000, 28, 28), LimitError, "limit"),
    ],
)
def test_a_header_is_not_believed(tmp_path, claim, error, word):
    path = tmp_path / "a-images-idx3-ubyte"
    path.write_bytes(images_bytes(claim=claim))
    refused(path, error, word, labelled=False)


@pytest.mark.parametrize(
    "raw", [b"\x00\x00\x0d\x03" + b"\x00" * 12, b"\x00\x00\x08\x01" + b"\x00" * 12, b"\x00\x00\x08"]
)
def test_another_magic_number_is_refused(tmp_path, raw):
    path = tmp_path / "a-images-idx3-ubyte"
    path.write_bytes(raw)
    refused(path, DataError, "0x", labelled=False)


def test_a_header_that_ends_early_is_refused(tmp_path):
    path = tmp_path / "a-images-idx3-ubyte"
    path.write_bytes(images_bytes()[:10])
    refused(path, DataError, "truncated", labelled=False)


def test_truncated_gzip_is_refused(tmp_path):
    path = tmp_path / "a-images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(os.urandom(0) + images_bytes(200, 28, 28))[:-30])
    refused(path, DataError, "ends early (truncated)", labelled=False)


def test_damaged_gzip_is_refused(tmp_path):
    path = tmp_path / "a-images-idx3-ubyte.gz"
    packed = bytearray(gzip.compress(images_bytes()))
    packed[-6] ^= 0xFF
    path.write_bytes(packed)
    refused(path, DataError, "damaged", labelled=False)


def test_counts_that_differ_name_both_files(tmp_path):
    pair(tmp_path, "train", 4, labels=[1, 2, 3])
    refused(tmp_path / "train-images-idx3-ubyte", DataError, "4 images", "3 labels", "train-labels-idx1-ubyte")


def test_several_pairs_in_a_folder_ask_for_one(tmp_path):
    for prefix in ("balanced", "letters", "digits"):
        pair(tmp_path, prefix)
    refused(tmp_path, DataError, "balanced-images", "give one file")


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file that fails when it is read")
def test_a_fault_of_the_disk_is_a_storage_error():
    from pathlib import Path

    with pytest.raises(StorageError, match="cannot be read"):
        read_idx(Path("/proc/self/mem"), IDX_IMAGES)


def test_a_pipe_is_refused_without_waiting(tmp_path):
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    refused(path, DataError, "regular file", target="y")


def test_the_real_mnist_is_the_published_one(real_data):
    data = load("mnist", data_dir=real_data)
    assert data.X.shape == (70_000, 28, 28)
    assert data.notes == ()
    header = struct.pack(">IIII", 0x0803, 60_000, 28, 28)
    train = data.X[~data.official_test]
    assert hashlib.md5(header + train.tobytes()).hexdigest() == "6bbc9ace898e44ae57da46a324031adb"
    assert data.official_test.sum() == 10_000
    assert data.y[:5].tolist() == ["5", "0", "4", "1", "9"]
