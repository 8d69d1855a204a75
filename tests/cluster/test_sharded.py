"""Neighbours among shards of this process: the answers of one search over all rows, however they are cut."""

import pickle
import struct

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.datasets import load_digits
from sklearn.utils.estimator_checks import parametrize_with_checks

from tenfold.cluster.sharded import ShardedKNeighborsClassifier
from tenfold.cluster.sharded.nearest import NearestLabelled, merge
from tenfold.cluster.sharded.part import RowsPart
from tenfold.cluster.sharded.remote import Lease, open_file, open_rows, search_shard
from tenfold.cluster.sharded.shard import open_shard
from tenfold.cluster.sharded.wire import Fault, bytes_of_array, bytes_of_nearest, bytes_of_rows, nearest_of
from tenfold.errors import DataError, LimitError, UsageError
from tenfold.models import KNeighborsClassifier


@parametrize_with_checks([ShardedKNeighborsClassifier(n_shards=3)])
def test_keeps_the_contract_of_scikit_learn(estimator, check):
    check(estimator)


tied_numbers = st.integers(0, 3).map(float)
# Squares of smaller ones would vanish.
ordinary_numbers = st.floats(-1e6, 1e6).map(lambda value: value if abs(value) > 1e-100 else 0.0)


@settings(max_examples=50)
@given(
    X=arrays.arrays(np.float64, st.tuples(st.integers(2, 60), st.just(3)), elements=tied_numbers),
    Q=arrays.arrays(np.float64, st.tuples(st.integers(1, 20), st.just(3)), elements=tied_numbers),
    dtype=st.sampled_from([np.uint8, np.float32, np.float64]),
    fraction=st.sampled_from([0.0, 0.3]),
    weights=st.sampled_from(["uniform", "distance", lambda d: 1 / (1 + d)]),
    data=st.data(),
)
def test_answers_are_those_of_all_rows_together_ties_included(X, Q, dtype, fraction, weights, data):
    k, n_shards = data.draw(st.integers(1, len(X))), data.draw(st.integers(1, len(X)))
    X, Q = X.astype(dtype), (Q + fraction).astype(dtype)
    y = data.draw(arrays.arrays(np.int64, len(X), elements=st.integers(0, 3)).filter(lambda y: len(set(y)) > 1))
    whole = KNeighborsClassifier(k, weights=weights, n_jobs=1).fit(X, y)
    cut = ShardedKNeighborsClassifier(k, weights=weights, n_shards=n_shards, chunk_size=7, n_jobs=1).fit(X, y)
    assert len(cut.shard_rows_) == n_shards
    assert_same_answers(cut, whole, Q)


@settings(max_examples=50)
@given(
    X=arrays.arrays(np.float64, st.tuples(st.integers(2, 60), st.just(2)), elements=ordinary_numbers),
    Q=arrays.arrays(np.float64, st.tuples(st.integers(1, 20), st.just(2)), elements=ordinary_numbers),
    data=st.data(),
)
def test_real_numbers_are_answered_to_the_last_digit(X, Q, data):
    k, n_shards = data.draw(st.integers(1, len(X))), data.draw(st.integers(1, len(X)))
    y = np.arange(len(X)) % 2
    whole = KNeighborsClassifier(k, n_jobs=1).fit(X, y)
    cut = ShardedKNeighborsClassifier(k, n_shards=n_shards, n_jobs=1).fit(X, y)
    assert_same_answers(cut, whole, Q)


def assert_same_answers(cut, whole, Q):
    for ours, expected in zip(cut.kneighbors(Q), whole.kneighbors(Q), strict=True):
        np.testing.assert_array_equal(ours, expected)
    np.testing.assert_array_equal(cut.predict(Q), whole.predict(Q))
    np.testing.assert_array_equal(cut.predict_proba(Q), whole.predict_proba(Q))


@given(st.permutations(range(4)), st.integers(1, 12))
def test_the_order_in_which_shards_answer_does_not_matter(order, k):
    rng = np.random.default_rng(0)
    distances, rows = rng.integers(0, 3, (5, 40)).astype(np.float64), np.tile(np.arange(40), (5, 1))
    parts = [
        NearestLabelled(*(a[:, i * 10 : i * 10 + 10] for a in (distances, rows, rows.astype(np.int32)))) for i in order
    ]
    best = parts[0]
    for part in parts[1:]:
        best = merge(best, part, k)
    expected = np.argsort(distances, axis=1, kind="stable")[:, :k]
    assert np.array_equal(best.rows[:, :k], expected)
    assert np.array_equal(best.codes[:, :k], expected)


