"""Every parameter and every index of a sent model is checked before anything is built from it."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, OneHotEncoder, OrdinalEncoder, TargetEncoder

from tenfold.data.kinds.image.preparation import FlattenPixels
from tenfold.models import KNeighborsClassifier
from tenfold.models.chain import OrderedChain
from tenfold.program.refusal import Refused
from tenfold.record.bundle.codecs.packed import pack
from tenfold.record.bundle.vetting.allow import ALLOWED
from tenfold.record.bundle.vetting.attributes import TABLE
from tenfold.record.bundle.vetting.vet import vet
from tests.record.bundle.conftest import digit_table, mixed_table, offered
from tests.record.bundle.tampering import array_of, nodes, npy
from tests.record.bundle.tampering import packed as zipped

RARE = {"min_frequency": 80, "max_categories": 3}


def table(encoder: Any, model: Any = None) -> Any:
    X = mixed_table()
    numbers = make_pipeline(SimpleImputer(add_indicator=True), MinMaxScaler())
    parts = ColumnTransformer([("n", numbers, ["age", "class"]), ("t", encoder, ["port"])])
    return make_pipeline(parts, model or LogisticRegression()).fit(X, (X["class"] > 1).astype(int))


def labels(model: Any) -> Any:
    X, y = digit_table(120)
    return make_pipeline(model).fit(X.to_numpy(), np.column_stack([y > 4, y % 2, y > 7]).astype(int))


def images() -> Any:
    X, y = digit_table(60)
    return make_pipeline(FlattenPixels(), LogisticRegression(max_iter=20)).fit(X.to_numpy().reshape(-1, 8, 8), y)


MAKERS: dict[str, Callable[[], Any]] = {
    "one-hot": lambda: table(OneHotEncoder(handle_unknown="infrequent_if_exist", sparse_output=False, **RARE)),
    "one-hot-drop": lambda: table(OneHotEncoder(drop="first", handle_unknown="infrequent_if_exist", **RARE)),
    "ordinal": lambda: table(OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, **RARE)),
    "target": lambda: table(TargetEncoder(random_state=1)),
    "labels-forest": lambda: labels(RandomForestClassifier(2, max_depth=3, random_state=1)),
    "labels-ovr": lambda: labels(OneVsRestClassifier(LogisticRegression(max_iter=20))),
    "labels-chain": lambda: labels(OrderedChain(LogisticRegression(max_iter=20))),
    "images": images,
    "own-knn-minkowski": lambda: make_pipeline(KNeighborsClassifier(p=3)).fit(*digit_table(60)),
    "function": lambda: make_pipeline(FunctionTransformer(), LogisticRegression(max_iter=20)).fit(*digit_table(60)),
    **{
        name: lambda name=name: offered(name)[0].model
        for name in (
            *("baseline", "sgd-own", "sgd-ovo", "nystroem", "svm", "own-svm", "knn", "own-knn", "bayes", "mixed-bayes"),
            *("calibrated", "calibrated-isotonic", "extra-trees", "boosting", "table:boosting"),
        )
    },
}


@cache
def fitted(name: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return MAKERS[name]()


@cache
def members(name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(skops.io.dumps(pack(fitted(name))))) as archive:
        return {member: archive.read(member) for member in archive.namelist()}


def refusal(changed: dict[str, bytes]) -> str:
    with pytest.raises(Refused) as caught:
        vet(io.BytesIO(zipped(changed)))
    return str(caught.value)


def described(name: str) -> Any:
    return json.loads(members(name)["schema.json"])


def content(description: Any, owner: str, name: str | None = None) -> dict[str, Any]:
    """Give the attributes, as nodes, of the first object of a type that is fitted, or has an attribute of this name."""
    for node in nodes(description):
        if node["__class__"] == owner and node["__loader__"] == "ObjectNode":
            own = dict(node["content"]["content"])
            if name in own or (name is None and any(one.endswith("_") for one in own)):
                return node["content"]["content"]
    raise LookupError(f"{owner} {name}")


def refusal_of_value(model: str, owner: str, name: str, value: str) -> str:
    description = described(model)
    found = content(description, owner, name)[name]
    fresh = {"__class__": "str", "__module__": "builtins", "__loader__": "JsonNode", "content": value, "is_json": True}
    found.clear()
    found.update({**fresh, "__id__": 7})
    return refusal({**members(model), "schema.json": json.dumps(description).encode()})


@pytest.mark.parametrize("name", MAKERS)
def test_what_is_whole_is_let_in_packed_and_item_by_item(name: str) -> None:
    vet(io.BytesIO(zipped(members(name))))
    vet(io.BytesIO(skops.io.dumps(fitted(name))))


def test_the_table_speaks_of_every_type_that_is_let_in() -> None:
    assert set(TABLE) == ALLOWED["ObjectNode"]


WRONG = [
    ("images", "FlattenPixels", "dtype", '"S10000000"'),
    ("images", "FlattenPixels", "dtype", '"object"'),
    ("images", "FlattenPixels", "n_values_", "1e400"),
    ("one-hot", "OneHotEncoder", "sparse_output", '"yes"'),
    ("one-hot", "ColumnTransformer", "verbose_feature_names_out", '"{feature_name:>999999999}"'),
    ("one-hot", "SimpleImputer", "strategy", '"other"'),
    ("labels-forest", "RandomForestClassifier", "n_classes_", "1000000000"),
    ("labels-forest", "RandomForestClassifier", "n_outputs_", "1000000000"),
    ("labels-forest", "RandomForestClassifier", "n_jobs", "100000"),
    ("baseline", "DummyClassifier", "n_classes_", "1000000000"),
    ("baseline", "DummyClassifier", "strategy", '"other"'),
    ("boosting", "HistGradientBoostingClassifier", "n_trees_per_iteration_", "1000000000"),
    ("nystroem", "Nystroem", "kernel", '"precomputed"'),
    ("svm", "SVC", "degree", "1000000000"),
    ("own-knn", "KNeighborsClassifier", "n_neighbors", "1000000000"),
    ("own-svm", "GaussianSVC", "gamma_", "NaN"),
    ("images", "LogisticRegression", "solver", '"__class__"'),
]


@pytest.mark.parametrize(("model", "owner", "name", "value"), WRONG)
def test_a_value_that_the_table_does_not_allow_is_refused_by_name(
    model: str, owner: str, name: str, value: str
) -> None:
    message = refusal_of_value(model, owner, name, value)
    assert name in message or "range" in message or "other classes" in message or "neighbours" in message, message


@pytest.mark.parametrize("name", ["_in_fit", "transform", "n_bins_", "__class__", "classes"])
def test_an_attribute_that_the_table_does_not_know_is_refused_by_name(name: str) -> None:
    description = described("boosting")
    for node in nodes(description):
        if node["__class__"] == "HistGradientBoostingClassifier":
            own = node["content"]
            own["content"][name] = own["content"]["max_bins"]
            own["key_types"]["content"].append(own["key_types"]["content"][0])
            own["key_types"]["__id__"] = 3
            node["__id__"], own["__id__"] = 5, 6
    assert name in refusal({**members("boosting"), "schema.json": json.dumps(description).encode()})


@pytest.mark.parametrize("value", ['"S10000000"', '"object"', "3"])
def test_the_one_function_that_is_let_in_lays_nothing_out_as_text(value: str) -> None:
    description = described("table:boosting")
    for node in nodes(description):
        if node["__loader__"] == "PartialNode":
            number = node["content"]["kwds"]["content"]["ensure_all_finite"]
            node["content"]["kwds"]["content"]["dtype"] = {**number, "content": value, "__id__": 7}
    assert "partial" in refusal({**members("table:boosting"), "schema.json": json.dumps(description).encode()})


def test_an_empty_array_of_enormous_text_is_refused_whatever_it_would_size() -> None:
    names = [name for name in members("one-hot") if name.endswith(".npy")]
    for name in names:
        for kind in ("U100000000", "S100000000", "V100000000", "c16", "M8[s]"):
            assert "holds" in refusal({**members("one-hot"), name: npy(np.empty(0, kind))})


def test_one_array_cannot_become_many() -> None:
    """Each number under which a member is named is an array of its own once loaded."""
    description = described("one-hot")
    found = [node for node in nodes(description) if node.get("type") == "numpy" and node["__class__"] == "ndarray"]
    found[1]["file"] = found[0]["file"]
    assert "two objects" in refusal({**members("one-hot"), "schema.json": json.dumps(description).encode()})


INDICES = [
    ("one-hot", "OneHotEncoder", "_infrequent_indices"),
    ("one-hot", "OneHotEncoder", "_default_to_infrequent_mappings"),
    ("one-hot-drop", "OneHotEncoder", "_default_to_infrequent_mappings"),
    ("ordinal", "OrdinalEncoder", "_infrequent_indices"),
    ("ordinal", "OrdinalEncoder", "_default_to_infrequent_mappings"),
    ("one-hot", "MissingIndicator", "features_"),
    ("svm", "SVC", "_n_support"),
    ("svm", "SVC", "support_"),
    ("own-svm", "GaussianSVC", "n_support_"),
    ("knn", "KNeighborsClassifier", "_y"),
    ("own-knn", "KNeighborsClassifier", "_codes"),
]
"""Arrays whose numbers are places in another."""

LENGTHS = [
    *(
        one
        for one in INDICES
        if one[1:] not in {("OrdinalEncoder", "_infrequent_indices"), ("MissingIndicator", "features_")}
    ),
    ("target", "TargetEncoder", "encodings_"),
    ("one-hot", "SimpleImputer", "statistics_"),
    ("one-hot", "MinMaxScaler", "scale_"),
    ("one-hot", "MinMaxScaler", "min_"),
    ("sgd-own", "StandardScaler", "mean_"),
    ("sgd-own", "StandardScaler", "scale_"),
    ("sgd-own", "SGDClassifier", "coef_"),
    ("sgd-own", "SGDClassifier", "intercept_"),
    ("svm", "PCA", "components_"),
    ("svm", "PCA", "mean_"),
    ("svm", "SVC", "dual_coef_"),
    ("svm", "SVC", "support_vectors_"),
    ("svm", "SVC", "_intercept_"),
    ("own-svm", "GaussianSVC", "dual_coef_"),
    ("own-svm", "GaussianSVC", "support_vectors_"),
    ("nystroem", "Nystroem", "components_"),
    ("nystroem", "Nystroem", "normalization_"),
    ("own-knn", "KNeighborsClassifier", "_rows"),
    ("bayes", "GaussianNB", "theta_"),
    ("bayes", "GaussianNB", "class_prior_"),
    ("mixed-bayes", "MixedNaiveBayes", "mean_"),
    ("mixed-bayes", "MixedNaiveBayes", "class_count_"),
    ("calibrated-isotonic", "IsotonicRegression", "X_thresholds_"),
    ("baseline", "DummyClassifier", "class_prior_"),
    ("boosting", "HistGradientBoostingClassifier", "_baseline_prediction"),
]
"""Arrays as long, or as wide, as another."""


def file_of(model: str, owner: str, name: str) -> str:
    node = content(described(model), owner, name)[name]
    files = [one["file"] for one in nodes(node) if one.get("type") == "numpy"]
    return str(files[-1])


@pytest.mark.parametrize("value", [-1, 10**9, "n"])
@pytest.mark.parametrize(("model", "owner", "name"), INDICES)
def test_an_index_out_of_range_is_refused(model: str, owner: str, name: str, value: Any) -> None:
    file = file_of(model, owner, name)
    changed = array_of(members(model)[file]).copy()
    changed.flat[-1] = max(changed.size, 400) if value == "n" else value
    assert refusal({**members(model), file: npy(changed)})


@pytest.mark.parametrize("change", [lambda a: a[..., :-1], lambda a: np.concatenate([a, a[..., -1:]], axis=-1)])
@pytest.mark.parametrize(("model", "owner", "name"), LENGTHS)
def test_an_array_shorter_or_longer_than_its_like_is_refused(model: str, owner: str, name: str, change: Any) -> None:
    file = file_of(model, owner, name)
    changed = np.ascontiguousarray(change(array_of(members(model)[file])))
    assert refusal({**members(model), file: npy(changed)})


SHORTENED = [
    *(("labels-chain", "OrderedChain", one) for one in ("order_", "estimators_", "classes_")),
    *(("labels-forest", "RandomForestClassifier", one) for one in ("classes_", "n_classes_")),
    ("labels-ovr", "OneVsRestClassifier", "estimators_"),
    ("sgd-ovo", "OneVsOneClassifier", "estimators_"),
    ("calibrated", "_CalibratedClassifier", "calibrators"),
    ("one-hot", "OneHotEncoder", "_n_features_outs"),
    ("one-hot", "OneHotEncoder", "categories_"),
    ("ordinal", "OrdinalEncoder", "categories_"),
    ("boosting", "_BinMapper", "bin_thresholds_"),
]


@pytest.mark.parametrize(("model", "owner", "name"), SHORTENED)
def test_a_list_shorter_than_its_like_is_refused(model: str, owner: str, name: str) -> None:
    description = described(model)
    node = content(description, owner, name)[name]
    if node["__loader__"] in {"ListNode", "TupleNode"}:
        node["content"].pop()
        named = {one["file"] for one in nodes(description) if one.get("type") == "numpy"}
        kept = {file: raw for file, raw in members(model).items() if file in named}
        assert refusal({**kept, "schema.json": json.dumps(description).encode()})
    else:
        file = node["content"]["content"]["counts"]["file"]
        assert refusal({**members(model), file: npy(array_of(members(model)[file])[:-1])})
