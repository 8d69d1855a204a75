"""
The codec of plain arrays: one zip of ``.npy`` files, and a description that names forms of a closed list.

A description is JSON: ``{"form": "ridge denoiser", "parameters": {..}, "values": {..}}``, or for a pipeline
``{"form": "pipeline", "steps": [["model", {..}], ..]}``. The arrays of a pipeline's first step are ``0.<name>.npy``, of
its second ``1.<name>.npy``; those of an estimator alone have no number.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from tenfold.errors import ModelError
from tenfold.program.archive import Header, check_header, open_archive, read_array
from tenfold.program.limits import JSON_BYTES, read_json
from tenfold.program.refusal import demand
from tenfold.record.bundle.codecs.codec import Content, Tolerance
from tenfold.record.bundle.codecs.forms import FORMS, Form, Parts, form_of
from tenfold.text import shown

__all__ = ["ARRAYS", "ArraysCodec", "StoredArray", "check_description", "describe", "pack_arrays", "stored_arrays"]

DESCRIPTION = "description.json"
_PIPELINE = "pipeline"
_FASTEST = 1
_MOST_STEPS = 100
_LONGEST_NAME = 1_000

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class StoredArray:
    """An array in an open file, of which the header alone has been read; `read` gives its values."""

    header: Header
    read: Callable[[], NDArray[Any]]


@dataclass(frozen=True, eq=False)
class _Estimator:
    """One estimator, checked and ready to be built; the name of its step in a pipeline, or None where it is alone."""

    step: str | None
    form: Form
    parameters: Mapping[str, Any]
    attributes: Mapping[str, Any]


class ArraysCodec:
    """Estimators whose forms are on the list of `forms`, alone or as the steps of a pipeline; see `Codec`."""

    name = "arrays"
    ending = "npz"
    tolerance = Tolerance(relative=1e-9, steps=1)

    def encode(self, pipeline: Any) -> bytes:
        """Return a fitted estimator, or a pipeline of such, as the content of a file."""
        description, arrays = describe(pipeline)
        return pack_arrays(arrays, description)

    def check(self, file: BinaryIO) -> Content:
        """Judge the zip, its description and every array."""
        with open_archive(file) as archive:
            demand(DESCRIPTION in archive.namelist(), "its arrays have no description")
            demand(archive.getinfo(DESCRIPTION).file_size <= JSON_BYTES, "the description of its arrays is too long")
            description = read_json(archive.read(DESCRIPTION), DESCRIPTION)
            return check_description(description, stored_arrays(archive))

    def build(self, content: Content) -> Any:
        """Build the estimator or the pipeline."""
        estimators: list[_Estimator] = content.parts
        built = [_build_estimator(one) for one in estimators]
        if estimators[0].step is None:
            return built[0]
        return Pipeline([(str(one.step), model) for one, model in zip(estimators, built, strict=True)])


ARRAYS = ArraysCodec()


def describe(model: Any) -> tuple[dict[str, Any], Arrays]:
    """
    Take a fitted estimator, or a pipeline of such, apart into a description and arrays.

    Raises
    ------
    ModelError
        An estimator has no form on the list.
    """
    if not isinstance(model, Pipeline):
        return _describe_estimator(model)
    steps, arrays = [], Arrays()
    for number, (name, estimator) in enumerate(model.steps):
        description, own = _describe_estimator(estimator)
        steps.append([name, description])
        arrays |= {f"{number}.{key}": values for key, values in own.items()}
    return {"form": _PIPELINE, "steps": steps}, arrays


def _describe_estimator(estimator: Any) -> tuple[dict[str, Any], Arrays]:
    form = form_of(estimator)
    parameters = estimator.get_params(deep=False)
    odd = next((name for name, may_be in form.parameters.items() if not may_be(parameters[name])), None)
    if odd is not None:
        raise ModelError(f"it holds a {form.name} whose {odd} is {shown(parameters[odd], 40)}, which no file can keep")
    values, arrays = form.take_apart(estimator)
    return {"form": form.name, "parameters": parameters, "values": values}, arrays


def pack_arrays(arrays: Mapping[str, NDArray[Any]], description: Any = None) -> bytes:
    """Return a zip of ``.npy`` files as `numpy.load` reads it, with plain headers and nothing between the members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=_FASTEST) as archive:
        if description is not None:
            text = json.dumps(description, allow_nan=False)
            archive.writestr(zipfile.ZipInfo(DESCRIPTION), text, zipfile.ZIP_DEFLATED, _FASTEST)
        for name, values in arrays.items():
            file = io.BytesIO()
            np.lib.format.write_array(file, np.ascontiguousarray(values), version=(1, 0), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), file.getbuffer(), zipfile.ZIP_DEFLATED, _FASTEST)
    return packed.getvalue()


