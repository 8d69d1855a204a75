"""Preparation learnt in the stream: what is learnt is right, and blocks are prepared as the saved pipeline prepares."""

import numpy as np
import pytest

from tenfold.candidates.streamed.preparation import BlockPreparation, coded_from, frame_of, one_hot_from
from tenfold.data.streamed.assignment import TEST
from tenfold.data.streamed.moments import moments_of_folds, pooled
from tenfold.data.streamed.source import table_source
from tenfold.decision.rule import parse_rule
from tenfold.line.streamed.prepared import prepare_streamed
from tenfold.record.config import RunConfig
from tests.data.streamed.tables import table


@pytest.fixture(scope="module", params=["gaps", "whole"])
def job(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("job")
    found = table(4000)
    if request.param == "whole":
        found = found.assign(x1=found["x1"].fillna(0.0), colour=found["colour"].fillna("none"))
    found.to_parquet(folder / "t.parquet", index=False)
    config = RunConfig(str(folder / "t.parquet"), target="y", stream=True)
    source = table_source(folder / "t.parquet")
    nothing = lambda line: None  # noqa: E731
    return prepare_streamed(config, source, folder, parse_rule("argmax"), 1, nothing).job


def whole(job, *fields):
    blocks = [{name: values.copy() for name, values in block.items()} for block in job.store.blocks(*fields, rows=700)]
    return {name: np.concatenate([block[name] for block in blocks]) for name in fields}


def test_moments_are_those_of_the_rows(job):
    found, known = moments_of_folds(job.store, job.fold_count), whole(job, "numbers", "codes", "parts")
    for left_out in (None, 1):
        mine = (known["parts"] != TEST) & (known["parts"] != left_out)
        numbers, told = known["numbers"][mine], pooled(found, left_out)
        assert told.rows == len(numbers)
        assert np.allclose(told.mean, np.nanmean(numbers, axis=0), rtol=1e-12)
        assert np.allclose(told.squares / told.present, np.nanvar(numbers, axis=0), rtol=1e-11)
        size = len(job.store.values["colour"]) + 1
        assert told.texts[0].tolist() == np.bincount(known["codes"][mine][:, 0] % size, minlength=size).tolist()


@pytest.mark.parametrize("learn", [one_hot_from, coded_from])
def test_blocks_are_prepared_bit_for_bit_as_tables_are(job, learn):
    training = job.training(0)
    fitted = learn(training.columns, job.store, training.moments)
    prepared = BlockPreparation(fitted, job.store)
    for rows in training.in_order():
        as_table = frame_of(job.store, job.whole, rows.numbers, rows.codes)
        matrix = prepared.matrix(rows.numbers, rows.codes)
        assert np.array_equal(matrix, fitted.transform(as_table), equal_nan=True)
    if learn is one_hot_from:
        assert np.allclose(fitted.transform(as_table)[:, :4].mean(axis=0), 0, atol=0.1)


def test_every_training_row_comes_once_in_each_shuffle_and_never_the_fold(job):
    training = job.training(1)
    mixed = [np.concatenate([rows.numbers[:, 4] for rows in training.shuffled(go)]) for go in (0, 1)]
    known = whole(job, "numbers", "parts")
    wanted = known["numbers"][(known["parts"] != TEST) & (known["parts"] != 1)][:, 4]
    assert all(np.array_equal(np.sort(one), np.sort(wanted)) for one in mixed)
    assert not np.array_equal(mixed[0], mixed[1])


def test_a_sample_is_drawn_from_the_training_rows_alone(job):
    training = job.training(0)
    drawn = np.concatenate([rows.numbers[:, 5] for rows in training.sample(500)])
    known = whole(job, "numbers", "parts")
    allowed = known["numbers"][(known["parts"] != TEST) & (known["parts"] != 0)][:, 5]
    assert 400 < len(drawn) < 600
    assert set(drawn) <= set(allowed)
    everything = np.concatenate([rows.numbers[:, 5] for rows in training.sample(10**9)])
    assert np.array_equal(everything, allowed)
