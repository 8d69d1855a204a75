import multiprocessing
import os
import subprocess
import sys
import textwrap
from dataclasses import replace

import numpy as np
import pytest

from tenfold.data.holdout import Ledger, Openings, open_test_part, split
from tenfold.data.holdout.seal import SealedTest
from tenfold.errors import DataError, StorageError
from tenfold.line.entry import execute
from tenfold.record.config import RunConfig
from tenfold.record.run import open_run
from tenfold.task import infer_task
from tests.cli.conftest import tenfold as command

__all__ = ["command"]


def test_openings_are_counted_by_run_and_outlive_it(images, tmp_path):
    _, test = split(images, infer_task(images.y))
    ledger = Ledger(tmp_path / "ledger")
    counts = [open_test_part(test, ledger, run, "").openings.count for run in ("one", "one", "two")]
    assert counts == [1, 1, 2]
    assert Ledger(tmp_path / "ledger").openings(test.ids_digest) == Openings(2)


def test_openings_that_an_earlier_version_counted_by_labels_and_rows_go_on_counting(images, tmp_path):
    _, test = split(images, infer_task(images.y))
    ledger = Ledger(tmp_path)
    ledger.record(test.key, "old", "")
    ledger.record(test.key, "both", "")
    counts = [open_test_part(test, ledger, run, "").openings.count for run in ("old", "both", "new", "old")]
    assert counts == [2, 2, 3, 3]


def test_the_same_rows_under_other_labels_and_in_another_order_are_one_test_part(images, tmp_path):
    official = np.arange(60) >= 45
    again = replace(images, y=np.array(list("xy"), object)[np.arange(60) % 2], official_test=official)
    order = np.r_[np.arange(45), np.arange(45, 60)[::-1]]
    turned = replace(images.take(order), official_test=official, rows=np.arange(60))
    counts = []
    for data in (replace(images, official_test=official), again, turned):
        _, test = split(data, infer_task(data.y))
        counts.append(open_test_part(test, Ledger(tmp_path), f"run {len(counts)}", "").openings.count)
    assert counts == [1, 2, 3]


DAMAGED = {
    "list": b"[]",
    "null": b"null",
    "number for a run": b'{"run": 3}',
    "no run": b'{"at": "2026"}',
    "bad UTF-8": b"\xff\xfe{}",
    "deep": b"[" * 100_000,
    "NUL bytes": b"\x00" * 40,
    "cut in the run": b'{"run": "tw',
    "broken escape": b'{"run": "\\ud8"}',
}


