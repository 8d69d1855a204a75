"""The codec of plain arrays: what is written comes back, and what a forger changes is refused before it is built."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from tenfold.errors import ModelError
from tenfold.models.denoising import KNeighborsDenoiser, MedianDenoiser, RidgeDenoiser, UnchangedImages
from tenfold.program.refusal import Refused
from tenfold.record.bundle.codecs.arrays import ARRAYS, describe, pack_arrays
from tenfold.record.bundle.codecs.forms import FORMS

CLEAN = np.random.default_rng(0).integers(0, 256, (12, 4, 3)).astype(np.uint8)
NOISY = (CLEAN + np.random.default_rng(1).integers(-20, 20, CLEAN.shape)).astype(np.int16)
MODELS: list[Any] = [
    UnchangedImages(),
    MedianDenoiser(),
    RidgeDenoiser(0.5),
    KNeighborsDenoiser(3, "median"),
    Pipeline([("model", RidgeDenoiser())]),
]


def built(content: bytes) -> Any:
    return ARRAYS.build(ARRAYS.check(io.BytesIO(content)))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_a_model_comes_back_and_predicts_the_same_bits(model: Any) -> None:
    fitted = model.fit(NOISY, CLEAN)
    again = built(ARRAYS.encode(fitted))
    assert repr(again) == repr(fitted)
    assert again.get_params().keys() == fitted.get_params().keys()
    np.testing.assert_array_equal(again.predict(NOISY), fitted.predict(NOISY))


def test_every_form_names_a_class_that_there_is() -> None:
    assert {form.type for form in FORMS.values()} == {
        f"{type(model).__module__}.{type(model).__qualname__}" for model in MODELS[:4]
    }


@pytest.mark.parametrize("model", [LogisticRegression(), Pipeline([("a", "passthrough"), ("b", RidgeDenoiser())])])
def test_a_model_without_a_form_is_refused_by_name(model: Any) -> None:
    with pytest.raises(ModelError, match="which has no form"):
        ARRAYS.encode(model)


def test_a_parameter_that_no_file_can_keep_is_refused() -> None:
    model = RidgeDenoiser().fit(NOISY, CLEAN).set_params(alpha=np.inf)
    with pytest.raises(ModelError, match="ridge denoiser whose alpha is inf"):
        ARRAYS.encode(model)


def ridge() -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    return describe(RidgeDenoiser().fit(NOISY, CLEAN))


def neighbours() -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    return describe(KNeighborsDenoiser().fit(NOISY, CLEAN))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.update(form="eval"), "form 'eval', which is not on the list"),
        (lambda d: d.update(form=["pipeline"]), "not on the list"),
        (lambda d: d.update(form="pipeline"), "no steps"),
        (lambda d: d.update(extra=1), "no model"),
        (lambda d: d.pop("values"), "no model"),
        (lambda d: d.update(parameters={}), "odd parameters"),
        (lambda d: d["parameters"].update(alpha=True), "alpha"),
        (lambda d: d["parameters"].update(alpha=-1.0), "alpha"),
        (lambda d: d["parameters"].update(alpha="1"), "alpha"),
        (lambda d: d["parameters"].update(copy=True), "odd parameters"),
        (lambda d: d.update(values={}), "odd values"),
        (lambda d: d["values"].update(image_shape=[4, 4]), "values an image"),
        (lambda d: d["values"].update(image_shape=[12]), "odd shape"),
        (lambda d: d["values"].update(image_shape=[4, 3, 1]), "odd shape"),
        (lambda d: d["values"].update(image_shape=[4.0, 3.0]), "odd shape"),
        (lambda d: d["values"].update(image_shape=[1 << 40, 1 << 40]), "odd shape"),
        (lambda d: d["values"].update(image_shape=None), "odd shape"),
    ],
    ids=range(17),
)
def test_a_description_that_lies_is_refused(change: Callable[[Any], Any], message: str) -> None:
    description, arrays = ridge()
    change(description)
    with pytest.raises(Refused, match=message):
        built(pack_arrays(arrays, description))


@pytest.mark.parametrize("description", [[], 7, "x", {"form": "pipeline", "steps": [["model"]]}, None])
def test_what_is_no_description_is_refused(description: Any) -> None:
    with pytest.raises(Refused):
        built(pack_arrays(ridge()[1], description))


@pytest.mark.parametrize(
    "steps",
    [[], {}, "ab", [["", {}]], [["a__b", {}]], [[1, {}]], [["a", {}, 1]], [["a", {}], ["a", {}]], [["a", {}]] * 101],
    ids=range(9),
)
def test_steps_that_are_none_are_refused(steps: Any) -> None:
    with pytest.raises(Refused):
        built(pack_arrays(ridge()[1], {"form": "pipeline", "steps": steps}))


def test_an_array_of_another_step_is_not_taken() -> None:
    description, arrays = describe(Pipeline([("model", RidgeDenoiser())]).fit(NOISY, CLEAN))
    renamed = {name.replace("0.", "1."): values for name, values in arrays.items()}
    for changed in (renamed, {**arrays, **renamed}, {**arrays, "more": arrays["0.offset"]}):
        with pytest.raises(Refused):
            built(pack_arrays(changed, description))


def test_a_pipeline_in_a_pipeline_is_refused() -> None:
    inner, arrays = describe(Pipeline([("model", RidgeDenoiser())]).fit(NOISY, CLEAN))
    with pytest.raises(Refused, match="no model"):
        built(
            pack_arrays(
                {f"0.{name}": one for name, one in arrays.items()}, {"form": "pipeline", "steps": [["m", inner]]}
            )
        )


@pytest.mark.parametrize(
    ("make", "name", "change"),
    [
        (ridge, "weights", lambda a: a.astype(np.float64)),
        (ridge, "weights", lambda a: a.astype(">f4")),
        (ridge, "weights", lambda a: a[:-1]),
        (ridge, "weights", lambda a: a.reshape(-1)),
        (ridge, "weights", lambda a: a * np.nan),
        (ridge, "offset", lambda a: a[:1]),
        (ridge, "offset", lambda a: a + np.inf),
        (neighbours, "clean", lambda a: a.astype(np.int16)),
        (neighbours, "clean", lambda a: a[:0]),
        (neighbours, "clean", lambda a: a[:1]),
        (neighbours, "clean", lambda a: a[:, :1]),
        (neighbours, "added", lambda a: a.astype(np.int64)),
        (neighbours, "added", lambda a: a[:1]),
        (neighbours, "added", lambda a: a[:, :1]),
    ],
    ids=range(14),
)
def test_arrays_that_do_not_fit_are_refused(make: Callable[[], Any], name: str, change: Callable[[Any], Any]) -> None:
    description, arrays = make()
    assert built(pack_arrays(arrays, description)).predict(NOISY).shape == NOISY.shape
    with np.errstate(all="ignore"), pytest.raises(Refused):
        built(pack_arrays({**arrays, name: change(arrays[name])}, description))


def test_a_file_of_other_members_is_refused() -> None:
    content = io.BytesIO(pack_arrays(*reversed(ridge())))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("code.py", "print(1)")
    with pytest.raises(Refused, match="no array"):
        built(content.getvalue())
    with pytest.raises(Refused, match="no description"):
        built(pack_arrays(ridge()[1]))


def test_a_description_of_many_values_is_refused_before_it_is_read() -> None:
    with pytest.raises(Refused, match="over the limit"):
        built(pack_arrays({}, [[]] * 600_000))
    deep: Any = []
    for _ in range(400):
        deep = [deep]
    with pytest.raises(Refused, match="deep"):
        built(pack_arrays({}, deep))


def test_the_classes_of_a_file_are_built_from_the_list_alone() -> None:
    content = pack_arrays(*reversed(ridge()))
    description = json.loads(zipfile.ZipFile(io.BytesIO(content)).read("description.json"))
    assert set(description) == {"form", "parameters", "values"}
    assert "tenfold" not in json.dumps(description)
