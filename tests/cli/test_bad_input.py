"""What cannot work is refused in one line with the exit code of its kind, and leaves nothing behind."""

import gzip
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

TABLES = {
    "empty": (b"", 3, "empty"),
    "header": (b"a,b,y\n", 3, "header"),
    "one": (b"a,y\n1,x\n2,x\n3,x\n", 3, "one class"),
    "utf": (b"a,y\n\xff\xfe\x00,1\n2,0\n" * 9, 3, "UTF-8"),
    "rare": (b"a,y\n" + b"1,x\n2,z\n" * 20 + b"3,w\n", 3, "'w'"),
    "ragged": (b"a,y\n1,x\n" * 5 + b"1,2,3,4,x\n", 3, "row"),
    "blank": (b"a,y\n" + b"1,x\n2,z\n" * 9 + b"3,\n", 3, "label"),
    "one text": (b"a,y\n" + b"".join(b"%d,%.3f\n" % (i, i / 7) for i in range(500)) + b"500,about 12\n", 3, "about 12"),
    "endless": (b"a,y\n" + b"".join(b"%d,%.3f\n" % (i, i / 7) for i in range(50)) + b"50,inf\n", 3, "infinite"),
    "shifted": (b"a,y\n" + b"1,x,7\n2,z,8\n" * 20, 3, ""),
    "same": (b"a,y\n" + b"5,x\n5,z\n" * 20, 3, "same values"),
    "gaps": (b"a,y\n" + b",x\n,z\n" * 20, 3, ""),
    "twice": (b"a,a,y\n" + b"1,2,x\n3,4,z\n" * 9, 3, "'a'"),
}


def idx(array):
    code = {1: 1, 3: 3}[array.ndim]
    return struct.pack(">BBBB", 0, 0, 8, code) + struct.pack(f">{code}I", *array.shape) + array.tobytes()


def idx_pair(folder, images, labels):
    folder.mkdir()
    (folder / "train-images-idx3-ubyte.gz").write_bytes(images)
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(labels)
    return folder


@pytest.mark.parametrize("name", TABLES)
def test_tables(name, tmp_path, refused, never):
    text, code, word = TABLES[name]
    path = tmp_path / f"{name}.csv"
    path.write_bytes(text)
    line = refused("run", path, "--target", "y", "--out", never, code=code)
    assert f"{name}.csv" in line or word in line
    assert word in line


def test_unlabelled_rows_can_be_left_out(tmp_path, tenfold):
    (tmp_path / "blank.csv").write_bytes(
        b"a,y\n" + b"".join(b"%d,x\n%d,z\n" % (i, 90 - i) for i in range(40)) + b"3,\n"
    )
    words = ("run", tmp_path / "blank.csv", "--target", "y", "--models", "knn", "--out", tmp_path / "r")
    code, out, err = tenfold(*words, "--drop-unlabelled")
    assert code == 0, err
    assert "1 row" in out


def test_a_missing_target_suggests_the_nearest(flowers, refused, never):
    assert "Did you mean 'kind'" in refused("run", flowers, "--target", "kjnd", "--out", never, code=3)


def test_a_missing_file(refused, tmp_path, never):
    assert "none.csv" in refused("run", tmp_path / "none.csv", "--target", "y", "--out", never, code=3)


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (("--models", "forrest"), "Did you mean 'forest'"),
        (("--models", "sgd:row"), "Did you mean 'raw'"),
        (("--models", "nowhere_at_all:Model"), "nowhere_at_all"),
        (("--models", "math:pi"), "no classifier"),
        (("--decide", "precision>>0.9"), "character"),
        (("--metric", "acuracy"), "Did you mean 'accuracy'"),
        (("--positive", "lily"), "no class 'lily'"),
        (("--task", "multilable"), "Did you mean 'multilabel'"),
        (("--test-size", "1.5"), "--test-size"),
        (("--cv", "1"), "--cv"),
        (("--resize", "big"), "--resize"),
    ],
)
def test_usage(flowers, refused, never, words, word):
    assert word in refused("run", flowers, "--target", "kind", "--out", never, *words, code=2)


def test_a_threshold_for_many_classes_is_refused_before_training(refused, never):
    assert "--positive" in refused("run", "digits", "--decide", "precision>=0.9", "--out", never, code=2)