def stored_arrays(archive: zipfile.ZipFile) -> dict[str, StoredArray]:
    """
    Return the arrays of a file that `archive.open_archive` has opened, by name, once all their headers are harmless.

    Raises
    ------
    Refused
        A member is no array, or none of plain numbers of the size that it says.
    """
    arrays = {}
    for member in archive.namelist():
        if member != DESCRIPTION:
            demand(member.endswith(".npy"), f"member {shown(member, 60)} is no array")
            arrays[member.removesuffix(".npy")] = StoredArray(
                check_header(archive, member), partial(read_array, archive, member)
            )
    return arrays


def check_description(description: Any, arrays: Mapping[str, StoredArray]) -> Content:
    """
    Judge a description and the arrays that belong to it, every one of them.

    Parameters
    ----------
    description : object
        Parsed JSON of harmless size and depth.
    arrays : mapping of str to StoredArray

    Raises
    ------
    Refused
        A form that is not on the list, or parameters, values or arrays that are not those of their form.
    """
    estimators = [_check_estimator(step, plain, _own(arrays, prefix)) for step, plain, prefix in _steps(description)]
    owned = sum(len(one.form.arrays) for one in estimators)
    demand(owned == len(arrays), f"it holds {len(arrays):,} arrays, of which its models are made of {owned:,}")
    return Content(tuple(sorted({one.form.name for one in estimators})), len(arrays), estimators)


def _steps(description: Any) -> Iterator[tuple[str | None, Any, str]]:
    """Name, description and prefix of the arrays of each estimator."""
    demand(isinstance(description, dict), "the description of its arrays is none")
    if description.get("form") != _PIPELINE:
        yield None, description, ""
        return
    steps = description.get("steps")
    demand(set(description) == {"form", "steps"} and isinstance(steps, list), "its pipeline has no steps")
    demand(0 < len(steps) <= _MOST_STEPS, f"its pipeline has {len(steps):,} steps, not 1 to {_MOST_STEPS}")
    named = all(isinstance(step, list) and len(step) == 2 and _is_step_name(step[0]) for step in steps)
    demand(named and len({step[0] for step in steps}) == len(steps), "the steps of its pipeline have odd names")
    for number, (name, plain) in enumerate(steps):
        yield name, plain, f"{number}."


def _is_step_name(name: Any) -> bool:
    return isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME and "__" not in name


def _own(arrays: Mapping[str, StoredArray], prefix: str) -> dict[str, StoredArray]:
    return {name.removeprefix(prefix): one for name, one in arrays.items() if name.startswith(prefix)}


def _check_estimator(step: str | None, plain: Any, arrays: Mapping[str, StoredArray]) -> _Estimator:
    demand(isinstance(plain, dict) and set(plain) == {"form", "parameters", "values"}, "a part of it is no model")
    name = plain["form"]
    demand(isinstance(name, str) and name in FORMS, f"it holds the form '{shown(name, 60)}', which is not on the list")
    form = FORMS[name]
    form.check(plain["parameters"], plain["values"], {key: one.header for key, one in arrays.items()})
    parts = Parts(plain["parameters"], plain["values"], {key: one.read() for key, one in arrays.items()})
    return _Estimator(step, form, plain["parameters"], form.attributes(parts))


def _build_estimator(estimator: _Estimator) -> Any:
    module, _, name = estimator.form.type.rpartition(".")
    model = getattr(import_module(module), name)(**estimator.parameters)
    for attribute, value in estimator.attributes.items():
        setattr(model, attribute, value)
    return model
