"""Rows assigned by content: equal rows together, in any order of rows, rare classes exactly."""

import numpy as np
import pandas as pd
import pytest

from tenfold.data.streamed.assignment import TEST, assign_rows
from tenfold.data.streamed.reading import read_table
from tenfold.data.streamed.source import table_source
from tenfold.data.streamed.target import class_target, number_target
from tenfold.errors import DataError


def assigned_parts(found, folder, *, k=3, grouped=None, seed=42):
    folder.mkdir(exist_ok=True)
    found.to_parquet(folder / "t.parquet", index=False)
    reading = read_table(table_source(folder / "t.parquet"), "y", folder / "rows", group=grouped)
    of_label = reading.task.encode(np.array(reading.store.labels, object))
    if reading.task.numeric:
        target = number_target(reading.store, of_label, k, seed)
    else:
        target = class_target(of_label, len(reading.task.classes))
    counts = assign_rows(
        reading.store, target, reading.task, k=k, test_size=0.2, seed=seed, grouped=grouped is not None
    )
    parts = np.concatenate([block["parts"].copy() for block in reading.store.blocks("parts")])
    return parts, counts


def some(rows, share=0.3, seed=0):
    rng = np.random.default_rng(seed)
    return pd.DataFrame({"x": rng.normal(size=rows), "y": np.where(rng.random(rows) < share, "yes", "no")})


def test_the_order_of_the_rows_changes_no_row(tmp_path):
    found, order = some(5000), np.random.default_rng(1).permutation(5000)
    first, _ = assigned_parts(found, tmp_path / "a")
    second, _ = assigned_parts(found.iloc[order], tmp_path / "b")
    assert np.array_equal(first[order], second)


def test_equal_rows_go_together(tmp_path):
    found = some(3000)
    parts, _ = assigned_parts(pd.concat([found, found, found], ignore_index=True), tmp_path / "a")
    assert np.array_equal(parts[:3000], parts[3000:6000])
    assert np.array_equal(parts[:3000], parts[6000:])


def test_a_rare_class_has_exact_shares(tmp_path):
    parts, counts = assigned_parts(some(5000, share=0.01), tmp_path / "a")
    rare = int(counts.test[1] + counts.folds[:, 1].sum())
    assert counts.test[1] == round(0.2 * rare)
    assert counts.folds[:, 1].max() - counts.folds[:, 1].min() <= 1
    assert counts.test.sum() + counts.training_rows == 5000 == len(parts)
    assert (parts == TEST).sum() == counts.test.sum()


def test_a_frequent_class_has_nearly_exact_shares(tmp_path):
    _, counts = assigned_parts(some(100_000), tmp_path / "a")
    rows = counts.test + counts.folds.sum(axis=0)
    assert np.abs(counts.test / rows - 0.2).max() < 0.01
    assert np.abs(counts.folds / counts.folds.sum(axis=0) - 1 / 3).max() < 0.01


def test_another_seed_deals_otherwise(tmp_path):
    first, _ = assigned_parts(some(4000), tmp_path / "a", seed=1)
    second, _ = assigned_parts(some(4000), tmp_path / "b", seed=2)
    assert 0.2 < (first == second).mean() < 0.45


def test_groups_stay_whole(tmp_path):
    found = some(6000).assign(visitor=np.random.default_rng(3).integers(0, 400, 6000))
    parts, _ = assigned_parts(found, tmp_path / "a", grouped="visitor")
    assert (pd.Series(parts).groupby(found["visitor"].to_numpy()).nunique() == 1).all()


def test_a_class_with_fewer_rows_than_folds_is_refused(tmp_path):
    found = some(500)
    found.loc[[3, 5], "y"] = "odd"
    with pytest.raises(DataError, match="class 'odd' has 2 training rows, fewer than the 3 folds"):
        assigned_parts(found, tmp_path / "a")


@pytest.mark.parametrize("distinct", [7, 5000])
def test_every_part_has_low_and_high_numbers(distinct, tmp_path):
    found = pd.DataFrame({"x": np.arange(5000.0), "y": np.arange(5000) % distinct + 0.5})
    found = found.sample(frac=1, random_state=0) if distinct > 100 else found
    if distinct < 100:
        found["y"] = found["y"] + np.arange(5000) % 11 / 100
    parts, counts = assigned_parts(found, tmp_path / "t", k=5)
    assert counts.test.sum() == pytest.approx(1000, abs=10)
    assert (counts.folds > 0).all()
    middle = np.median(found["y"])
    for part in (TEST, *range(5)):
        assert (found["y"].to_numpy()[parts == part] > middle).mean() == pytest.approx(0.5, abs=0.02)


def test_fewer_rows_than_folds_are_refused(tmp_path):
    found = pd.DataFrame({"x": np.arange(6.0), "y": np.arange(6) + 0.5})
    with pytest.raises(DataError, match="training rows do not reach all 7 folds"):
        assigned_parts(found, tmp_path / "t", k=7)
