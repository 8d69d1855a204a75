"""Many neighbours are selected, not inserted one by one: the same to the last bit, in a fraction of the time."""

import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.models import KNeighborsClassifier
from tenfold.models.neighbours.byte_search import ByteSearch
from tenfold.models.neighbours.differences import MANY, least, nearest_of_all, nearest_of_candidates
from tenfold.models.neighbours.float_search import FloatSearch
from tenfold.models.neighbours.search import NeighbourSearch


def by_differences(X, Q, k):
    """The definition: all distances, summed value by value; of equal ones the first row."""
    distances = np.zeros((len(Q), len(X)))
    with np.errstate(over="ignore"):
        for theirs, own in zip(X.T.astype(np.float64), Q.T.astype(np.float64), strict=True):
            distances += (theirs - own[:, None]) ** 2
    rows = np.argsort(distances, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(distances, rows, axis=1), rows


def same(found, expected):
    return all(np.array_equal(one, other) for one, other in zip(found, expected, strict=True))


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 200), levels=st.sampled_from([1, 2, 9, 10**9]), data=st.data())
def test_the_least_are_those_of_a_stable_sort(seed, n, levels, data):
    values = np.random.default_rng(seed).integers(0, levels, (4, n)).astype(float)
    values[0, 0] = np.inf
    k = data.draw(st.integers(1, n))
    order = np.argsort(values, axis=1, kind="stable")[:, :k]
    assert same(least(values, k), (np.take_along_axis(values, order, axis=1), order))


@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(1, 300),
    d=st.integers(1, 20),
    dtype=st.sampled_from([np.uint8, np.int16, np.float32, np.float64]),
    levels=st.sampled_from([1, 3, 255]),
    size=st.sampled_from([1.0, 1e160, 1e-170]),
    data=st.data(),
)
def test_comparing_all_is_the_definition_ties_by_row(seed, n, d, dtype, levels, size, data):
    rng = np.random.default_rng(seed)
    both = rng.integers(0, levels, (n + 5, d)).astype(dtype) * (size if dtype is np.float64 else dtype(1))
    X, Q, k = both[:n], both[n:], data.draw(st.integers(1, n))
    assert same(nearest_of_all(X, Q, k, 2), by_differences(X, Q, k))
    every = np.broadcast_to(rng.permutation(n), (len(Q), n))
    assert same(nearest_of_candidates(X, Q, every, k), by_differences(X, Q, k))


@pytest.mark.parametrize("k", [MANY + 1, 1_000, 4_999, 5_000])
@pytest.mark.parametrize("kind", ["bytes", "few values", "floats", "single precision", "alike", "far from zero"])
def test_many_neighbours_are_those_of_the_definition(k, kind):
    rng = np.random.default_rng(0)
    X = {
        "bytes": rng.integers(0, 256, (5_000, 6)).astype(np.uint8),
        "few values": rng.integers(0, 2, (5_000, 6)).astype(np.uint8),
        "floats": rng.normal(size=(5_000, 6)),
        "single precision": rng.normal(size=(5_000, 6)).astype(np.float32),
        "alike": np.full((5_000, 6), 0.1),
        "far from zero": 1e9 + rng.normal(size=(5_000, 6)),
    }[kind]
    expected = by_differences(X, X[:20], k)
    assert same(NeighbourSearch(X).nearest(X[:20], k), expected)
    assert same(NeighbourSearch(X).nearest(X[:2], k), [part[:2] for part in expected])
    assert same((ByteSearch.of(X) or FloatSearch.of(X)).nearest(X[:20], k, 2), expected)


def test_time_grows_with_the_neighbours_not_with_their_square():
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(4_000, 5)), rng.integers(0, 3, 4_000)
    model = KNeighborsClassifier(4_000, n_jobs=1).fit(X, y)
    seconds = {}
    for k in (500, 4_000):
        model.set_params(n_neighbors=k).predict(X[:20])
        start = time.perf_counter()
        model.predict(X[:40])
        seconds[k] = time.perf_counter() - start
    assert seconds[4_000] < 8 * seconds[500] + 0.1, "eight times as many; the square would be 64"


_PROGRAM = """
import os, signal, threading, time
import numpy as np
from tenfold.models import KNeighborsClassifier
rng = np.random.default_rng(0)
X, y = rng.normal(size=({n}, {d})), np.arange({n}) % 3
if {whole}:
    X = np.clip(np.rint(40 * X + 128), 0, 255).astype(np.uint8)
model = KNeighborsClassifier({k}, n_jobs=2).fit(X, y)
model.predict(X[:20])
sent = []
def interrupt():
    sent.append(time.perf_counter())
    os.kill(os.getpid(), signal.SIGINT)
threading.Timer(0.7, interrupt).start()
try:
    while True:
        model.predict(X)
except KeyboardInterrupt:
    print(time.perf_counter() - sent[0])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a child there")
@pytest.mark.parametrize(("n", "d", "k", "whole"), [(8_000, 5, 8_000, True), (6_000, 300, 6_000, False)])
def test_an_interrupt_is_heard_while_very_many_neighbours_are_sought(n, d, k, whole):
    program = _PROGRAM.format(n=n, d=d, k=k, whole=whole)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300)
    assert float(done.stdout) < 2, done.stderr
