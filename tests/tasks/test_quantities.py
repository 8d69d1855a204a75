"""The task of predicting quantities: inferred, split, refused, and its whole line on small tables."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tenfold
from tenfold.ask.comparison.quantities import change_rows, compare_quantities, comparison_sentences
from tenfold.ask.decide import decide
from tenfold.ask.errors.quantities import quantity_errors_of
from tenfold.ask.errors.quantity_sentences import quantity_sentences
from tenfold.ask.flags import extrapolations
from tenfold.data.sources.arrays import from_arrays
from tenfold.errors import DataError, ModelError, UsageError
from tenfold.program.program import Program
from tenfold.program.refusal import Refused
from tenfold.record.bundle import load, verify
from tenfold.record.bundle.codecs.codec import Tolerance
from tenfold.record.bundle.golden import compare, golden_from_dict
from tenfold.record.bundle.lowering import refuse_difference
from tenfold.record.bundle.task_rules import check_difficulty
from tenfold.record.entries.metrics import Metrics
from tenfold.show import write_report
from tenfold.task import infer_task
from tenfold.tasks.quantities.strata import quantile_strata
from tenfold.tasks.quantities.task import QuantityTask


def text(*values):
    return np.array([str(value) for value in values], object)


def homes(n=160, seed=0, targets=1):
    """Floor, distance and kind of a home, and its rent; the larger, the less sure."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({"floor": rng.uniform(20, 120, n), "away": rng.uniform(0, 30, n)})
    table["kind"] = np.where(rng.random(n) < 0.3, "house", "flat")
    rent = 300 + 9 * table["floor"] - 12 * table["away"] + 80 * (table["kind"] == "house")
    table["rent"] = (rent + rng.normal(0, 1, n) * table["floor"] / 2).round(2)
    if targets > 1:
        table["heating"] = (30 + table["floor"] + rng.normal(0, 5, n)).round(2)
    return table


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    out = tmp_path_factory.mktemp("homes") / "run"
    return tenfold.run(homes(), target="rent", models="ridge,knn", cv=3, jobs=0, out=out)


@pytest.fixture(scope="module")
def run_of_two(tmp_path_factory):
    table, out = homes(targets=2), tmp_path_factory.mktemp("homes") / "two"
    y = table[["rent", "heating"]]
    return tenfold.run(table.drop(columns=y.columns), y, models="ridge,svr", cv=3, jobs=0, out=out)


@pytest.mark.parametrize(
    ("values", "name", "words"),
    [
        ((*range(30), "about 12"), "quantities", "row 31.*'about 12' is no number"),
        ((*(i / 7 for i in range(400)), "about 12"), None, "row 401.*'about 12' is no number"),
        ((*range(30), "inf"), "quantities", "row 31.*infinite"),
        ((*range(30), "1e300"), "quantities", "row 31.*1e300.*too large"),
        ((*range(30), "1_000"), "quantities", "row 31.*'1_000' is no number"),
        ((*range(30), "2021-05-01"), "quantities", "row 31.*is a date.*days since"),
        (["2.5"] * 30, "quantities", "every row has the value 2.5"),
        (["1", "2"] * 30, "quantities", "two values only, 1 and 2.*--task binary"),
        (["3"], "quantities", "1 row with a value"),
        ([f"{i}.5e200" for i in range(40)], None, "row 1.*0.5e200.*too large"),
        ([f"{i}e-170" for i in range(40)], "quantities", "all values lie within.*smaller unit"),
    ],
)
def test_what_cannot_be_predicted_is_refused_by_name(values, name, words):
    with pytest.raises(DataError) as caught:
        infer_task(text(*values), name=name, target_names=("price",), source="homes.csv")
    line = str(caught.value)
    assert "\n" not in line
    for part in words.split(".*"):
        assert part in line


def test_rows_without_a_value_are_named_by_the_check(tmp_path):
    table = homes()
    table.loc[[3, 9], "rent"] = np.nan
    with pytest.raises(DataError, match=r"2 of 160 rows have no label .*--drop-unlabelled"):
        tenfold.run(table, target="rent", jobs=0, out=tmp_path / "run")


def test_numbers_that_people_wrote_are_no_classes():
    euros = text(*(f"{value},50 €" for value in range(100, 160)))
    with pytest.raises(DataError, match=r"looks like a quantity.*'100,50 €'.*write it as 1234.5"):
        infer_task(euros)
    assert infer_task(text(*["12 kg", "15 kg"] * 20)).type == "binary"
    with pytest.raises(DataError, match=r"row 2, column 'price': .*'\$1,200'"):
        infer_task(text(7, "$1,200", *range(1300, 1400)), target_names=("price",))
    assert infer_task(text("0A", "1")).type == "binary"
    assert infer_task(text(*(f"{n}{'ABC'[n % 3]}" for n in range(30)))).type == "multiclass"


