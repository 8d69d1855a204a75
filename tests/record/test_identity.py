"""A run that was interrupted goes on with what it was started with, and with nothing else."""

import json
import shutil
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.ensemble import VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import FunctionTransformer

from tenfold.analysis.studies.study_input import subject_of
from tenfold.candidates.own_digest import object_digest, source_digest
from tenfold.data.holdout import Ledger
from tenfold.decision.rule import parse_rule
from tenfold.errors import DataError, PartsFailedError
from tenfold.line.entry import execute
from tenfold.line.line import Listener
from tenfold.line.memory.prepared import prepare
from tenfold.line.restoration.config import DenoiseConfig
from tenfold.line.restoration.prepared import prepare as prepare_denoising
from tenfold.line.restoration.steps import load_images
from tenfold.record.config import RunConfig
from tenfold.record.folder import RunFolder
from tenfold.record.identity import WITHOUT_INFLUENCE, data_identity, own_code, own_sources, run_identity
from tenfold.record.source import load_source
from tests.cli.conftest import refused, tenfold

__all__ = ["refused", "tenfold"]


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """A table of two labels and a group, and a folder of images of the classes 0 to 3."""
    folder = tmp_path_factory.mktemp("sources")
    rng = np.random.default_rng(0)
    kinds = {"kind": np.array(["a", "b"])[np.arange(80) % 2], "owner": [f"o{i // 3}" for i in range(80)]}
    numbers = {
        "x": rng.normal(size=80),
        "z": rng.normal(size=80),
        "price": rng.exponential(size=80),
        "other": np.array(["c", "d"])[np.arange(80) // 2 % 2],
    }
    pd.DataFrame({**numbers, **kinds}).to_csv(folder / "table.csv", index=False)
    shutil.copy(folder / "table.csv", folder / "copy.csv")
    for i in range(48):
        (folder / "images" / str(i % 4)).mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(0, 256, (8, 8, 3)).astype(np.uint8)
        Image.fromarray(pixels).save(folder / "images" / str(i % 4) / f"{i}.png")
    shutil.copytree(folder / "images", folder / "copies")
    return folder


def table_config(folder):
    return RunConfig(str(folder / "table.csv"), target="kind", models=("logistic", "sgd"), cv=2)


def number_config(folder):
    return RunConfig(str(folder / "table.csv"), target="price", models=("forest", "knn"), cv=2)


def image_config(folder):
    return RunConfig(str(folder / "images"), models=("logistic", "knn"), cv=2)


CHANGED = {
    "source": (table_config, lambda folder: str(folder / "copy.csv")),
    "target": (table_config, "other"),
    "group": (table_config, "owner"),
    "labels": (image_config, "large = digit >= 2, odd = digit % 2 == 1"),
    "data_dir": (image_config, "elsewhere"),
    "resize": (image_config, "4x4"),
    "colour": (image_config, True),
    "skip_bad": (image_config, True),
    "drop_unlabelled": (table_config, True),
    "task": (table_config, "multiclass"),
    "positive": (table_config, "a"),
    "models": (table_config, ("sgd",)),
    "cv": (table_config, 3),
    "tune": (image_config, "grid"),
    "augment": (image_config, "shift"),
    "shuffle": (table_config, False),
    "order": (table_config, "x"),
    "metric": (table_config, "balanced_accuracy"),
    "decide": (table_config, "f1"),
    "test_size": (table_config, 0.3),
    "seed": (table_config, 1),
    "group_duplicates": (table_config, False),
    "stream": (table_config, True),
    "columns": (table_config, ("category: x",)),
    "bins": (number_config, "quantile:2"),
    "target_transform": (number_config, "log"),
    "private": (table_config, True),
}
"""Each field of a config: the request that it is a part of, and another value of it."""


def units_of(prepared):
    """Everything that the units of a run are computed from, by candidate."""
    shared = (prepared.training.ids.tolist(), prepared.codes.tolist(), prepared.folds.tolist(), prepared.setting)
    candidates = prepared.plan.candidates.values()
    return {
        c.name: (*shared, object_digest(c.pipeline), object_digest(list(c.settings)), c.augment) for c in candidates
    }


@pytest.mark.parametrize("name", [field.name for field in fields(RunConfig)])
def test_another_value_of_any_field_is_refused_by_name_or_changes_no_unit(sources, tmp_path, name):
    base, value = CHANGED[name]
    begun = base(sources)
    now = replace(begun, **{name: value(sources) if callable(value) else value})
    assert now != begun
    first, second = (prepare(one, load_source(one), parse_rule(one.decide), {}, 1) for one in (begun, now))
    identities = [run_identity(one.plan.config, data_identity(one.data)) for one in (first, second)]
    folder = RunFolder(tmp_path)
    folder.claim(identities[0])
    if name in WITHOUT_INFLUENCE:
        folder.claim(identities[1])
        before, after = units_of(first), units_of(second)
        assert before.keys() & after.keys() > {"baseline"}
        assert all(before[candidate] == after[candidate] for candidate in before.keys() & after.keys())
    else:
        with pytest.raises(DataError, match=f"has changed: .*--{name.replace('_', '-')}"):
            folder.claim(identities[1])
    folder.claim(identities[0])


CHANGED_DENOISING = {
    "source": lambda folder: str(folder / "copies"),
    "data_dir": "elsewhere",
    "resize": "4x4",
    "colour": True,
    "skip_bad": True,
    "noise": "salt:0.1",
    "models": ("ridge",),
    "cv": 3,
    "size": 20,
    "test_size": 0.3,
    "seed": 1,
    "private": True,
}


@pytest.mark.parametrize("name", [field.name for field in fields(DenoiseConfig)])
def test_the_same_holds_for_denoising(sources, tmp_path, name):
    value = CHANGED_DENOISING[name]
    begun = DenoiseConfig(str(sources / "images"), models=("median",), cv=2)
    now = replace(begun, **{name: value(sources) if callable(value) else value})
    first, second = (prepare_denoising(one, load_images(one)) for one in (begun, now))
    folder = RunFolder(tmp_path)
    folder.claim(run_identity(first.config, data_identity(first.data)))
    again = run_identity(second.config, data_identity(second.data))
    if name in WITHOUT_INFLUENCE:
        folder.claim(again)
        for part in ("folds", "sample"):
            assert np.array_equal(getattr(first, part), getattr(second, part))
        assert np.array_equal(first.training.noisy, second.training.noisy)
        assert np.array_equal(first.training.clean, second.training.clean)
    else:
        with pytest.raises(DataError, match=f"has changed: .*--{name.replace('_', '-')}"):
            folder.claim(again)


def with_groups(data, groups):
    return replace(data, groups=np.array(groups, object))


DATA = {
    "a value": (lambda d: replace(d, X=d.X.assign(whole=d.X["whole"] + (np.arange(80) == 7))), "the data"),
    "a column's name": (lambda d: replace(d, X=d.X.rename(columns={"whole": "part"})), "the data"),
    "the order": (lambda d: replace(d.take(np.arange(80)[::-1]), rows=d.rows), "the data"),
    "a label": (lambda d: replace(d, y=np.where(np.arange(80) == 7, "no", d.y).astype(object)), "the data"),
    "the target": (lambda d: replace(d, target_names=("elsewhere",)), "the data"),
    "groups at all": (lambda d: replace(d, groups=None), "the groups"),
    "a group": (lambda d: with_groups(d, ["g1", *d.groups[1:]]), "the groups"),
    "the test part": (lambda d: replace(d, official_test=np.arange(80) >= 61), "sets apart as its test"),
    "a test part at all": (lambda d: replace(d, official_test=None), "sets apart as its test"),
}


@pytest.mark.parametrize(("change", "words"), DATA.values(), ids=DATA)
def test_a_change_of_any_part_of_the_data_is_refused_by_name(table, tmp_path, change, words):
    begun = with_groups(replace(table, official_test=np.arange(80) >= 60), [f"g{i // 2}" for i in range(80)])
    folder, config = RunFolder(tmp_path), RunConfig("memory", cv=2)
    folder.claim(run_identity(config, data_identity(begun)))
    with pytest.raises(DataError, match=f"has changed: .*{words}"):
        folder.claim(run_identity(config, data_identity(change(begun))))


def test_groups_are_told_apart_wherever_one_name_ends_and_the_next_begins(table):
    one, other = (with_groups(table.take(np.arange(2)), names) for names in (["a\x00b", "c"], ["a", "b\x00c"]))
    assert data_identity(one) != data_identity(other)


# --- the user's own code


def write_own(folder, name, constant=1.0, helper="def twice(x):\n    return 2 * x\n"):
    folder.mkdir(exist_ok=True)
    (folder / f"{name}_helper.py").write_text(helper)
    (folder / f"{name}.py").write_text(
        f"from sklearn.linear_model import LogisticRegression\nfrom {name}_helper import twice\n\n\n"
        f"def model():\n    return LogisticRegression(C={constant})\n"
    )


def imported(folder, name, monkeypatch):
    monkeypatch.syspath_prepend(str(folder))
    for one in (name, f"{name}_helper"):
        sys.modules.pop(one, None)
    __import__(name)
    return source_digest(name)


def test_the_source_of_a_module_is_its_own_and_that_of_its_users_modules(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    write_own(tmp_path, "mine_a")
    first = imported(tmp_path, "mine_a", monkeypatch)
    assert imported(tmp_path, "mine_a", monkeypatch) == first
    write_own(tmp_path, "mine_a", helper="def twice(x):\n    return 3 * x\n")
    second = imported(tmp_path, "mine_a", monkeypatch)
    write_own(tmp_path, "mine_a", constant=2.0, helper="def twice(x):\n    return 3 * x\n")
    assert len({first, second, imported(tmp_path, "mine_a", monkeypatch)}) == 3


class Ours(LogisticRegression):
    def fit(self, X, y):
        return super().fit(_scaled(X), y)


def _scaled(X):
    return X / 2


def _vote(*models, weights=None):
    return VotingClassifier([(f"m{i}", model) for i, model in enumerate(models)], weights=weights)


OBJECTS = [
    LogisticRegression(),
    LogisticRegression(C=2.0),
    LogisticRegression(class_weight={0: 1, 1: 2}),
    LogisticRegression(random_state=np.random.RandomState(1)),
    LogisticRegression(random_state=np.random.RandomState(2)),
    KNeighborsClassifier(),
    KNeighborsClassifier(metric=lambda a, b: abs(a - b).sum()),
    KNeighborsClassifier(metric=lambda a, b: abs(a - b).max()),
    _vote(LogisticRegression(), KNeighborsClassifier()),
    _vote(LogisticRegression(), KNeighborsClassifier(3)),
    _vote(LogisticRegression(), KNeighborsClassifier(), weights=np.array([1.0, 2.0])),
    _vote(LogisticRegression(), KNeighborsClassifier(), weights=np.array([1.0, 3.0])),
    FunctionTransformer(_scaled),
    FunctionTransformer(np.log1p),
    Ours(),
]


def test_classifiers_that_differ_in_anything_have_another_digest():
    assert len({object_digest(one) for one in OBJECTS}) == len(OBJECTS)
    assert [object_digest(one) for one in OBJECTS] == [object_digest(one) for one in OBJECTS]


def test_code_that_a_classifier_calls_belongs_to_it(monkeypatch):
    before = object_digest(Ours())
    monkeypatch.setattr(sys.modules[__name__], "_scaled", lambda X: X / 3)
    assert object_digest(Ours()) != before


def test_what_cannot_be_compared_is_never_the_same():
    with open(__file__) as held:
        assert len({object_digest(LogisticRegression(C=held)) for _ in range(2)}) == 2


def test_a_value_that_holds_itself_has_a_digest():
    around = [1]
    around.append(around)
    assert object_digest(around) == object_digest(around)


# --- whole runs


def go(data, out, own, ledger, **asked):
    config = RunConfig("memory", cv=2, **asked)
    return execute(config, out, lambda c, scratch: data, lambda *_: None, own=own, ledger=Ledger(ledger), loaded=True)


@pytest.fixture
def interrupted(tmp_path, monkeypatch):
    """Give a function that starts a run and interrupts it when its units are done."""

    def start(data, own, **asked):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr("tenfold.line.memory.steps.judgement", _interrupt)
            go(data, tmp_path / "run", own, tmp_path, **asked)

    return start


def _interrupt(*_):
    raise KeyboardInterrupt


def test_other_groups_or_parameters_are_refused_and_the_run_goes_on_with_its_own(images, interrupted, tmp_path):
    groups = [f"g{i // 2}" for i in range(60)]
    data, own = with_groups(images, groups), {"mine": LogisticRegression()}
    interrupted(data, own)
    with pytest.raises(DataError, match="has changed: the groups"):
        go(with_groups(images, groups[::-1]), tmp_path / "run", own, tmp_path)
    with pytest.raises(DataError, match="has changed: the parameters or the code of mine"):
        go(data, tmp_path / "run", {"mine": LogisticRegression(C=0.01)}, tmp_path)
    resumed = go(data, tmp_path / "run", own, tmp_path)
    fresh = go(data, tmp_path / "fresh", own, tmp_path)
    assert resumed.out_of_fold.equals(fresh.out_of_fold)


def test_a_candidate_more_or_less_is_no_change_and_each_is_remembered(images, interrupted, tmp_path):
    one, other = {"one": LogisticRegression()}, {"other": LogisticRegression(C=0.1)}
    interrupted(images, one)
    interrupted(images, other)
    with pytest.raises(DataError, match="code of one"):
        go(images, tmp_path / "run", {**other, "one": LogisticRegression(C=5.0)}, tmp_path)
    assert set(go(images, tmp_path / "run", {**one, **other}, tmp_path).metrics["candidates"]) >= {"one", "other"}


def test_what_an_earlier_version_began_is_refused(images, interrupted, tmp_path):
    interrupted(images, {"mine": LogisticRegression()})
    identity = tmp_path / "run" / "work" / "identity.json"
    for content in ({"data": images.fingerprint, "seed": 42, "versions": {}}, [], {"format": 2, "whole": 3}):
        identity.write_text(json.dumps(content))
        with pytest.raises(DataError, match="another version of Tenfold"):
            go(images, tmp_path / "run", {"mine": LogisticRegression()}, tmp_path)
    identity.write_text("{")
    with pytest.raises(DataError, match=r"identity.json: damaged"):
        go(images, tmp_path / "run", {"mine": LogisticRegression()}, tmp_path)
    identity.unlink()
    with pytest.raises(DataError, match="did not note"):
        go(images, tmp_path / "run", {"mine": LogisticRegression()}, tmp_path)


UNMET = ("--decide", "precision>=0.9999 @ 99.9%")
"""A decision that no candidate can meet: the run ends when its units are done."""


def test_an_archive_whose_test_part_begins_elsewhere_is_refused(tmp_path, tenfold, refused):
    rng = np.random.default_rng(0)
    X, y = rng.integers(0, 256, (60, 3, 3)).astype(np.uint8), np.arange(60) % 2
    words = ("run", tmp_path / "a.npz", "--models", "logistic", "--cv", "2", "--out", tmp_path / "r")
    for end in (40, 41):
        np.savez(tmp_path / "a.npz", x_train=X[:end], y_train=y[:end], x_test=X[end:], y_test=y[end:])
        if end == 40:
            assert tenfold(*words, *UNMET)[0] == 1
    assert "the rows that the source sets apart as its test" in refused(*words, code=3)


def test_a_streamed_table_with_other_groups_is_refused(tmp_path, tenfold, refused):
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {"x": rng.normal(size=300), "owner": np.arange(300) // 5, "y": np.array(["a", "b"])[np.arange(300) % 2]}
    )
    words = (
        "run",
        tmp_path / "t.csv",
        "--target",
        "y",
        "--group",
        "owner",
        "--stream",
        "--models",
        "bayes",
        "--cv",
        "2",
    )
    words = (*words, "--out", tmp_path / "r")
    table.to_csv(tmp_path / "t.csv", index=False)
    assert tenfold(*words, *UNMET)[0] == 1
    table.assign(owner=np.arange(300) // 4).to_csv(tmp_path / "t.csv", index=False)
    assert "has changed: the groups." in refused(*words, code=3)
    table.to_csv(tmp_path / "t.csv", index=False)
    assert tenfold(*words)[0] == 0
    assert tenfold(*words[:-1], tmp_path / "fresh")[0] == 0
    one, other = (pd.read_parquet(tmp_path / name / "out_of_fold.parquet") for name in ("r", "fresh"))
    assert one.equals(other)


def test_a_source_edited_while_the_run_goes_on_is_not_mixed_in(sources, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_own(tmp_path, "mine_b")
    mine = ("mine_b:model",)
    config = replace(table_config(sources), models=mine)
    edit = Listener(stage=lambda name: write_own(tmp_path, "mine_b", 5.0) if name == "judge out of fold" else None)
    with pytest.raises(PartsFailedError, match="the source of 'mine_b:model' is not the one that the run began with"):
        execute(
            config,
            tmp_path / "run",
            load_source,
            lambda *_: None,
            listener=edit,
            ledger=Ledger(tmp_path),
            cores=1,
            trusted=mine,
        )
    with pytest.raises(DataError, match="has changed: the source of mine_b:model"):
        execute(config, tmp_path / "run", load_source, lambda *_: None, ledger=Ledger(tmp_path), cores=1, trusted=mine)
    write_own(tmp_path, "mine_b")
    run = execute(
        config, tmp_path / "run", load_source, lambda *_: None, ledger=Ledger(tmp_path), cores=1, trusted=mine
    )
    assert run.metrics["failed"] == {}
    assert subject_of(run, mine).candidate.name == run.chosen == "mine_b:model"
    write_own(tmp_path, "mine_b", 5.0)
    with pytest.raises(DataError, match="has changed since this run: a study would be of another classifier"):
        subject_of(run, mine)


def test_own_code_is_noted_for_names_and_for_objects(sources):
    config = replace(table_config(sources), models=("sgd",))
    candidates = prepare(config, load_source(config), parse_rule("argmax"), {}, 1).plan.candidates
    assert own_sources(candidates) == {}
    assert own_code(candidates, {}, []) == {}
    assert list(own_code(candidates, {}, ["sgd"])) == ["the parameters or the code of sgd"]
    words = ["the source of sgd", "the parameters or the code of sgd"]
    assert list(own_code(candidates, {"sgd": "ab"}, [])) == words


def test_the_folder_of_a_run_is_named_by_nothing_that_cannot_be_read(tmp_path, monkeypatch):
    from tenfold.record.folder import default_folder

    monkeypatch.chdir(tmp_path)
    work = Path("runs/digits/work")
    work.mkdir(parents=True)
    (work / "asked.toml").write_text("no toml =")
    assert default_folder(RunConfig("digits"), "digits") == Path("runs/digits-2")
