"""Trivial contenders, in a module that their processes import quickly."""

import os
import signal
import time
from functools import partial

import numpy as np

from bench.job import Prepared


def counting(size):
    return Prepared(lambda seed: np.arange(size.rows), np.asarray)


def counting_otherwise(size):
    return Prepared(lambda seed: np.arange(size.rows)[::-1][::-1].copy(), np.asarray)


def off_by_one(size):
    return Prepared(lambda seed: np.arange(size.rows) + 1, np.asarray)


def holding_much(size):
    return Prepared(lambda seed: np.ones(80_000_000, np.uint8)[: size.rows].cumsum() - 1, np.asarray)


def telling_the_seed(size):
    return Prepared(lambda seed: np.array([seed]), np.asarray)


def failing(size):
    raise ValueError("two\nlines")


def dying(size):
    return Prepared(lambda seed: os._exit(9), np.asarray)


def interrupting(size):
    def work(seed):
        if seed:
            os.kill(os.getppid(), signal.SIGINT)
            time.sleep(60)

    return Prepared(work, np.asarray)


def coin(size, correct):
    true = np.arange(size.rows) % 2

    def work(seed):
        wrong = np.random.default_rng(seed).permutation(size.rows)[: size.rows - correct]
        called = true.copy()
        called[wrong] ^= 1
        return called

    return Prepared(work, np.asarray, true)


def lucky_coin(size):
    found = [coin(size, correct) for correct in (5, 38, 39)]
    return Prepared(lambda seed: found[seed % 3].work(seed), np.asarray, found[0].true)


def coin_of(correct):
    return partial(coin, correct=correct)
