"""Trees: the compiled kernel gives what NumPy gives, bit for bit; and both what a walk from node to node gives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from tenfold.models.threads import limited_to
from tenfold.models.trees.kernel import kernel_sums
from tenfold.models.trees.shape import CATEGORICAL, FEATURE, MISSING_LEFT, Shape, deepest, is_shape
from tenfold.models.trees.trees import Trees, nodes_of

WIDTH, CATEGORIES = 9, 24


def random_bits(random: np.random.Generator, splits: int) -> np.ndarray:
    """The bits of a tree of so many splits, level by level."""
    bits, pending = [], 1
    while pending:
        bits.append(bool(splits > 0 and (pending == 1 or random.random() < 0.6)))
        splits -= bits[-1]
        pending += 1 if bits[-1] else -1
    return np.array(bits, np.bool_)


def random_trees(
    seed: int, dtype: str, *, missing: bool = False, categories: bool = False, groups: int = 1, single: bool = False
) -> Trees:
    """Trees of 0 to 60 splits, some of them on categories."""
    random = np.random.default_rng(seed)
    shape = Shape.of(np.concatenate([random_bits(random, int(random.integers(60))) for _ in range(12)]))
    splitting = int(shape.splits.sum())
    values = random.normal(size=(20, 3)).astype(np.float32 if single else np.float64)
    thresholds = random.integers(0, 10, splitting).astype(dtype)
    categorical = random.random(splitting) < 0.4 if categories else None
    nodes = nodes_of(
        shape,
        random.integers(0, len(values), int((~shape.splits).sum())),
        random.integers(0, WIDTH, splitting),
        thresholds,
        random.random(splitting) < 0.5 if missing else None,
        categorical,
    )
    count = 0 if categorical is None else int(categorical.sum())
    sets = random.integers(0, 256, (count, CATEGORIES // 8), dtype=np.uint8)
    start = random.normal(size=groups * 3).astype(values.dtype)
    return Trees(nodes, shape.roots.astype(np.int32), values, groups, start, missing or categories, sets)


def random_rows(seed: int, dtype: str, count: int = 700) -> np.ndarray:
    random = np.random.default_rng(seed)
    X = random.integers(-2 if dtype != "uint8" else 0, 30, (count, WIDTH)).astype(dtype)
    if dtype != "uint8":
        X[random.random(X.shape) < 0.1] += 0.5
        X[random.random(X.shape) < 0.1] = np.nan
        X[random.random(X.shape) < 0.05] *= 1e30
        X[random.random(X.shape) < 0.05] = np.inf
    return X


def leaf_of(trees: Trees, root: int, row: Sequence[float]) -> int:
    """Walk from node to node, as a person would."""
    place = root
    while trees.nodes[place]["child"] >= 0:
        node, left = trees.nodes[place], True
        kind = int(node["split"])
        if len(node) == 2:
            left = row[kind >> 8] <= (kind & 255)
        elif not trees.missing:
            left = not row[kind & FEATURE] > node["threshold"]
        else:
            value = row[kind & FEATURE]
            left = bool(kind & MISSING_LEFT)
            if kind & CATEGORICAL:
                if -1 < value < CATEGORIES:
                    number = int(value)
                    left = bool(trees.sets[int(node["threshold"])][number // 8] >> number % 8 & 1)
            elif not np.isnan(value):
                left = value <= node["threshold"]
        place = int(node["child"]) + (not left)
    return ~int(trees.nodes[place]["child"])


def walked_sums(trees: Trees, rows: np.ndarray) -> np.ndarray:
    columns = trees.values.shape[1]
    sums = np.tile(trees.start, (len(rows), 1))
    for number, root in enumerate(trees.roots):
        first = number % trees.groups * columns
        for place, row in enumerate(rows):
            sums[place, first : first + columns] += trees.values[leaf_of(trees, int(root), row)]
    return sums


CASES = [
    ("uint8", {}),
    ("float32", {}),
    ("float64", {}),
    ("float32", {"missing": True}),
    ("float64", {"missing": True}),
    ("float32", {"missing": True, "categories": True}),
    ("float64", {"missing": True, "categories": True}),
    ("float64", {"categories": True}),
    ("float32", {"groups": 3}),
    ("float64", {"groups": 4, "single": True}),
]


@pytest.mark.parametrize(("dtype", "options"), CASES)
def test_both_evaluations_give_what_a_walk_gives(dtype: str, options: dict[str, int]) -> None:
    for seed in range(3):
        trees, rows = random_trees(seed, dtype, **options), random_rows(seed, dtype)
        expected = walked_sums(trees, rows[:60])
        sums = trees.sums_by_numpy(rows)
        assert sums.dtype == trees.values.dtype
        np.testing.assert_array_equal(sums[:60], expected)
        np.testing.assert_array_equal(kernel_sums(trees, rows), sums)
        np.testing.assert_array_equal(trees.sums(rows), sums)


@pytest.mark.parametrize(("dtype", "options"), CASES[:6])
def test_the_number_of_threads_changes_no_bit(dtype: str, options: dict[str, int]) -> None:
    trees, rows = random_trees(1, dtype, **options), random_rows(1, dtype, 30_000)
    with limited_to(1):
        one = kernel_sums(trees, rows)
    with limited_to(5):
        np.testing.assert_array_equal(kernel_sums(trees, rows), one)


@pytest.mark.parametrize("dtype", ["uint8", "float64"])
def test_no_row_and_rows_that_are_not_contiguous(dtype: str) -> None:
    trees, rows = random_trees(1, dtype), random_rows(1, dtype)
    assert trees.sums_by_numpy(rows[:0]).shape == kernel_sums(trees, rows[:0]).shape == (0, 3)
    np.testing.assert_array_equal(trees.sums(np.asfortranarray(rows)), trees.sums(rows))
    np.testing.assert_array_equal(kernel_sums(trees, rows[::2]), trees.sums(rows)[::2])


def test_many_rows_are_summed_in_blocks_alike() -> None:
    trees, rows = random_trees(2, "float32", groups=2), random_rows(2, "float32", 1000)
    whole = trees.sums_by_numpy(rows)
    np.testing.assert_array_equal(np.concatenate([trees.sums_by_numpy(rows[at : at + 1]) for at in range(1000)]), whole)


def test_trees_are_told_apart_by_their_bits() -> None:
    random = np.random.default_rng(1)
    for _ in range(50):
        trees = [random_bits(random, int(random.integers(30))) for _ in range(int(random.integers(1, 6)))]
        bits = np.concatenate(trees)
        assert is_shape(bits, len(trees))
        assert not is_shape(bits, len(trees) + 1)
        assert not is_shape(bits[:-1], len(trees))
        assert not is_shape(np.append(bits, True), len(trees))
        shape = Shape.of(bits)
        assert shape.roots.tolist() == np.cumsum([0, *map(len, trees[:-1])]).tolist()
        every = np.concatenate([shape.roots, shape.children, shape.children + 1])
        np.testing.assert_array_equal(np.sort(every), np.arange(len(bits)))
        assert (shape.children > np.flatnonzero(bits)).all()


def test_the_deepest_path_is_counted_up_to_a_limit() -> None:
    chain = Shape.of(np.array([1, 0] * 30 + [0], np.bool_))
    assert deepest(chain, 100) == 30
    assert deepest(chain, 30) == 30
    assert deepest(chain, 29) == 30
    assert deepest(Shape.of(np.zeros(3, np.bool_)), 5) == 0