@pytest.mark.parametrize("line", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_line_counts_as_an_opening_and_hides_no_other(tmp_path, line):
    ledger = Ledger(tmp_path)
    ledger.record("k", "one", "")
    with (tmp_path / "k.jsonl").open("ab") as file:
        file.write(b"\n" + line)
    assert ledger.record("k", "two", "") == Openings(3, unreadable=1)
    assert ledger.record("k", "two", "") == Openings(3, unreadable=1)


def test_a_line_that_is_cut_after_its_run_still_names_it(tmp_path):
    (tmp_path / "k.jsonl").write_bytes(b'\n{"run": "one", "at": "20')
    assert Ledger(tmp_path).record("k", "one", "") == Openings(1)
    assert Ledger(tmp_path).record("k", "two", "") == Openings(2)


def test_damage_is_said_with_the_figures(images, tmp_path):
    _, test = split(images, infer_task(images.y))
    (tmp_path / f"{test.ids_digest}.jsonl").write_bytes(b"null\n")
    run = execute(
        RunConfig("memory", models=("baseline",), cv=2),
        tmp_path / "run",
        lambda config, scratch: images,
        lambda folder, rows, data: None,
        ledger=Ledger(tmp_path),
    )
    assert run.metrics["test_openings"] == 2
    assert any("ledger of test openings are damaged" in line for line in run.metrics["warnings"])


FULL_DISK = """
    import resource, signal, sys
    from pathlib import Path
    from tenfold.errors import StorageError
    from tenfold.data.holdout import Ledger

    ledger = Ledger(Path(sys.argv[1]))
    ledger.record("k", "one", "")
    size = (ledger.folder / "k.jsonl").stat().st_size
    # A file may now grow by ten bytes: the system takes ten of the line and says so, as a full disk does.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 10, resource.RLIM_INFINITY))
    try:
        ledger.record("k", "two", "")
    except StorageError as fault:
        print(fault)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are those of POSIX")
def test_an_opening_of_which_the_disk_takes_a_part_is_refused_and_leaves_no_half_line(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FULL_DISK), str(tmp_path)], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "k.jsonl" in done.stdout
    lines = (tmp_path / "k.jsonl").read_bytes().splitlines()
    assert len([line for line in lines if line]) == 1
    assert Ledger(tmp_path).openings("k") == Openings(1)


def test_rows_stay_sealed_where_their_opening_cannot_be_written(tmp_path):
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "a.jsonl").mkdir()

    def give():
        raise AssertionError("the rows were given")

    with pytest.raises(DataError, match="not a regular file but a folder"):
        open_test_part(SealedTest(give, 1, how="", key="b", ids_digest="a"), Ledger(tmp_path / "ledger"), "run", "")


def test_a_ledger_that_cannot_be_written_is_refused_before_the_data_are_read(tmp_path):
    (tmp_path / "file").write_text("")

    def load(config):
        raise AssertionError("the data were read")

    with pytest.raises(StorageError, match="XDG_STATE_HOME"):
        execute(RunConfig("digits"), tmp_path / "run", load, lambda *_: None, ledger=Ledger(tmp_path / "file" / "home"))
    assert not (tmp_path / "run").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_in_place_of_a_ledger_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "k.jsonl")
    with pytest.raises(DataError, match="named pipe"):
        Ledger(tmp_path).record("k", "one", "")


@pytest.mark.parametrize("key", ["../k", "a/b", "", "k" * 200, "k\n"])
def test_a_key_from_a_strangers_run_names_no_other_file(tmp_path, key):
    with pytest.raises(DataError, match="no key of a test part"):
        Ledger(tmp_path / "ledger").record(key, "one", "")
    assert not list(tmp_path.rglob("*.jsonl"))


def _record(folder, run, start, counts):
    start.wait()
    counts.put(Ledger(folder).record("k", run, "").count)


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_processes_that_open_at_once_are_each_told_another_count(tmp_path):
    context = multiprocessing.get_context("fork")
    start, counts = context.Event(), context.Queue()
    crew = [context.Process(target=_record, args=(tmp_path, f"run {i}", start, counts)) for i in range(6)]
    for process in crew:
        process.start()
    start.set()
    found = sorted(counts.get(timeout=60) for _ in crew)
    for process in crew:
        process.join()
    assert found == [1, 2, 3, 4, 5, 6]
    assert Ledger(tmp_path).openings("k") == Openings(6)


@pytest.fixture(scope="module")
def official(tmp_path_factory):
    """An archive with a test part of its own: images of four classes named 0 to 3."""
    rng = np.random.default_rng(0)
    codes = np.arange(120) % 4
    X = rng.integers(0, 60, (120, 4, 4)).astype(np.uint8)
    X[np.arange(120), codes, codes] += 150
    path = tmp_path_factory.mktemp("official") / "four.npz"
    np.savez(path, x_train=X[:80], y_train=codes[:80], x_test=X[80:], y_test=codes[80:])
    return path


def test_every_way_to_look_at_a_test_part_is_counted_together_and_told_alike(official, tmp_path, command):
    runs = [
        ("run", official, "--models", "logistic"),
        ("run", official, "--models", "logistic", "--positive", "3"),
        ("run", official, "--models", "logistic", "--labels", "large = digit >= 2, odd = digit % 2 == 1"),
        ("denoise", official, "--models", "median"),
    ]
    for number, words in enumerate(runs, start=1):
        code, out, err = command(*words, "--cv", "2", "--out", tmp_path / f"r{number}")
        assert code == 0, err
        run = open_run(tmp_path / f"r{number}")
        assert run.metrics["test_openings"] == run.manifest["test"]["openings"] == number
        assert number == 1 or f"opened {number} times" in out
        assert ("once" if number == 1 else f"{number} times") in run.folder.report.read_text()
    assert command("decide", tmp_path / "r2", "f1")[0] == 0
    assert open_run(tmp_path / "r2").metrics["test_openings"] == 5
    _, out, _ = command("evaluate", tmp_path / "r1", official)
    assert "now opened 6 times" in out


def test_a_run_from_another_machine_brings_its_openings_along(official, tmp_path, command, monkeypatch):
    assert (
        command("run", official, "--models", "baseline", "--positive", "1", "--cv", "2", "--out", tmp_path / "r")[0]
        == 0
    )
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another home"))
    for count in (2, 3):
        assert command("decide", tmp_path / "r", "argmax")[0] == 0
        assert open_run(tmp_path / "r").metrics["test_openings"] == count