@pytest.mark.parametrize("fault", ["cut", "magic", "promise", "counts", "labels"])
def test_idx_files(fault, tmp_path, refused, never):
    images = np.random.default_rng(0).integers(0, 255, (40, 5, 5)).astype(np.uint8)
    plain, labels = idx(images), idx(np.arange(40, dtype=np.uint8) % 2)
    packed = gzip.compress(plain)
    files = {
        "cut": (packed[: len(packed) // 2], gzip.compress(labels)),
        "magic": (gzip.compress(b"\0\0\7\3" + plain[4:]), gzip.compress(labels)),
        "promise": (gzip.compress(plain[:4] + b"\0\1\0\0" + plain[8:]), gzip.compress(labels)),
        "counts": (gzip.compress(idx(images[:39])), gzip.compress(labels)),
        "labels": (packed, gzip.compress(labels[:-1])),
    }
    folder = idx_pair(tmp_path / fault, *files[fault])
    assert "idx" in refused("run", folder, "--out", never, code=3)


def png_claiming(side):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.fixture
def pictures(tmp_path):
    rng = np.random.default_rng(0)
    for name, level in (("cat", 60), ("dog", 190)):
        (tmp_path / "pets" / name).mkdir(parents=True)
        for i in range(20):
            Image.fromarray((rng.integers(0, 50, (6, 6)) + level).astype(np.uint8)).save(
                tmp_path / "pets" / name / f"{i}.png"
            )
    return tmp_path / "pets"


def test_an_unreadable_image_is_named_or_passed_over(pictures, tenfold, refused, tmp_path):
    (pictures / "cat" / "bad.png").write_bytes(b"\x89PNG no picture")
    assert "bad.png" in refused("run", pictures, "--models", "knn", "--out", tmp_path / "no", code=3)
    code, out, err = tenfold("run", pictures, "--models", "knn", "--skip-bad", "--out", tmp_path / "r")
    assert code == 0, err
    assert "bad.png" in out


def test_an_image_that_claims_gigapixels_is_over_a_limit(pictures, refused, never):
    (pictures / "cat" / "bomb.png").write_bytes(png_claiming(50_000))
    assert "bomb.png" in refused("run", pictures, "--out", never, code=4)


def test_images_of_two_sizes_ask_for_resize(pictures, refused, tenfold, tmp_path):
    Image.new("L", (9, 9)).save(pictures / "dog" / "large.png")
    assert "--resize" in refused("run", pictures, "--models", "knn", "--out", tmp_path / "no", code=3)
    assert tenfold("run", pictures, "--models", "knn", "--resize", "6x6", "--out", tmp_path / "r", "--quiet")[0] == 0


def test_predicting_images_of_another_shape(pictures, tenfold, refused, tmp_path):
    assert tenfold("run", pictures, "--models", "knn", "--out", tmp_path / "r", "--quiet")[0] == 0
    line = refused("predict", tmp_path / "r", "digits", code=3)
    assert "8 x 8" in line
    assert "6 x 6" in line


@pytest.fixture
def open_folder():
    """A folder that any account may enter (pytest's own are closed to others)."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


AS_NOBODY = """
import os, sys
import tenfold.api.running, tenfold.cli.app, tenfold.cli.progress
tenfold.load(sys.argv[1], target="kind")  # so that all is imported while this account may still read it
os.chdir("/")
if os.geteuid() == 0:
    os.setegid(65534), os.seteuid(65534)
tenfold.cli.app.main(sys.argv[2:])
"""


def as_nobody(readable, *words):
    """Run the command as an account without rights, where this one is root."""
    return subprocess.run([sys.executable, "-c", AS_NOBODY, readable, *map(str, words)], capture_output=True, text=True)


def test_a_folder_without_permission(flowers, open_folder):
    shutil.copy(flowers, open_folder / "flowers.csv")
    (open_folder / "closed").mkdir(mode=0o555)
    words = ("run", open_folder / "flowers.csv", "--target", "kind", "--out", open_folder / "closed" / "r")
    done = as_nobody(flowers, *words)
    assert done.returncode == 5, done.stderr
    assert "no permission" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_file_without_permission(flowers, open_folder):
    shutil.copy(flowers, open_folder / "flowers.csv")
    (open_folder / "flowers.csv").chmod(0o000)
    done = as_nobody(flowers, "data", "show", open_folder / "flowers.csv", "--target", "kind")
    assert done.returncode == 5, done.stderr
    assert "flowers.csv" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def limited_files():
    """Let no file grow past 120 kB, as on a disk that fills while a run is under way."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, 120_000))


@pytest.mark.usefixtures("workers")
def test_a_disk_that_fills_up_is_exit_5_and_the_run_can_go_on(tmp_path):
    words = [sys.executable, "-m", "tenfold", "run", "digits", "--models", "knn", "--out", str(tmp_path / "r")]
    full = subprocess.run(words, capture_output=True, text=True, preexec_fn=limited_files)
    assert full.returncode == 5, full.stderr
    assert str(tmp_path / "r") in full.stderr.splitlines()[-1]
    assert "Traceback" not in full.stderr
    assert not (tmp_path / "r" / "metrics.json").exists()
    assert not list((tmp_path / "r").rglob(".part-*"))
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Resumed" in done.stderr


def test_a_file_where_the_folder_should_be(flowers, refused, tmp_path):
    (tmp_path / "r").write_text("mine")
    refused("run", flowers, "--target", "kind", "--out", tmp_path / "r", code=5)
    assert (tmp_path / "r").read_text() == "mine"


def test_a_folder_of_something_else_is_left_alone(flowers, refused, tmp_path):
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "thesis.txt").write_text("mine")
    assert "other files" in refused("run", flowers, "--target", "kind", "--out", tmp_path / "r", code=2)
    assert sorted(p.name for p in (tmp_path / "r").iterdir()) == ["thesis.txt"]


@pytest.mark.parametrize("what", ["file", "folder", "nothing"])
def test_not_a_bundle(what, flowers, refused, tmp_path):
    path = tmp_path / "model"
    if what == "file":
        path.write_bytes(b"\x80\x04]\x94.")
    elif what == "folder":
        path.mkdir()
    refused("predict", path, flowers, code=8)


@pytest.mark.parametrize("text", ["nonsense", 'format = 1\n[run]\nsource = "digits"\nmodel = "knn"\n', "format = 9\n"])
def test_a_bad_config(text, refused, tmp_path, never):
    (tmp_path / "config.toml").write_text(text)
    refused("run", tmp_path / "config.toml", "--out", never, code=2)
