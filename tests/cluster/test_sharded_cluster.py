"""Neighbours among shards on a real Dask cluster: the same answers, whatever is lost on the way."""

import gc
import os
import re
import signal
import threading
import time
from itertools import pairwise

import numpy as np
import pytest
from sklearn.datasets import load_digits

pytest.importorskip("distributed", reason="pip install 'tenfold[dask]'")

from tenfold.cluster.sharded import ShardedKNeighborsClassifier, holders
from tenfold.cluster.sharded import distributed as there
from tenfold.errors import DataError, EngineError, LimitError
from tenfold.memory import peak_bytes, reset_peak
from tenfold.models import KNeighborsClassifier
from tests.cluster.test_sharded import assert_same_answers, saved
from tests.dask_clusters import OWN_MODELS, dask_cluster


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Two workers with nannies that live as long as the tests of this file."""
    never = {"DASK_DISTRIBUTED__WORKER__MEMORY__PAUSE": "False"}
    with dask_cluster(tmp_path_factory.mktemp("cluster"), 2, ("--memory-limit", "1GB"), **never) as started:
        yield started


@pytest.fixture
def rows():
    """Tied rows of bytes, their labels, and queries."""
    rng = np.random.default_rng(0)
    return rng.integers(0, 4, (700, 3)).astype(np.uint8), rng.integers(0, 3, 700), rng.integers(0, 4, (150, 3))


@pytest.fixture
def files(rows, tmp_path):
    """The same rows in three files of different sizes."""
    X, y, _ = rows
    bounds = (0, 100, 350, 700)
    return [saved(tmp_path / f"part-{a}.npz", X[a:b].astype(float), y[a:b]) for a, b in pairwise(bounds)]


def whole_of(rows, **parameters):
    X, y, _ = rows
    return KNeighborsClassifier(**parameters).fit(X, y.astype(str))


def worker_processes(address):
    from distributed import Client

    with Client(address, set_as_default=False, timeout=20) as client:
        return client.run(os.getpid)


def kill(address, count=1):
    for process in list(worker_processes(address).values())[:count]:
        os.kill(process, signal.SIGKILL)


@pytest.mark.parametrize(
    ("dtype", "weights"), [(np.uint8, "uniform"), (np.float32, "distance"), (np.float64, "uniform")]
)
def test_answers_of_arrays_are_those_of_one_machine(rows, cluster, dtype, weights):
    X, y, Q = rows
    X = X.astype(dtype) / (1 if dtype == np.uint8 else 3)
    whole = KNeighborsClassifier(7, weights=weights).fit(X, y)
    cut = ShardedKNeighborsClassifier(7, weights=weights, engine=cluster.engine, n_shards=5, chunk_size=40).fit(X, y)
    assert len(cut.shard_rows_) == 5
    assert_same_answers(cut, whole, Q)
    cut.close()


def test_answers_of_digits_are_those_of_one_machine(cluster):
    X, y = load_digits(return_X_y=True)
    cut = ShardedKNeighborsClassifier(engine=cluster.engine).fit(X[:1200], y[:1200])
    assert len(cut.shard_rows_) == 2
    assert_same_answers(cut, KNeighborsClassifier().fit(X[:1200], y[:1200]), X[1200:])
    assert cut.score(X[1200:], y[1200:]) == KNeighborsClassifier().fit(X[:1200], y[:1200]).score(X[1200:], y[1200:])
    cut.close()


def test_files_are_read_by_the_workers(rows, files, cluster, monkeypatch):
    monkeypatch.setattr("tenfold.cluster.sharded.shard.open_shard", None)
    monkeypatch.setattr("tenfold.data.sources.load", None)
    cut = ShardedKNeighborsClassifier(4, engine=cluster.engine, chunk_size=64).fit(files)
    assert cut.shard_rows_.tolist() == [100, 250, 350]
    assert_same_answers(cut, whole_of(rows, n_neighbors=4), rows[2])
    with pytest.raises(ValueError, match="n_neighbors = 701, n_samples_fit = 700"):
        cut.kneighbors(rows[2], 701)
    assert_same_answers(cut.set_params(n_neighbors=350), whole_of(rows, n_neighbors=350), rows[2])
    cut.close()


def test_the_one_who_asks_never_holds_the_rows(cluster, tmp_path):
    rng = np.random.default_rng(0)
    paths = []
    for i in range(4):
        X = rng.integers(0, 256, (50_000, 20, 40), dtype=np.uint8)
        paths.append(saved(tmp_path / f"{i}.npz", X, np.arange(50_000) % 10))
    Q = X[:50].reshape(50, -1).copy()
    del X
    with_one = ShardedKNeighborsClassifier(3, engine=cluster.engine).fit(paths[:1])
    with_one.close()
    gc.collect()
    reset_peak()
    before = peak_bytes()
    cut = ShardedKNeighborsClassifier(3, engine=cluster.engine).fit(paths)
    _, nearest = cut.kneighbors(Q)
    grown = peak_bytes() - before
    assert nearest[:, 0].tolist() == list(range(150_000, 150_050))
    assert grown < 20e6, f"{grown:,} bytes of 160,000,000"
    cut.close()


def test_a_worker_killed_between_questions_changes_no_answer(rows, files, cluster, capsys):
    cut = ShardedKNeighborsClassifier(7, engine=cluster.engine, chunk_size=32, verbose=True).fit(files)
    whole = whole_of(rows, n_neighbors=7)
    # Once before, so that nothing has to be compiled while the nanny brings up another worker.
    assert_same_answers(cut, whole, rows[2])
    kill(cluster.address)
    assert_same_answers(cut, whole, rows[2])
    cut.close()
    told = capsys.readouterr().err
    assert "Lost worker tcp://127.0.0.1:" in told
    # A nanny may have brought up another one before the loss is told.
    assert re.search(r"(1 worker|2 workers) left, which open them again\.", told)


@pytest.mark.parametrize("count", [1, 2], ids=["one", "all"])
def test_workers_killed_while_they_search_change_no_answer(rows, cluster, monkeypatch, count):
    X, y, Q = rows
    cut = ShardedKNeighborsClassifier(7, engine=cluster.engine, chunk_size=5, n_shards=4).fit(X, y)
    pack, asked = there.bytes_of_array, []

    def pack_and_kill(values):
        asked.append(len(values))
        if len(asked) == 15:
            kill(cluster.address, count)
        return pack(values)

    monkeypatch.setattr(there, "bytes_of_array", pack_and_kill)
    distances, nearest = cut.kneighbors(Q)
    assert len(asked) > 4 * len(Q) / 5, "nothing was asked again"
    expected = KNeighborsClassifier(7).fit(X, y).kneighbors(Q)
    assert np.array_equal(distances, expected[0])
    assert np.array_equal(nearest, expected[1])
    cut.close()


def test_without_workers_it_ends_and_goes_on_when_there_are_some_again(rows, files, tmp_path, monkeypatch):
    monkeypatch.setattr(holders, "PATIENCE", 1.0)
    with dask_cluster(tmp_path / "cluster", 2, ("--no-nanny",)) as doomed:
        cut = ShardedKNeighborsClassifier(7, engine=doomed.engine).fit(files)
        time.sleep(1.2)
        kill(doomed.address, 2)
        start = time.monotonic()
        with pytest.raises(EngineError, match="no worker is left") as refused:
            cut.predict(rows[2])
        assert refused.value.exit_code == 7
        assert time.monotonic() - start > 0.9, "no worker was waited for"
        doomed.add_worker("--no-nanny")
        assert_same_answers(cut, whole_of(rows, n_neighbors=7), rows[2])
        os.kill(doomed.scheduler.pid, signal.SIGKILL)
        with pytest.raises(EngineError, match="the scheduler is gone or does not answer"):
            cut.predict(rows[2])


def test_a_worker_without_the_data_leaves_them_to_one_that_has_them(rows, tmp_path, monkeypatch):
    X, y, Q = rows
    for folder, part in (("left", slice(0, 300)), ("right", slice(300, 700))):
        (tmp_path / folder).mkdir()
        saved(tmp_path / folder / f"{folder}.npz", X[part].astype(float), y[part])
    with dask_cluster(tmp_path / "cluster", 0) as cluster:
        for folder in ("left", "right"):
            cluster.add_worker("--no-nanny", cwd=tmp_path / folder)
        until_workers(cluster.address, 2)
        cut = ShardedKNeighborsClassifier(7, engine=cluster.engine).fit(["left.npz", "right.npz"])
        assert_same_answers(cut, whole_of(rows, n_neighbors=7), Q)
        with pytest.raises(DataError, match=r"none of 2 workers sees it \(asked tcp://127.+, tcp://127.+\)") as refused:
            ShardedKNeighborsClassifier(1, engine=cluster.engine).fit(["left.npz", "neither.npz"])
        assert str(refused.value).startswith("neither.npz: ")
        (tmp_path / "left" / "left.npz").unlink()
        cut.close()
        with pytest.raises(
            DataError, match=r"worker tcp://127[^ ]+: left\.npz: does not see this file, nor does the other"
        ):
            cut.predict(Q)


def until_workers(address, count):
    deadline = time.monotonic() + 30
    while len(worker_processes(address)) < count and time.monotonic() < deadline:
        time.sleep(0.1)


def test_a_file_that_cannot_be_used_is_told_with_its_worker(cluster, tmp_path):
    good = saved(tmp_path / "good.npz", np.eye(2), [0, 1])
    bad = saved(tmp_path / "bad.npz", np.array([[1.0, np.nan]]), [0])
    with pytest.raises(
        DataError, match=r"worker tcp://127[^ ]+: .*bad\.npz: a value is missing or infinite in data row 1"
    ):
        ShardedKNeighborsClassifier(1, engine=cluster.engine).fit([good, bad])


def test_other_rows_in_a_file_that_is_opened_again_are_noticed(rows, files, cluster):
    cut = ShardedKNeighborsClassifier(1, engine=cluster.engine).fit(files)
    saved(files[2], np.zeros((350, 3)), [0] * 350)
    kill(cluster.address, 2)
    with pytest.raises(DataError, match=r"part-350\.npz: on worker tcp://127[^ ]+ it holds other rows"):
        cut.predict(rows[2])
    cut.close()


def test_a_shard_larger_than_a_worker_is_told_in_one_line(cluster, tmp_path):
    large = tmp_path / "large.npz"
    with large.open("wb") as file:
        file.truncate(1_500_000_000)
    model = ShardedKNeighborsClassifier(1, engine=cluster.engine)
    with pytest.raises(
        LimitError, match=r"worker tcp://127[^ ]+: .*large\.npz needs 1,500 MB more; .* of this worker's"
    ) as of_file:
        model.fit([large])
    with pytest.raises(
        LimitError, match=r"rows 0 to 399,999 need 1,200 MB, more than 65% of this worker's 1,000 MB"
    ) as of_rows:
        model.set_params(n_shards=1).fit(np.zeros((400_000, 1_000), np.uint8), np.arange(400_000) % 2)
    assert of_file.value.exit_code == of_rows.value.exit_code == 4
    assert not any("\n" in str(one.value) for one in (of_file, of_rows))


def test_a_shard_that_kills_its_workers_is_named(files, cluster, tmp_path, monkeypatch):
    (tmp_path / "own_models.py").write_text(OWN_MODELS)
    monkeypatch.syspath_prepend(str(tmp_path))
    from own_models import deadly

    monkeypatch.setattr(holders, "open_file", deadly)
    with pytest.raises(LimitError, match=r"part-0\.npz: 3 workers died while they opened this shard"):
        ShardedKNeighborsClassifier(1, engine=cluster.engine).fit(files[:1])


def test_shards_of_a_worker_that_takes_no_work_are_opened_elsewhere(rows, files, cluster, tmp_path, monkeypatch):
    from distributed import Client

    monkeypatch.setattr(holders, "PATIENCE", 0.5)
    (tmp_path / "own_models.py").write_text(OWN_MODELS)
    monkeypatch.syspath_prepend(str(tmp_path))
    from own_models import go_on, pause

    cut = ShardedKNeighborsClassifier(7, engine=cluster.engine, chunk_size=30).fit(files)
    with Client(cluster.address, set_as_default=False, timeout=20) as client:
        tired = min(client.nthreads())
        assert client.has_what()[tired]
        client.run(pause, workers=[tired])
        assert_same_answers(cut, whole_of(rows, n_neighbors=7), rows[2])
        assert not client.has_what()[tired]
        client.run(go_on, workers=[tired])
    cut.close()


def test_it_is_told_how_far_a_long_search_is(rows, monkeypatch, capsys):
    monkeypatch.setattr("tenfold.cluster.sharded.classifier._TELL", 0.0)
    X, y, Q = rows
    ShardedKNeighborsClassifier(1, n_shards=2, chunk_size=50, verbose=True).fit(X, y).predict(Q)
    assert "6 of 6 questions answered in 0 s." in capsys.readouterr().err


def test_an_interrupt_stops_the_question_and_not_the_model(rows, cluster):
    X, y, Q = rows
    cut = ShardedKNeighborsClassifier(7, engine=cluster.engine, chunk_size=1).fit(X, y)
    many = np.tile(Q, (40, 1))
    threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        cut.predict(many)
    assert_same_answers(cut.set_params(chunk_size=50), KNeighborsClassifier(7).fit(X, y), Q)
    cut.close()


def test_workers_give_the_memory_back(rows, cluster):
    from distributed import Client

    X, y, _ = rows
    cut = ShardedKNeighborsClassifier(1, engine=cluster.engine).fit(X, y)
    with Client(cluster.address, set_as_default=False, timeout=20) as client:
        held = sum(len(keys) for keys in client.has_what().values())
        assert held >= 2
        del cut
        gc.collect()
        deadline = time.monotonic() + 10
        while sum(len(keys) for keys in client.has_what().values()) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert sum(len(keys) for keys in client.has_what().values()) == 0