def test_few_fractions_are_quantities_and_repeated_ones_classes():
    assert infer_task(text(0.5, 1.25, 2.5, 3.75, 1.5)).numeric
    assert infer_task(text(*[0.5, 1.0] * 10)).type == "binary"


def test_a_class_to_detect_is_no_quantity():
    with pytest.raises(UsageError, match="--positive"):
        infer_task(text(*range(40)), name="quantities", positive="3")
    assert infer_task(text(*range(3), *range(3)), positive="2").type == "binary"
    with pytest.raises(UsageError, match=r"column 'price' holds numbers, none of which is that\. .*--bins 5"):
        infer_task(text(*np.linspace(0, 9, 40)), positive="yes", target_names=("price",))


def test_several_columns_of_numbers_are_quantities_and_of_yes_and_no_labels():
    numbers = np.random.default_rng(0).normal(size=(20, 2))
    assert infer_task(numbers, target_names=("a", "b")).classes == ("a", "b")
    assert infer_task(numbers > 0, target_names=("a", "b")).type == "multilabel"
    with pytest.raises(DataError, match=r"column 'b'.*every row"):
        infer_task(np.column_stack([numbers[:, 0], np.ones(20)]), target_names=("a", "b"))


def test_parts_have_low_middle_and_high_values():
    y = np.random.default_rng(1).exponential(size=500)
    task = QuantityTask(("y",))
    folds, test = task.draw_folds(y, 5, shuffle=True), task.draw_test(y, 0.2, 0, None)
    edges = np.quantile(y, np.arange(1, 10) / 10)
    for part in (test, *(folds == number for number in range(5))):
        shares = np.bincount(np.searchsorted(edges, y[part]), minlength=10) / part.sum()
        assert shares == pytest.approx(np.full(10, 0.1), abs=0.02)


def test_groups_are_not_torn_apart():
    rng = np.random.default_rng(2)
    y, groups = rng.normal(size=120), rng.integers(0, 25, 120)
    folds = QuantityTask(("y",)).draw_folds(y, 3, groups=groups, shuffle=True)
    assert all(len(np.unique(folds[groups == group])) == 1 for group in np.unique(groups))


def test_few_rows_and_equal_values_are_cut_where_they_can_be():
    assert quantile_strata(np.array([1.0, 1.0, 1.0, 5.0]), 2)[1] == 1
    with pytest.raises(DataError, match="4 training rows, fewer than the 5 folds"):
        QuantityTask(("y",)).draw_folds(np.arange(4.0), 5)


def test_a_run_writes_what_the_contract_says(run):
    metrics = json.loads(run.folder.metrics.read_text())
    assert (metrics["task"], metrics["metric"], metrics["classes"]) == ("quantities", "rmse", ["rent"])
    assert "confusion_matrix" not in metrics["candidates"]["ridge"]
    lines = pd.read_parquet(run.folder.out_of_fold)
    assert {"true", "predicted", "low", "high"} <= set(lines)
    for name, one in metrics["candidates"].items():
        own = lines[lines["candidate"] == name]
        rmse = np.sqrt(((own["true"] - own["predicted"]) ** 2).mean())
        assert one["out_of_fold"]["rmse"]["value"] == pytest.approx(rmse, rel=1e-12)
        inside = ((own["low"] <= own["true"]) & (own["true"] <= own["high"])).mean()
        assert one["decision"]["out_of_fold"]["coverage"]["value"] == pytest.approx(inside)
    assert metrics["test"]["coverage"]["value"] is not None


def test_its_model_is_a_program_that_predicts_with_intervals(run):
    verify(run.path)
    model = load(run.path)
    assert isinstance(model.model, Program)
    rows = homes(20, seed=3).drop(columns="rent")
    predicted, ends = model.predict(rows), model.predict_interval(rows)
    assert predicted.shape == (20,)
    assert ((ends[:, 0] <= predicted) & (predicted <= ends[:, 1])).all()
    far = rows.assign(floor=1000.0)
    assert extrapolations(model, model.predict(far))["extrapolates: rent"].all()
    assert extrapolations(model, predicted) == {}


def test_it_is_decided_again_and_back(run, tmp_path):
    import shutil

    folder = tmp_path / "copy"
    shutil.copytree(run.path, folder)
    before = pd.read_parquet(folder / "out_of_fold.parquet")
    shifted = decide(folder, "cost under=4 over=1", write_report)
    decision = shifted.record.metrics.chosen_record.decision
    assert decision.shift[0] > 0
    assert load(folder).decision == decision.decision
    after = decide(folder, "coverage>=0.9", write_report).out_of_fold
    for name in ("predicted", "low", "high"):
        assert after[name].to_numpy() == pytest.approx(before[name].to_numpy(), rel=1e-9)
    with pytest.raises(UsageError, match="for classes"):
        decide(folder, "precision>=0.9", write_report)


