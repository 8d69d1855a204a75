"""
The closed list of forms: what a model of plain arrays may be, and what its arrays must be before it is built.

To keep another estimator as arrays, add a `Form` for it to `FORMS`; its name then belongs to the files for good.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.errors import ModelError
from tenfold.program.archive import Header
from tenfold.program.refusal import demand
from tenfold.text import shown

__all__ = ["FORMS", "ArrayRule", "Form", "Parts", "form_of"]

_LARGEST_SIDE = 100_000
_CHANNELS = 3
_MOST_NEIGHBOURS = 100
_STATISTICS = frozenset({"vote", "mean", "median"})


@dataclass(frozen=True, eq=False)
class Parts:
    """
    An estimator taken apart.

    Parameters
    ----------
    parameters : mapping
        Of its ``__init__``, by name; plain values for JSON.
    values : mapping
        What it has learnt in plain values for JSON.
    arrays : mapping of str to ndarray
        What it has learnt in arrays of numbers.
    """

    parameters: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class ArrayRule:
    """The types, by NumPy's names, and the number of dimensions that an array must have."""

    dtypes: tuple[str, ...]
    dimensions: int

    def check(self, name: str, header: Header) -> None:
        """Refuse another array by its header, before its values are read."""
        fits = header.dtype.name in self.dtypes and header.dtype.isnative and len(header.shape) == self.dimensions
        demand(
            fits, f"array {name} is of {header.dtype!s:.20} and {len(header.shape)} dimensions, which its form is not"
        )


@dataclass(frozen=True)
class Form:
    """
    How one type of estimator is kept as plain values and arrays.

    Parameters
    ----------
    name : str
        In the description of a file.
    type : str
        Full name of the estimator's class, which is imported only when one is built.
    parameters : mapping of str to callable
        Parameter of its ``__init__`` -> whether a plain value may be it; a file holds exactly these.
    values : frozenset of str
        Names of its plain values; a file holds exactly these.
    arrays : mapping of str to ArrayRule
        Its arrays; a file holds exactly these.
    take_apart : callable
        From a fitted estimator to its values and its arrays.
    attributes : callable
        From `Parts`, whose names and arrays keep the rules above, to the attributes of the fitted estimator; refuses
        what does not fit together.
    """

    name: str
    type: str
    parameters: Mapping[str, Callable[[Any], bool]]
    values: frozenset[str]
    arrays: Mapping[str, ArrayRule]
    take_apart: Callable[[Any], tuple[dict[str, Any], dict[str, NDArray[Any]]]]
    attributes: Callable[[Parts], dict[str, Any]]

    def check(self, parameters: Any, values: Any, headers: Mapping[str, Header]) -> None:
        """
        Refuse what the form does not have; no value of an array has been read yet.

        Raises
        ------
        Refused
        """
        demand(
            isinstance(parameters, dict) and set(parameters) == set(self.parameters), f"odd parameters of {self.name}"
        )
        for name, may_be in self.parameters.items():
            demand(may_be(parameters[name]), f"the {name} of its {self.name} is none that Tenfold knows")
        demand(isinstance(values, dict) and set(values) == self.values, f"odd values of {self.name}")
        demand(set(headers) == set(self.arrays), f"it holds other arrays than a {self.name} is made of")
        for name, rule in self.arrays.items():
            rule.check(name, headers[name])


def _image_shape(parts: Parts) -> tuple[int, ...]:
    sides = parts.values["image_shape"]
    plain = isinstance(sides, list) and all(type(side) is int and 0 < side <= _LARGEST_SIDE for side in sides)
    demand(plain and (len(sides) == 2 or (len(sides) == 3 and sides[2] == _CHANNELS)), "its images have an odd shape")
    return tuple(sides)


def _is_finite(*arrays: NDArray[Any]) -> bool:
    return all(bool(np.isfinite(one).all()) for one in arrays)


def _unchanged(parts: Parts) -> dict[str, Any]:
    return {"image_shape_": _image_shape(parts)}


def _median(parts: Parts) -> dict[str, Any]:
    brighter = parts.arrays["brighter"]
    demand(brighter.shape == (1,) and _is_finite(brighter), "its brightness is no number")
    return {"image_shape_": _image_shape(parts), "brightness_": float(brighter[0])}


