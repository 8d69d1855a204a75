"""The JSON Schema of ``program.json``: real programs fulfil it, and what the reader refuses by its form does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tenfold.program import description_schema
from tenfold.program.files import pack_program
from tests.program.hostile.mutants import Parts
from tests.program.hostile.programs import programs

jsonschema = pytest.importorskip("jsonschema")

SCHEMA = json.loads((Path(description_schema.__file__).parent / "schemas" / "program.json").read_text("utf-8"))
NAMES = ("absent-logistic", "images-linear-svm", "labels-logistic", "digits-forest", "digits-own-knn", "table-one-hot")


def plain(name: str) -> Any:
    return Parts.of(pack_program(programs((name,))[name])).plain


def is_valid(content: Any) -> bool:
    return bool(jsonschema.Draft202012Validator(SCHEMA).is_valid(content))


@pytest.mark.parametrize("name", NAMES)
def test_a_program_fulfils_the_schema(name: str) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(plain(name))


CHANGES: dict[str, Callable[[Any], Any]] = {
    "another version": lambda content: content.update(version=2),
    "an unknown operation": lambda content: content["steps"][0].update(operation="sort"),
    "no inputs": lambda content: content["steps"][0].update(inputs=[]),
    "a parameter more": lambda content: content["steps"][0]["parameters"].update(more=1),
    "an array more": lambda content: content["steps"][0]["arrays"].append("more"),
    "an array less": lambda content: content["steps"][1]["arrays"].remove("weights"),
    "no outputs": lambda content: content.pop("outputs"),
    "an odd input": lambda content: content["input"].update(width=-1),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_description_does_not_fulfil_it(change: Callable[[Any], Any]) -> None:
    content = plain("labels-logistic")
    content["steps"] = [step for step in content["steps"] if step["operation"] in {"standardise", "linear", "above"}]
    numbers = [step["operation"] for step in content["steps"]].index("linear")
    content["steps"].insert(1, content["steps"].pop(numbers))
    assert is_valid(content)
    change(content)
    assert not is_valid(content)