def write_idx(folder, X, y):
    (folder / "train-images-idx3-ubyte").write_bytes(struct.pack(">4I", 0x803, *X.shape) + X.tobytes())
    (folder / "train-labels-idx1-ubyte").write_bytes(struct.pack(">2I", 0x801, len(y)) + y.tobytes())


def test_files_are_shards_whose_rows_are_counted_through(tmp_path):
    X, y = load_digits(return_X_y=True)
    X, y = X.astype(np.uint8).reshape(-1, 8, 8), y.astype(np.uint8)
    write_idx(tmp_path, X[:500], y[:500])
    np.savez(tmp_path / "more.npz", X=X[500:501], y=y[500:501])
    np.savez_compressed(tmp_path / "last.npz", X=X[501:1500], y=y[501:1500])
    paths = [tmp_path / name for name in ("train-images-idx3-ubyte", "more.npz", "last.npz")]
    cut = ShardedKNeighborsClassifier(n_jobs=1).fit(paths)
    whole = KNeighborsClassifier().fit(X[:1500].reshape(1500, -1), y[:1500].astype(str))
    assert cut.shard_rows_.tolist() == [500, 1, 999]
    assert cut.classes_.tolist() == list("0123456789")
    assert_same_answers(cut, whole, X[1500:].reshape(-1, 64))
    assert cut.score(X[1500:].reshape(-1, 64), y[1500:].astype(str)) > 0.9


def test_a_folder_of_parquet_files_is_a_shard_a_file(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(90, 3)), columns=list("abc")).assign(whole=rng.integers(0, 9, 90))
    frame["kind"] = np.array(["x", "y", "z"])[rng.integers(0, 3, 90)]
    for i in range(3):
        frame[i * 30 : i * 30 + 30].to_parquet(tmp_path / f"part-{i}.parquet", index=False)
    cut = ShardedKNeighborsClassifier(3, target="kind").fit([tmp_path])
    features = frame.drop(columns="kind")
    whole = KNeighborsClassifier(3).fit(features, frame["kind"])
    assert cut.shard_rows_.tolist() == [30, 30, 30]
    assert cut.feature_names_in_.tolist() == ["a", "b", "c", "whole"]
    assert_same_answers(cut, whole, features + 0.01)


def test_rows_set_apart_for_testing_are_not_learnt(tmp_path):
    X = np.arange(8, dtype=np.uint8).reshape(-1, 1, 1) * np.ones((1, 2, 2), np.uint8)
    np.savez(tmp_path / "both.npz", x_train=X[:6], y_train=[0, 1] * 3, x_test=X[6:], y_test=[0, 1])
    assert ShardedKNeighborsClassifier(1).fit([tmp_path / "both.npz"]).n_samples_fit_ == 6


def saved(path, X, y):
    np.savez(path, X=X, y=y)
    return path


