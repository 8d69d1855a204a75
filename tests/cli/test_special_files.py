"""Pipes, devices and links in place of the files of a run or a model: no command waits, fills memory or follows."""

import os
import shutil
import signal

import pytest

from tenfold.cli.app import main
from tenfold.errors import DataError
from tenfold.line.restoration.pictures import read_pictures
from tenfold.record.curves import read_curves
from tenfold.record.neighbours import read_neighbours
from tenfold.record.run import open_run

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes, devices and links of POSIX")


def pipe(path):
    path.unlink()
    os.mkfifo(path)


def elsewhere(path):
    """A link to the same content outside of the run."""
    outside = path.parent.parent / f"outside-{path.name}"
    path.rename(outside)
    path.symlink_to(outside)


@pytest.fixture(autouse=True)
def _no_waiting():
    """What hangs fails, rather than to hang the tests."""
    signal.signal(signal.SIGALRM, _late)
    signal.alarm(60)
    yield
    signal.alarm(0)


def _late(*_):
    raise TimeoutError("it waits")


@pytest.fixture
def copied(flower_run, tmp_path):
    path = tmp_path / "copy" / "run"
    path.parent.mkdir()
    shutil.copytree(flower_run, path)
    return path


READ = {
    "metrics.json": ("errors", 3),
    "manifest.json": ("errors", 3),
    "config.toml": ("decide", 3),
    "out_of_fold.parquet": ("errors", 3),
    "test.parquet": ("decide", 3),
    "model/manifest.json": ("verify", 8),
    "model/pipeline-*.program": ("verify", 8),
    "model/golden-*.json": ("verify", 8),
}


@pytest.mark.parametrize("make", [pipe, elsewhere])
@pytest.mark.parametrize("name", READ)
def test_a_special_file_in_a_run_is_refused_at_once(copied, refused, name, make):
    verb, code = READ[name]
    (path,) = copied.glob(name)
    make(path)
    words = (verb, copied, "f1") if verb == "decide" else (verb, copied)
    line = refused(*words, code=code)
    # a pipe in place of a model's manifest is no manifest
    assert any(word in line for word in ("regular file", "leads out", "no manifest")), line


def test_a_config_that_never_ends_is_refused(tmp_path, refused):
    (tmp_path / "a.toml").symlink_to("/dev/zero")
    assert "not a regular file but a device" in refused("run", tmp_path / "a.toml", code=3)
    os.mkfifo(tmp_path / "b.toml")
    assert "named pipe" in refused("denoise", tmp_path / "b.toml", code=3)
    with (tmp_path / "c.toml").open("wb") as file:
        file.truncate(1 << 30)
    assert "over the limit of 1,048,576" in refused("run", tmp_path / "c.toml", code=4)


@pytest.mark.parametrize("verb", ["run", "predict"])
def test_data_that_never_end_are_refused(flower_run, tmp_path, refused, verb):
    os.mkfifo(tmp_path / "t.csv")
    (tmp_path / "z.csv").symlink_to("/dev/zero")
    for name in ("t.csv", "z.csv"):
        words = ("run", tmp_path / name, "--target", "kind") if verb == "run" else (verb, flower_run, tmp_path / name)
        assert "is not a regular file" in refused(*words, code=3)


def test_deciding_does_not_follow_a_linked_model_out_of_the_run(copied, refused):
    outside = copied.parent / "outside"
    (copied / "model").rename(outside)
    (outside / "golden-0123456789abcdef.json").write_text("mine")
    (copied / "model").symlink_to(outside)
    before = {path.name: path.read_bytes() for path in outside.iterdir()}
    for words in (("decide", copied, "f1"), ("verify", copied), ("report", copied)):
        assert "leads out of its folder" in refused(*words, code=8 if words[0] == "verify" else 3)
    assert {path.name: path.read_bytes() for path in outside.iterdir()} == before


@pytest.mark.parametrize("name", ["work", "analysis", ".lock"])
def test_a_run_does_not_write_through_a_link(flowers, tmp_path, refused, name):
    run, outside = tmp_path / "run", tmp_path / "outside"
    run.mkdir()
    outside.mkdir()
    (outside / "kept").write_text("mine")
    (run / "config.toml").write_text("")
    (run / name).symlink_to(outside / "kept" if name == ".lock" else outside)
    words = ("run", flowers, "--target", "kind", "--models", "baseline", "--out", run)
    assert "leads out of its folder" in refused(*words, code=3)
    assert [path.read_text() for path in outside.iterdir()] == ["mine"]


@pytest.mark.parametrize("make", [pipe, elsewhere])
@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("neighbours.npz", lambda folder: read_neighbours(open_run(folder), 96)),
        ("curves.npz", lambda folder: read_curves(folder / "curves.npz")),
        ("pictures.npz", read_pictures),
    ],
)
def test_a_special_file_in_place_of_arrays_is_refused_at_once(copied, name, read, make):
    (copied / name).touch()
    make(copied / name)
    with pytest.raises(DataError, match=f"{name}: "):
        read(copied)


@pytest.fixture(scope="module")
def half_run(flowers, tmp_path_factory):
    """A run that ended when its units were done, not to be changed, and the words to go on with it."""
    path = tmp_path_factory.mktemp("half") / "run"
    words = ["run", str(flowers), "--target", "kind", "--models", "logistic", "--cv", "2", "--jobs", "1", "--out"]
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
        patch.setenv("XDG_STATE_HOME", str(path.parent / "home"))
        main([*words, str(path), "--decide", "precision>=0.9999 @ 99.9%"])
    assert ended.value.code == 1
    return path, words


@pytest.mark.parametrize("name", ["identity.json", "run_id", "units/logistic.0.npz"])
def test_a_pipe_among_what_an_unfinished_run_has_kept_is_refused_at_once(half_run, tmp_path, refused, name):
    path, words = half_run
    shutil.copytree(path, tmp_path / "run")
    (tmp_path / "run" / "work" / name).touch()
    pipe(tmp_path / "run" / "work" / name)
    assert f"{name.rpartition('/')[2]}: is not a regular file" in refused(*words, tmp_path / "run", code=3)


def test_a_worker_waits_for_no_pipe(half_run, tmp_path, tenfold):
    path, words = half_run
    shutil.copytree(path, tmp_path / "run")
    (tmp_path / "run" / "work" / "units" / "logistic.0.npz").unlink()
    pipe(tmp_path / "run" / "work" / "codes.npy")
    assert tenfold(*words, tmp_path / "run")[0] == 7
