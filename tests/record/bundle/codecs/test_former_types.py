"""Files that name types as of before they moved are read; hostile ones gain nothing by it."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold.data.kinds.kind import find_kind
from tenfold.errors import ModelError
from tenfold.record.bundle import Classifier, load, replace_decision, save, verify
from tenfold.record.bundle.classifier_files import load_classifier
from tenfold.record.bundle.denoiser_files import load_denoiser, verify_denoiser
from tenfold.record.bundle.vetting.allow import FORMER_TYPES, OWN_TYPES
from tenfold.record.bundle.vetting.grammar import name_types_of_today
from tests.record.bundle.conftest import DIGITS, at, digit_table, offered
from tests.record.bundle.tampering import forge, members_of, nodes, packed, with_description

BEFORE = Path(__file__).parent / "before"


def formerly(description: Any) -> None:
    """Name every type as it was before it moved."""
    names = {f"{today}.{full.rpartition('.')[2]}": full for full, today in FORMER_TYPES.items()}
    for node in nodes(description):
        full = f"{node['__module__']}.{node['__class__']}"
        node["__module__"] = names.get(full, full).rpartition(".")[0]


def saved_formerly(name: str, folder: Path) -> tuple[Path, Classifier, Any]:
    classifier, X = offered(name)
    save(classifier, folder / "today", golden=X, codec="skops")
    return (
        forge(folder / "today", folder / "former", "pipeline", with_description(folder / "today", formerly)),
        classifier,
        X,
    )


def test_every_type_that_moved_is_on_the_list_under_its_name_of_today() -> None:
    assert {f"{today}.{full.rpartition('.')[2]}" for full, today in FORMER_TYPES.items()} <= set(OWN_TYPES)
    assert not set(FORMER_TYPES) & set(OWN_TYPES)


@pytest.mark.parametrize("name", ["own-svm", "table:one-hot", "table:target", "table:boosting", "knn"])
def test_a_model_that_names_types_as_before_predicts_the_same_bits(name: str, tmp_path: Path) -> None:
    former, classifier, X = saved_formerly(name, tmp_path)
    loaded = load_classifier(former, alone=True)
    np.testing.assert_array_equal(loaded.model.scores(X), classifier.scores(X))
    assert loaded.bit_equal


@pytest.mark.parametrize("name", ["detector", "digits"])
def test_a_classifier_written_before_is_read_verified_and_decided_again(name: str, tmp_path: Path) -> None:
    """Written by the commit before the rooms were moved; it names FlattenPixels by its former module."""
    copy = Path(shutil.copytree(BEFORE / name, tmp_path / name))
    X = digit_table()[0].to_numpy().astype(np.uint8).reshape(-1, 8, 8)
    classifier = load(copy)
    assert verify(copy).bit_equal
    y = digit_table()[1] if name == "digits" else digit_table()[1] == 5
    assert (classifier.predict_codes(X) == y).mean() > 0.95
    replace_decision(copy, at())
    np.testing.assert_array_equal(load(copy).scores(X), classifier.scores(X))


@pytest.mark.parametrize("name", ["denoised", "denoised-knn"])
def test_a_denoiser_written_before_is_read_and_restores_the_same_bits(name: str) -> None:
    assert verify_denoiser(BEFORE / name).bit_equal
    noisy = np.load(next((BEFORE / name).glob("*.npz")))["golden_noisy"]
    assert load_denoiser(BEFORE / name).restore(noisy).dtype == np.uint8


def test_only_nodes_of_a_moved_type_are_renamed() -> None:
    node = {"__module__": "tenfold.preparation.image", "__class__": "FlattenPixels"}
    other = {"__module__": "tenfold.preparation.image", "__class__": "Evil"}
    text = {"content": json.dumps(node), "__module__": ["tenfold.preparation.image"]}
    raw = [node, other, text, {"a": [dict(node)]}]
    assert name_types_of_today(raw)
    assert raw[0]["__module__"] == raw[3]["a"][0]["__module__"] == "tenfold.data.kinds.image.preparation"
    assert other["__module__"] == "tenfold.preparation.image"
    assert json.loads(text["content"])["__module__"] == "tenfold.preparation.image"
    assert not name_types_of_today(raw)
    assert not name_types_of_today("tenfold.preparation.image")


def renamed(description: Any, module: str, name: str) -> None:
    node = next(node for node in nodes(description) if node["__class__"] == "GaussianSVC")
    node["__module__"], node["__class__"] = module, name


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("tenfold.models.support", "system"),
        ("tenfold.models.support", "KNeighborsClassifier"),
        ("tenfold.bundle.packed", "packed"),
        ("tenfold.preparation.image", "FlattenPixels.__init__"),
        ("tenfold.preparation", "image.FlattenPixels"),
        ("tenfold.bundle", "packed.Packed"),
        ("tenfold.bundle.packed", "Packed"),
    ],
)
def test_a_former_name_opens_no_way_around_the_list(module: str, name: str, tmp_path: Path) -> None:
    classifier, X = offered("own-svm")
    save(classifier, tmp_path / "today", golden=X, codec="skops")
    content = with_description(tmp_path / "today", lambda description: renamed(description, module, name))
    with pytest.raises(ModelError) as refusal:
        load(forge(tmp_path / "today", tmp_path / "former", "pipeline", content))
    assert "\n" not in str(refusal.value)


def test_one_object_under_both_of_its_names_is_one_object(tmp_path: Path) -> None:
    """What is checked is what is built, whichever name stands where."""
    former, classifier, X = saved_formerly("table:one-hot", tmp_path)

    def mixed(description: Any) -> None:
        moved = [node for node in nodes(description) if node["__module__"] == "tenfold.bundle.packed"]
        assert len(moved) > 1
        for node in moved[::2]:
            node["__module__"] = "tenfold.record.bundle.codecs.packed"

    both = forge(former, tmp_path / "both", "pipeline", with_description(former, mixed))
    np.testing.assert_array_equal(load_classifier(both, alone=True).model.scores(X), classifier.scores(X))


def hostile(whole: dict[str, bytes]) -> dict[str, bytes]:
    """Files with a former name in them that would cost memory, time or trust if they were copied before judged."""
    array = next(name for name in whole if name.endswith(".npy"))
    return {
        "zeros": packed({**whole, "zeros.npy": b"\0" * (60 << 20)}),
        "outside": packed({**whole, "../../evil.npy": whole[array]}),
        "twice": packed({**whole, array.upper(): whole[array]}),
        "no json": packed({**whole, "schema.json": whole["schema.json"][:-1]}),
        "cut": packed({**whole, array: whole[array][:-8]}),
        "deep": packed(
            {**whole, "schema.json": b'{"__module__": "tenfold.bundle.packed", "a":' * 9_999 + b"1" + b"}" * 9_999}
        ),
        "key twice": packed(
            {
                **whole,
                "schema.json": whole["schema.json"].replace(b'"__class__"', b'"__module__": "os", "__class__"', 1),
            }
        ),
        "behind": packed(whole) + b"PK",
    }


def test_hostile_files_with_a_former_name_are_refused(tmp_path: Path) -> None:
    former, _, _ = saved_formerly("own-svm", tmp_path)
    for number, (name, content) in enumerate(hostile(members_of(former)).items()):
        forged = forge(former, tmp_path / str(number), "pipeline", content)
        with pytest.raises(ModelError) as refusal:
            load(forged)
        assert "\n" not in str(refusal.value), name


def test_pixels_saved_under_their_former_name_come_back(tmp_path: Path) -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    from tenfold.data.kinds.image.preparation import FlattenPixels

    table, y = digit_table()
    X = table.to_numpy().astype(np.uint8).reshape(-1, 8, 8)
    fitted = make_pipeline(FlattenPixels(unit=True), LogisticRegression(max_iter=500)).fit(X, y)
    schema = find_kind("image").schema(X)
    classifier = Classifier(fitted, DIGITS, at(), True, schema)
    save(classifier, tmp_path / "today", golden=X, codec="skops")
    former = forge(tmp_path / "today", tmp_path / "former", "pipeline", with_description(tmp_path / "today", formerly))
    description = zipfile.ZipFile(next(former.glob("*.skops"))).read("schema.json")
    assert b"tenfold.preparation.image" in description
    np.testing.assert_array_equal(load_classifier(former, alone=True).model.scores(X), classifier.scores(X))
