"""Threads of a computation: calls that overlap are not in each other's way, and an interrupt leaves at once."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack

import numpy as np
import pytest
from sklearn.datasets import load_digits
from threadpoolctl import threadpool_info, threadpool_limits

from tenfold.models import GaussianSVC
from tenfold.models.threads import (
    algebra_in_one_thread,
    allowed_threads,
    check_interrupt,
    interruptible,
    limited_to,
    map_in_threads,
    thread_pool,
)


def algebra():
    """Threads of each linear algebra library, as a set: one number where all have as many."""
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


@pytest.fixture
def three_threads():
    with threadpool_limits(3, user_api="blas"):
        yield


class Held:
    """A limit that a thread of its own enters at once, and leaves when it is told to."""

    def __init__(self, limit):
        self._entered, self._leave = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._hold, args=(limit,), daemon=True)
        self._thread.start()
        assert self._entered.wait(30)

    def _hold(self, limit):
        with limit():
            self.allowed = allowed_threads(None)
            self._entered.set()
            self._leave.wait()

    def leave(self):
        self._leave.set()
        self._thread.join()


def to_one():
    return limited_to(1)


@pytest.mark.parametrize("second", [algebra_in_one_thread, to_one])
@pytest.mark.parametrize("first", [algebra_in_one_thread, to_one])
def test_limits_that_overlap_leave_no_trace(first, second, three_threads):
    before, one = algebra(), Held(first)
    other = Held(second)
    assert algebra() == {1}
    one.leave()
    assert algebra() == {1}
    other.leave()
    assert before == algebra() == {3}


def test_the_lowest_of_overlapping_limits_holds(three_threads):
    two = Held(lambda: limited_to(2))
    assert algebra() == {2}
    one = Held(to_one)
    assert algebra() == {1}
    one.leave()
    assert algebra() == {2}
    two.leave()
    assert algebra() == {3}
    with limited_to(5):
        assert algebra() == {3}


def test_a_number_that_another_sets_meanwhile_stays(three_threads):
    ours = Held(algebra_in_one_thread)
    with threadpool_limits(2, user_api="blas"):
        ours.leave()
        assert algebra() == {2}


def test_a_limit_counts_for_those_who_enter_it_alone(three_threads):
    inner, outer = Held(algebra_in_one_thread), Held(to_one)
    assert (inner.allowed, outer.allowed, allowed_threads(None), allowed_threads(2)) == (3, 1, 3, 2)
    inner.leave()
    outer.leave()
    assert allowed_threads(None) == 3


def test_a_fault_leaves_no_limit(three_threads):
    with pytest.raises(ZeroDivisionError), limited_to(1):
        map_in_threads(2, lambda number: 1 // number, [1, 0])
    assert algebra() == {3}
    assert allowed_threads(None) == 3


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_parts_come_in_order_whichever_ends_first(threads):
    first_may_end = threading.Event()

    def work(number):
        if number == 0 and threads > 1:
            first_may_end.wait(30)
        first_may_end.set()
        return number * number

    assert map_in_threads(threads, work, range(7)) == [0, 1, 4, 9, 16, 25, 36]
    assert map_in_threads(threads, work, []) == []
    with thread_pool(threads) as run:
        assert [run(work, range(3)), run(work, [])] == [[0, 1, 4], []]


def test_after_a_fault_no_other_part_begins():
    begun, may_end = [], threading.Event()

    def work(number):
        begun.append(number)
        if number == 0:
            raise ValueError("the first")
        may_end.wait(30)

    with pytest.raises(ValueError, match="the first"):
        map_in_threads(2, work, range(50))
    may_end.set()
    assert max(begun) < 3


def test_a_fault_within_a_part_is_the_one_that_is_raised():
    """Parts that are left since another failed end too, but it is not they who failed."""
    failing, left = threading.Event(), threading.Event()

    def waiting(_):
        failing.set()
        while True:
            try:
                check_interrupt()
            except Exception:
                left.set()
                raise

    def outer(number):
        if number == 0:
            return map_in_threads(2, waiting, range(2))
        failing.wait(30)
        return map_in_threads(2, lambda zero: 1 // zero, [0, 0])

    with pytest.raises(ZeroDivisionError):
        map_in_threads(2, outer, range(2))
    assert left.wait(30)


def test_context_reaches_the_threads():
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        map_in_threads(2, lambda zeros: np.ones(2) / zeros, [np.zeros(2)] * 2)
    assert interruptible(lambda: threading.current_thread()) is not threading.main_thread()


def test_calls_at_the_same_time_predict_the_same_bits():
    X, y = load_digits(return_X_y=True)
    X = X + np.random.default_rng(0).normal(size=X.shape)
    scores, start = [None] * 6, threading.Barrier(6)
    with ExitStack() as limits:
        limits.enter_context(threadpool_limits(4, user_api="blas"))
        model = GaussianSVC(n_jobs=1).fit(X, y)
        expected = model.decision_function(X)

        def call(place):
            start.wait()
            scores[place] = model.decision_function(X[: 700 + 200 * place])

        threads = [threading.Thread(target=call, args=(place,)) for place in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert algebra() == {4}
    for some in scores:
        np.testing.assert_array_equal(some, expected[: len(some)])


_ENDLESS = """
import os, signal, sys, threading, time
import numpy as np
from tenfold.models import GaussianSVC
rows, columns, n_jobs = map(int, sys.argv[1:])
random = np.random.default_rng(0)
X, y = random.normal(size=(rows, columns)), random.integers(0, 3, rows)
def interrupt():
    looks = 0
    while looks < 3:
        looks += any(frame.f_code.co_name == "_dense_fit" for frame in sys._current_frames().values())
        time.sleep(0.01)
    global sent
    sent = time.perf_counter()
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt, daemon=True).start()
try:
    GaussianSVC(C=1e9, gamma=1e-3, n_jobs=n_jobs).fit(X, y)
except KeyboardInterrupt:
    print(time.perf_counter() - sent)
    raise
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a child there")
@pytest.mark.parametrize(
    ("rows", "columns", "threads"),
    [
        pytest.param(900, 2, 1, id="all at once"),
        pytest.param(5000, 100, 2, id="chunks in threads"),
    ],
)
def test_an_interrupt_leaves_the_solver(rows, columns, threads):
    """It is sent while libsvm, which would go on for hours, does not hear of it; the process ends as by any Ctrl-C."""
    asked = [sys.executable, "-c", _ENDLESS, str(rows), str(columns), str(threads)]
    process = subprocess.run(asked, capture_output=True, text=True, timeout=60)
    assert process.returncode == -signal.SIGINT
    assert process.stderr.splitlines()[-1] == "KeyboardInterrupt"
    assert float(process.stdout) < 1


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to itself there")
def test_what_an_interrupt_leaves_soon_ends_and_holds_no_limit(three_threads):
    inside, ended = threading.Event(), threading.Event()

    def endless(_):
        inside.set()
        try:
            while True:
                check_interrupt()
        finally:
            ended.set()

    sender = threading.Thread(target=lambda: (inside.wait(), os.kill(os.getpid(), signal.SIGINT)))
    sender.start()
    with pytest.raises(KeyboardInterrupt):
        interruptible(lambda: map_in_threads(2, endless, range(4)))
    sender.join()
    assert ended.wait(30)
    deadline = time.monotonic() + 30
    while algebra() != {3} and time.monotonic() < deadline:
        time.sleep(0.01)
    assert algebra() == {3}