def _ridge(parts: Parts) -> dict[str, Any]:
    weights, offset, shape = parts.arrays["weights"], parts.arrays["offset"], _image_shape(parts)
    values = math.prod(shape)
    fit = weights.shape == (values, values) and offset.shape == (values,)
    demand(fit, f"weights of shape {weights.shape} for {values:,} values an image")
    demand(_is_finite(weights, offset), "some of its weights are no numbers")
    return {"image_shape_": shape, "coef_": weights, "intercept_": offset}


def _neighbours(parts: Parts) -> dict[str, Any]:
    """One noise for each image: added to each other, images and noise of other shapes would be of any size."""
    clean, added, shape = parts.arrays["clean"], parts.arrays["added"], _image_shape(parts)
    fit = len(clean) > 0 and clean.shape == added.shape == (len(clean), math.prod(shape))
    demand(fit, f"images of shape {clean.shape} and noise of shape {added.shape} for images of {shape}")
    noisy = clean.astype(np.int16) + added.astype(np.int16)
    return {"image_shape_": shape, "noisy_": noisy, "clean_": clean}


def _neighbour_arrays(model: Any) -> dict[str, NDArray[Any]]:
    """Clean images and what the noise added, in the fewest bytes."""
    added = model.noisy_ - model.clean_
    narrow = next(kind for kind in (np.uint8, np.int8, np.int16) if _holds(kind, added))
    return {"clean": model.clean_, "added": added.astype(narrow)}


def _holds(kind: type[np.integer[Any]], values: NDArray[np.int16]) -> bool:
    return bool(np.iinfo(kind).min <= values.min() and values.max() <= np.iinfo(kind).max)


def _is_penalty(value: Any) -> bool:
    return type(value) in {int, float} and 0 < value < math.inf


def _denoiser(
    name: str,
    kind: str,
    attributes: Callable[[Parts], dict[str, Any]],
    arrays_of: Callable[[Any], dict[str, NDArray[Any]]],
    arrays: Mapping[str, ArrayRule],
    parameters: Mapping[str, Callable[[Any], bool]],
) -> Form:
    def take_apart(model: Any) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        return {"image_shape": list(model.image_shape_)}, arrays_of(model)

    full = f"tenfold.models.denoising.{kind}"
    return Form(name, full, parameters, frozenset({"image_shape"}), arrays, take_apart, attributes)


FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        _denoiser("unchanged images", "filters.UnchangedImages", _unchanged, lambda model: {}, {}, {}),
        _denoiser(
            "median denoiser",
            "filters.MedianDenoiser",
            _median,
            lambda model: {"brighter": np.array([model.brightness_])},
            {"brighter": ArrayRule(("float64",), 1)},
            {},
        ),
        _denoiser(
            "ridge denoiser",
            "ridge.RidgeDenoiser",
            _ridge,
            lambda model: {"weights": model.coef_, "offset": model.intercept_},
            {"weights": ArrayRule(("float32",), 2), "offset": ArrayRule(("float32",), 1)},
            {"alpha": _is_penalty},
        ),
        _denoiser(
            "nearest images",
            "neighbours.KNeighborsDenoiser",
            _neighbours,
            _neighbour_arrays,
            {"clean": ArrayRule(("uint8",), 2), "added": ArrayRule(("uint8", "int8", "int16"), 2)},
            {
                "n_neighbors": lambda value: type(value) is int and 0 < value <= _MOST_NEIGHBOURS,
                "statistic": lambda value: isinstance(value, str) and value in _STATISTICS,
            },
        ),
    )
}
"""Name of a form -> the form; the description of a file can name no other."""


def form_of(estimator: Any) -> Form:
    """
    Return the form of an estimator by its type.

    Raises
    ------
    ModelError
        It has none.
    """
    full = f"{type(estimator).__module__}.{type(estimator).__qualname__}"
    form = next((form for form in FORMS.values() if form.type == full), None)
    if form is None:
        raise ModelError(f"it holds '{shown(full)}', which has no form on Tenfold's list of models of arrays")
    return form