def test_several_quantities_go_the_whole_line(run_of_two):
    metrics = run_of_two.metrics
    assert metrics["metric"] == "r2"
    assert {"rmse:rent", "coverage:heating"} <= set(metrics["test"])
    assert metrics["failed"] == {}
    model = load(run_of_two.path)
    rows = homes(9, seed=5).drop(columns="rent")
    assert model.predict(rows).shape == (9, 2)
    assert model.predict_interval(rows).shape == (9, 4)
    assert quantity_errors_of(run_of_two, target="heating").target == "heating"


def test_one_quantity_is_predicted_after_the_other(tmp_path):
    table, out = homes(80, targets=2), tmp_path / "run"
    y = table[["rent", "heating"]]
    found = tenfold.run(table.drop(columns=y.columns), y, models="chain:ridge", cv=2, jobs=0, out=out)
    assert found.chosen == "chain:ridge"
    assert found.metrics["failed"] == {}
    with pytest.raises(UsageError, match="several labels or quantities"):
        tenfold.run(homes(), target="rent", models="chain:ridge", jobs=0, out=tmp_path / "other")


def test_errors_are_told_in_sentences(run):
    from tenfold.record.instances import judged_instances

    errors = quantity_errors_of(run)
    errors = quantity_errors_of(run, instances=judged_instances(run, errors.lines))
    first, *_ = quantity_sentences(errors)
    assert "on half of the 128 rows judged out of fold" in first
    worst = errors.far_rows(errors.listed("worst", 3))
    assert abs(worst[0].error) == np.abs(errors.column.errors).max()
    assert len(worst[0].nearest) == 5
    with pytest.raises(UsageError, match="no predictions of 'forest'"):
        quantity_errors_of(run, "forest")
    with pytest.raises(UsageError, match="row 99999 is none"):
        errors.position_of(99999)


def test_two_candidates_are_compared_on_the_same_rows(run, run_of_two):
    (found,) = compare_quantities([run.path, run.path], candidates=["baseline", "ridge"])
    lines = {name: run.lines(name) for name in ("baseline", "ridge")}
    sizes = {name: np.abs(one["true"] - one["predicted"]).to_numpy() for name, one in lines.items()}
    rmse = {name: np.sqrt((one**2).mean()) for name, one in sizes.items()}
    assert found.n == 128
    assert found.difference.value == pytest.approx(rmse["ridge"] - rmse["baseline"])
    assert found.difference.high < 0
    assert found.closer.value == pytest.approx((sizes["ridge"] < sizes["baseline"]).mean())
    assert "more than chance" in comparison_sentences(found)[1]
    worst = change_rows(found)[1]
    change = sizes["ridge"] - sizes["baseline"]
    assert int(worst[0]) == lines["ridge"]["row"].to_numpy()[np.argmax(np.abs(change))]
    with pytest.raises(DataError, match="different tasks"):
        compare_quantities([run.path, run_of_two.path])
    with pytest.raises(UsageError, match="one run alone"):
        compare_quantities([run.path])


def test_a_logarithm_needs_values_above_zero(tmp_path):
    table = homes()
    table.loc[7, "rent"] = -3.0
    with pytest.raises(DataError, match=r"row .*-3 has no logarithm"):
        tenfold.run(table, target="rent", models="ridge:log", test_size=0.01, cv=2, jobs=0, out=tmp_path / "run")
    with pytest.raises(UsageError, match=r"no transform 'lgo'.*log"):
        tenfold.run(homes(), target="rent", target_transform="lgo", jobs=0, out=tmp_path / "other")
    with pytest.raises(UsageError, match="classes are predicted"):
        tenfold.run(homes(), target="kind", target_transform="log", jobs=0, out=tmp_path / "more")


def test_models_of_the_logarithm_stand_beside_the_others(tmp_path):
    out = tmp_path / "run"
    found = tenfold.run(homes(60), target="rent", models="ridge", target_transform="log", cv=2, jobs=0, out=out)
    assert set(found.metrics["candidates"]) == {"baseline", "ridge", "ridge:log"}
    assert found.metrics["failed"] == {}


def test_bins_make_classes(tmp_path):
    found = tenfold.run(homes(), target="rent", bins="500,900", models="logistic", cv=2, jobs=0, out=tmp_path / "run")
    assert found.metrics["classes"] == ["500 to 900", "900 or more", "below 500"]
    with pytest.raises(UsageError, match="one bin"):
        tenfold.run(homes(), target="rent", bins="1e9", jobs=0, out=tmp_path / "other")
    with pytest.raises(UsageError, match="gives no bins"):
        tenfold.run(homes(), target="rent", bins="five", jobs=0, out=tmp_path / "more")


