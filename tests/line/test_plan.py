"""The plan of the defaults, over every size of data: what a run will do is known before anything is fitted."""

import math
import re

import numpy as np
import pandas as pd
import pytest

from tenfold.candidates.catalogue import CATALOGUE, default_names, fold_seconds, resolve
from tenfold.candidates.setting import Setting, setting_of
from tenfold.candidates.streamed.catalogue import STREAMED_CANDIDATES
from tenfold.data.dataset import Dataset
from tenfold.data.holdout.seal import SealedTest
from tenfold.data.kinds.table.preparation import TableColumns
from tenfold.line.memory.plan import make_plan
from tenfold.record.config import RunConfig
from tenfold.task import infer_task
from tenfold.tasks import ClassTask
from tenfold.tasks.images.catalogue import CATALOGUE as DENOISERS

SIDES = [1, 2, 8, 28, 38, 39, 64, 128, 256]
WIDTHS = [1, 2, 30, 784, 1_600, 1_700, 20_000]
CLASSES = [2, 10, 300, 1_000]
ROWS = [10, 100, 1_000, 20_000, 10**5, 10**6, 10**7]


WIDE = [*(("image", side * side * colours) for side in SIDES for colours in (1, 3)), *(("table", w) for w in WIDTHS)]


def setting(kind, values, rows, classes):
    columns = TableColumns(tuple(f"c{i}" for i in range(values)), (), ()) if kind == "table" else None
    return Setting(kind, rows, values, classes, columns)


@pytest.mark.parametrize(("kind", "values"), WIDE)
def test_every_estimate_is_finite_positive_and_grows_with_the_rows(kind, values):
    names = [*CATALOGUE, *(f"{entry.name}:{word}" for entry in CATALOGUE.values() for word in entry.modifiers)]
    for classes in CLASSES:
        one = setting(kind, values, 1_000, classes)
        for name in names:
            candidate = resolve(name, one)
            seconds = [candidate.seconds(rows, rows) for rows in (1, *ROWS)]
            assert all(math.isfinite(value) and value > 0 for value in seconds), (name, classes, seconds)
            assert seconds == sorted(seconds), (name, classes, seconds)
        for learner in STREAMED_CANDIDATES.values():
            seconds = [learner.seconds(one, rows, rows) for rows in ROWS]
            assert all(math.isfinite(value) and value > 0 for value in seconds)
            assert seconds == sorted(seconds), learner.name


@pytest.mark.parametrize("side", SIDES)
def test_every_estimate_of_a_denoiser_is_finite_and_grows_with_the_images(side):
    for entry in DENOISERS.values():
        seconds = [entry.seconds(rows, rows, side * side) for rows in ROWS]
        assert all(math.isfinite(value) and value > 0 for value in seconds)
        assert seconds == sorted(seconds), entry.name


@pytest.mark.parametrize(("kind", "values"), WIDE)
def test_the_defaults_of_any_size_have_a_plan(kind, values):
    for classes in CLASSES:
        for rows in ROWS:
            one = setting(kind, values, rows, classes)
            names = default_names(one, 5)
            assert names[0] == "baseline"
            assert len(names) > 1 or rows > 10**5, (rows, classes)
            assert all(math.isfinite(fold_seconds(resolve(name, one), one, 5)) for name in names)


@pytest.mark.parametrize("shape", [(50, 1, 1), (50, 39, 39), (10**6, 256, 256, 3), (400, 1_700)])
def test_a_plan_says_a_duration(shape):
    # A view of one zero: as many rows as there are, in no memory.
    X = np.broadcast_to(np.uint8(0), shape)
    if len(shape) == 2:
        X = pd.DataFrame(np.zeros(shape), columns=[f"c{i}" for i in range(shape[1])])
    data = Dataset("large", "table" if len(shape) == 2 else "image", X, None, source="memory")
    sealed = SealedTest(lambda: data, 10, how="at random", key="", ids_digest="")
    one = setting(data.kind, math.prod(shape[1:]), shape[0], 2)
    plan = make_plan(RunConfig("memory"), data, sealed, ClassTask(("a", "b"), "b"), one, "accuracy", cores=2)
    assert 0 < plan.seconds < math.inf
    assert re.match(r"Roughly [\d.]+ (s|minutes|hours) on 2 cores\.", plan.sentences[-1])


@pytest.mark.parametrize("rows", [2, 4, 40, 99])
@pytest.mark.parametrize("side", [16, 60])
def test_few_images_leave_as_many_components_as_they_have(rows, side):
    X = np.random.default_rng(0).integers(0, 256, (rows, side, side), dtype=np.uint8)
    pipeline = resolve("svm:pca", Setting("image", rows, side * side, 2)).pipeline
    half = max(rows // 2, 2)
    assert pipeline.fit(X[:half], np.arange(half) % 2).predict(X).shape == (rows,)


def test_images_too_wide_for_all_pairs_of_pixels_get_components_without_them():
    """Of 256 x 256 the pairs alone would take 34 GB."""
    X = np.random.default_rng(0).integers(0, 256, (30, 256, 256), dtype=np.uint8)
    pipeline = resolve("svm:pca", Setting("image", 30, 256 * 256, 2)).pipeline.fit(X, np.arange(30) % 2)
    assert pipeline.named_steps["components"].n_components_ == 15
    usual = resolve("svm:pca", Setting("image", 60_000, 784, 10)).pipeline.named_steps["components"]
    assert (usual.n_components, usual.svd_solver) == (50, "covariance_eigh")


def test_text_that_hardly_repeats_leaves_as_many_components_as_there_are_columns():
    """Its values share one column: fifty components would not be there."""
    rng = np.random.default_rng(0)
    names = {f"n{i}": [f"name {j % 70} {i}" for j in range(150)] for i in range(4)}
    X = pd.DataFrame(names | {"x": rng.normal(size=150)}).astype(dict.fromkeys(names, object))
    y = np.array(["a", "b"], object)[np.arange(150) % 2]
    data = Dataset("names", "table", X, y, source="memory")
    found = setting_of(data, infer_task(y))
    pipeline = resolve("svm:pca", found).pipeline.fit(X, np.arange(150) % 2)
    assert pipeline.predict(X).shape == (150,)
    assert found.values == 5


@pytest.mark.parametrize(("values", "classes"), [(16, 40), (20_000, 2)])
def test_boosting_of_many_classes_or_columns_is_a_candidate_that_can_be_saved(values, classes):
    data = Dataset("wide", "table", pd.DataFrame(np.zeros((200, 3)), columns=list("abc")), None, source="memory")
    sealed = SealedTest(lambda: data, 10, how="at random", key="", ids_digest="")
    one, task = setting("table", values, 200, classes), ClassTask(tuple(f"k{i}" for i in range(classes)))
    plan = make_plan(RunConfig("memory"), data, sealed, task, one, "accuracy", cores=2)
    assert "boosting" in plan.candidates
    assert not plan.unsavable