@pytest.mark.parametrize(
    ("X", "y", "said"),
    [
        (np.array([[1.0, 2.0], [3.0, np.nan]]), [0, 1], r"infinite in data row 2, column 2"),
        (np.array([[1.0, np.inf]]), [0], r"infinite in data row 1, column 2"),
        (np.eye(3), [0, 1, 0], r"3 columns that are not those of .*good.npz \(2\)"),
        (np.eye(2), ["a", ""], r"row 2: its label is missing"),
        (np.eye(2), [[0, 1], [1, 0]], r"several targets"),
        (np.zeros((2, 3, 3), np.uint8), [0, 1], r"9 columns that are not those of"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_named(tmp_path, X, y, said):
    good = saved(tmp_path / "good.npz", np.eye(2), [0, 1])
    with pytest.raises(DataError, match=said) as refused:
        ShardedKNeighborsClassifier(1).fit([good, saved(tmp_path / "bad.npz", X, y)])
    assert "bad.npz" in str(refused.value)


def test_text_columns_and_absent_files_are_named(tmp_path):
    pd.DataFrame({"a": ["u", "v"], "t": [0, 1]}).to_parquet(tmp_path / "text.parquet")
    with pytest.raises(DataError, match=r"text\.parquet, column 'a': holds text"):
        ShardedKNeighborsClassifier(1, target="t").fit([tmp_path / "text.parquet"])
    with pytest.raises(DataError, match=r"gone\.npz: no such file or folder"):
        ShardedKNeighborsClassifier(1).fit([tmp_path / "gone.npz"])
    with pytest.raises(UsageError, match=r"give \[path\]"):
        ShardedKNeighborsClassifier(1).fit("gone.npz")


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"n_neighbors": 0}, "at least 1"),
        ({"n_neighbors": 4}, "n_samples_fit = 3"),
        ({"weights": "near"}, "weights must be"),
        ({"n_shards": 0}, "n_shards must be at least 1"),
        ({"chunk_size": 0}, "chunk_size must be at least 1"),
        ({"engine": "dask://10.0.0.7:1"}, "neither encrypted"),
        ({"engine": "spark://here:1"}, "engine spark://here:1: not the address of an engine"),
    ],
)
def test_parameters_that_cannot_be_are_refused(parameters, said):
    with pytest.raises((ValueError, UsageError), match=said):
        ShardedKNeighborsClassifier(**{"n_neighbors": 1, **parameters}).fit(np.eye(3), [0, 1, 0]).predict(np.eye(3))


def test_a_copy_by_pickle_opens_its_shards_itself_and_notices_other_rows(tmp_path):
    path = saved(tmp_path / "rows.npz", np.arange(10.0).reshape(-1, 1), [0, 1] * 5)
    model = ShardedKNeighborsClassifier(1).fit([path])
    copy = pickle.loads(pickle.dumps(model))
    Q = np.array([[2.2], [7.1]])
    assert np.array_equal(copy.predict(Q), model.predict(Q))
    copy.close()
    saved(path, np.arange(10.0).reshape(-1, 1) + 1, [0, 1] * 5)
    with pytest.raises(DataError, match=r"rows\.npz: it holds other rows than when this was fitted"):
        copy.predict(Q)


def part_of(n=20):
    return RowsPart(0, np.arange(2.0 * n).reshape(n, 2), np.zeros(n, np.int32))


def test_a_lease_that_is_moved_takes_no_rows_along():
    lease = Lease(open_shard(part_of(5000)))
    packed = pickle.dumps(lease)
    assert len(packed) < 200
    assert pickle.loads(packed).shard is None
    answer = nearest_of(search_shard(pickle.loads(packed), bytes_of_array(np.zeros((1, 2))), 3, 1), 1, 3, 5000)
    assert answer == Fault("lost", "lost this shard")


def test_an_answer_to_another_question_is_refused():
    part = part_of()
    found = open_shard(part).nearest(np.zeros((4, 2)), 3, 1)
    assert isinstance(nearest_of(bytes_of_nearest(found), 4, 3, 20), NearestLabelled)
    for queries, k, rows in ((5, 3, 20), (4, 2, 20), (4, 3, 2)):
        with pytest.raises(ValueError, match=r"shape|none of"):
            nearest_of(bytes_of_nearest(found), queries, k, rows)
    objects = NearestLabelled(np.array([[{}]], object), found.rows, found.codes)
    with pytest.raises(ValueError, match="pickle"):
        nearest_of(_pickled_inside(objects), 1, 1, 20)


def _pickled_inside(found):
    import io

    buffer = io.BytesIO()
    np.savez(buffer, distances=found.distances, rows=found.rows, codes=found.codes)
    return buffer.getvalue()


def test_a_shard_larger_than_the_memory_of_a_worker_is_one_line(tmp_path):
    lease = open_rows(bytes_of_rows(part_of()), 1_000_000)
    assert lease.fault.kind == LimitError.__name__
    assert "rows 0 to 19 needs 0 MB more" in lease.fault.line
    large = tmp_path / "large.npz"
    with large.open("wb") as file:
        file.truncate(3_000_000_000)
    line = open_file(str(large), None, 4_000_000_000).fault.line
    assert line.startswith(f"{large} needs 3,000 MB more; ")
    assert "\n" not in line
    assert open_file(str(tmp_path / "none.npz"), None, 0).fault.kind == "absent"