def test_a_run_of_classes_is_not_resumed_as_one_of_quantities(run, tmp_path):
    with pytest.raises(UsageError, match="another request"):
        tenfold.run(homes(), target="rent", task="multiclass", models="ridge,knn", cv=3, jobs=0, out=run.path)


def test_an_unknown_figure_cannot_order_candidates(tmp_path):
    with pytest.raises(UsageError, match="no metric 'bias'"):
        tenfold.run(homes(), target="rent", metric="bias", jobs=0, out=tmp_path / "run")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda one: one.pop("decision"), "decision"),
        (lambda one: one["decision"]["interval"].update(above=[1.0, 2.0]), "2 values for 1 targets"),
        (lambda one: one["decision"].pop("interval"), "kind interval"),
        (lambda one: one["decision"]["interval"].update(coverage=7), "coverage cannot be 7"),
        (lambda one: one["decision"]["interval"].update(below=[9.0], above=[1.0]), "lower end must not be above"),
        (lambda one: one["decision"].update(shift=[1.0, 2.0]), "2 values for 1 targets"),
    ],
)
def test_a_run_folder_that_contradicts_itself_is_refused(run, tmp_path, change, words):
    plain = json.loads(run.folder.metrics.read_text())
    change(plain["candidates"]["ridge"])
    with pytest.raises(DataError, match=words):
        Metrics.from_dict(plain, tmp_path / "metrics.json")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda lines: lines.iloc[::2], r"damaged: \d+ rows of 'ridge', and 128 were judged"),
        (lambda lines: lines.iloc[:0], "damaged: 0 rows of"),
        (lambda lines: lines.assign(low=lines["high"] + 1), "damaged: 'low' is above 'high'"),
        (lambda lines: lines.assign(predicted="x"), "could not convert"),
    ],
)
def test_predictions_that_are_not_those_of_the_run_are_refused(run, tmp_path, change, words):
    shutil.copytree(run.path, tmp_path / "run")
    other = tenfold.open_run(tmp_path / "run")
    change(pd.read_parquet(other.folder.out_of_fold)).to_parquet(other.folder.out_of_fold)
    with pytest.raises(DataError, match=words):
        write_report(other.path)


def test_a_column_of_a_matrix_is_one_target():
    X, y = np.zeros((30, 2, 2), np.uint8), np.linspace(0, 9, 30)
    assert np.array_equal(from_arrays(X, y[:, None]).y, from_arrays(X, y).y)
    assert from_arrays(X, (y[:, None] > 4).astype(int)).y.shape == (30, 1)


def test_a_model_whose_intervals_were_changed_is_refused(run, tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(run.folder.model, folder)
    manifest = folder / "manifest.json"
    plain = json.loads(manifest.read_text())
    plain["decision"]["interval"]["above"] = [1e9]
    manifest.write_text(json.dumps(plain))
    with pytest.raises(ModelError):
        load(folder)


def test_a_program_whose_difficulties_differ_is_not_kept(tmp_path):
    found = tenfold.run(homes(900), target="rent", models="ridge", cv=3, jobs=0, out=tmp_path / "run")
    model = load(found.path)
    assert model.decision.interval.scaled
    own = model.predictions(homes(30).drop(columns="rent"))
    for scores, words in ((own.scores * 1.001, "scores row 1 otherwise"), (None, "none where it has some")):
        with pytest.raises(ModelError, match=words):
            refuse_difference(own, replace(own, scores=scores), model.model)
    constant = replace(model.decision, interval=replace(model.decision.interval, scaled=False))
    with pytest.raises(Refused, match="disagree on the difficulty"):
        check_difficulty(model.model, constant)
    path = next(found.folder.model.glob("golden-*.json"))
    golden = golden_from_dict(json.loads(path.read_text()), model.schema)
    assert compare(golden, model, Tolerance(0.0))
    with pytest.raises(Refused, match="scores a golden row otherwise"):
        compare(replace(golden, scores=golden.scores * 1.5), model, Tolerance(1e-9))
    with pytest.raises(Refused, match="predicts a golden row otherwise"):
        compare(replace(golden, predicted=golden.predicted * 1.5), model, Tolerance(1e-9))


def test_figures_come_from_arrays_alone():
    found = tenfold.evaluate([1.5, 2.0, 3.25, 4.0] * 10, y_pred=[1.0, 2.5, 3.0, 4.5] * 10)
    assert found.metrics["mae"].value == pytest.approx(0.4375)
    parts = tenfold.out_of_fold("ridge", homes().drop(columns="rent"), homes()["rent"].to_numpy(), cv=3)
    assert parts.predicted.dtype == np.float64
