"""Text and long lists of a pipeline in the file: any text comes back exactly, and a large vocabulary stays small."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.candidates.catalogue import resolve
from tenfold.candidates.setting import setting_of
from tenfold.data.dataset import Dataset
from tenfold.data.kinds.kind import find_kind
from tenfold.program.archive import check_header
from tenfold.program.refusal import Refused
from tenfold.record.bundle import Classifier, load, save
from tenfold.record.bundle.codecs.packed import Packed, check_packed, pack, unpack
from tenfold.record.bundle.vetting.grammar import read_description, walk
from tenfold.record.bundle.vetting.rules import StoredArrays
from tests.record.bundle.conftest import FIVES, at
from tests.record.bundle.tampering import members_of

ODD = [
    *(
        "a",
        "a\x00",
        "a\x00b",
        "\x00",
        "",
        " ",
        "\x1b[31m",
        "\r\n",
        "\ud800",
        "\udfffx",
        "\ud83d\ude00",
        "😀",
        "é",
        "日本",
    ),
    *("x" * 70_000, "\x01" * 5_000, "[1]", "{", '"', "\\", "null", "NaN", "1", "\u2028", "\u202e", "=1+1"),
]

texts = st.one_of(st.none(), st.text(st.characters(codec=None), max_size=8), st.just(float("nan")))


def same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.dtype == other.dtype and same(one.tolist(), other.tolist())
    if isinstance(one, list | tuple):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and np.isnan(one):
        return isinstance(other, float) and bool(np.isnan(other))
    return type(one) is type(other) and bool(one == other)


@given(st.lists(texts, max_size=6))
def test_any_text_comes_back_exactly(items: list[Any]) -> None:
    array = np.empty(len(items), object)
    array[:] = items
    assert same(unpack(pack(array)), array)


@pytest.mark.parametrize(
    "value",
    [
        np.array(ODD, object),
        [np.array(ODD, object), None, np.array(["a", None], object)],
        [f"column {i}" for i in range(40)],
        list(range(-20, 30)),
        [np.arange(3.0), None, *[np.arange(2.0)] * 40],
        ("a", [np.array(["b"], object)], {"c": np.array(["d"], object)}),
        [True] * 40,
        [2**70] * 40,
        np.array([None, None], object),
        np.array([1, "a"], object),
        [np.arange(3), np.array(["a"], object)],
    ],
    ids=range(11),
)
def test_arrays_and_lists_come_back_as_they_were(value: Any) -> None:
    assert same(unpack(pack(value)), value)


def test_what_is_packed_is_left_as_it_is_and_stays_one_object() -> None:
    shared = np.array(["a", "b"], object)
    value = {"one": [shared], "two": (shared,), "number": np.arange(3)}
    there = pack(value)
    assert value["one"][0] is shared
    assert there["number"] is value["number"]
    again = pack([shared, [1], shared])
    assert isinstance(again, Packed) or again[0] is again[2]


def classifier(name: str, X: pd.DataFrame, y: np.ndarray) -> Classifier:
    data = Dataset("test", "table", X, y, source="memory")
    fitted = resolve(name, setting_of(data, FIVES)).pipeline.fit(X, y)
    return Classifier(fitted, FIVES, at(), True, find_kind(data.kind).schema(data.X))


@pytest.mark.parametrize("name", ["logistic", "boosting"])
def test_odd_categories_predict_the_same_once_saved(name: str, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    places = np.resize(np.arange(len(ODD)), 20 * len(ODD))
    X = pd.DataFrame(
        {"c": pd.Series([ODD[i] for i in places], dtype=object), "\x1b[0m": random.normal(size=len(places))}
    )
    model = classifier(name, X, (places % 3 == 0).astype(np.int64))
    save(model, tmp_path / "model", golden=X, codec="skops")
    np.testing.assert_array_equal(load(tmp_path).scores(X), model.scores(X))


def test_names_and_addresses_make_a_small_description(tmp_path: Path) -> None:
    """Eight columns of 5,000 names of 120 characters: written item by item, they would take 12 MB of JSON."""
    rows, random = 5_000, np.random.default_rng(0)
    number = random.normal(size=rows)
    columns = {f"c{j}": pd.Series([f"{'n' * 120} {i}" for i in range(rows)], dtype=object) for j in range(8)}
    names = pd.DataFrame({name: pd.concat([values, values.iloc[:50]]) for name, values in columns.items()})
    X = names.assign(x=np.append(number, number[:50])).reset_index(drop=True)
    model = classifier("logistic", X, (X["x"] > 0).to_numpy(np.int64))
    save(model, tmp_path / "model", golden=X, codec="skops")
    members = members_of(tmp_path / "model")
    assert len(members["schema.json"]) < 300_000
    assert sum(map(len, members.values())) < 1.5 * 8 * rows * 130
    np.testing.assert_array_equal(load(tmp_path).scores(X[:100]), model.scores(X[:100]))


def test_a_table_of_20_000_columns_is_saved(tmp_path: Path) -> None:
    X = pd.DataFrame(np.random.default_rng(0).normal(size=(30, 20_000)), columns=[f"column {i}" for i in range(20_000)])
    model = classifier("logistic", X, np.arange(30) % 2)
    save(model, tmp_path / "model", golden=X)
    np.testing.assert_allclose(load(tmp_path).scores(X), model.scores(X), rtol=1e-12)


def test_golden_rows_of_very_long_text_stay_small(tmp_path: Path) -> None:
    X = pd.DataFrame(
        {"c": pd.Series([f"{i % 4}{'x' * 3_000_000}" for i in range(12)], dtype=object), "x": np.arange(12.0)}
    )
    model = classifier("logistic", X, np.arange(12) % 2)
    save(model, tmp_path / "model", golden=X, codec="skops")
    assert next((tmp_path / "model").glob("golden-*")).stat().st_size < 2_000_000
    np.testing.assert_array_equal(load(tmp_path).scores(X), model.scores(X))


SPOILT = [
    ("ends", lambda a: np.append(a[:-1], a[-1:] + 1)),
    ("ends", lambda a: a[::-1].copy()),
    ("ends", lambda a: a - 1),
    ("ends", lambda a: a * 10**9),
    ("ends", lambda a: a[:-1]),
    ("ends", lambda a: np.append(a, a[-1:])),
    ("ends", lambda a: a.astype(np.uint64)),
    ("utf8", lambda a: a[:-1]),
    ("utf8", lambda a: a.astype(np.int8)),
    ("gaps", lambda a: a + 3),
    ("gaps", lambda a: a[:-1]),
    ("counts", lambda a: a + 1),
    ("counts", lambda a: a * 0 - 1),
    ("counts", lambda a: np.append(a, 0)),
]


@pytest.mark.parametrize(("part", "spoil"), SPOILT, ids=range(len(SPOILT)))
def test_packed_text_whose_parts_do_not_fit_is_refused(part: str, spoil: Any) -> None:
    import skops.io

    whole = pack(np.array(["ab", "", None, "c"], object))
    for changed, ok in ((whole, True), (Packed(**{**vars(whole), part: spoil(getattr(whole, part))}), False)):
        archive = zipfile.ZipFile(io.BytesIO(skops.io.dumps(changed)))
        node = read_description(json.loads(archive.read("schema.json"))).root
        headers = {name: check_header(archive, name) for name in archive.namelist() if name.endswith(".npy")}
        assert next(one.type for one, _ in walk(node)).endswith(".Packed")
        if ok:
            check_packed(node, StoredArrays(archive, headers))
        else:
            with pytest.raises(Refused):
                check_packed(node, StoredArrays(archive, headers))
