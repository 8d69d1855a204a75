"""
A program as one file: a zip of ``program.json`` and one ``.npy`` member an array.

Everything in a file is hostile until `read_program` has returned: it builds nothing but plain values and arrays of
numbers, and a file names nothing but operations of a closed list.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any, BinaryIO

from numpy.typing import NDArray

from tenfold.errors import ModelError
from tenfold.program.archive import open_archive, refusing_damage
from tenfold.program.array_members import check_array_member, pack_members, read_array_member
from tenfold.program.limits import ARRAYS, JSON_BYTES, UNPACKED_BYTES, read_json
from tenfold.program.program import Program, program_of
from tenfold.program.refusal import Refused, demand
from tenfold.program.step import INPUT, Outputs, Step
from tenfold.program.values import input_as_dict, read_input
from tenfold.text import shown

__all__ = ["VERSION", "pack_program", "read_program"]

VERSION = 1
"""Of the form of the files; one that is newer is refused."""

_DESCRIPTION = "program.json"
_LONGEST_NAME = 100


def pack_program(program: Program) -> bytes:
    """
    Return a program as the content of a file.

    Arrays stand in it once each, named by the number of their step: ``3.weights.npy``.

    Raises
    ------
    ModelError
        It is over a limit that `read_program` keeps.
    """
    text = json.dumps(_description(program), allow_nan=False).encode("ascii")
    arrays = {
        f"{number}.{name}": values for number, step in enumerate(program.steps) for name, values in step.arrays.items()
    }
    packed = pack_members(arrays, (_DESCRIPTION, text))
    _refuse_too_large(packed, text)
    return packed.getvalue()


def _refuse_too_large(packed: io.BytesIO, text: bytes) -> None:
    size = len(packed.getbuffer())
    try:
        demand(size <= UNPACKED_BYTES, f"its program has {size:,} bytes, over the limit of {UNPACKED_BYTES:,}")
        read_json(text, _DESCRIPTION)
        open_archive(packed, ARRAYS).close()
    except Refused as fault:
        raise ModelError(f"too large a model: {fault}") from fault


def _description(program: Program) -> dict[str, Any]:
    outputs = program.outputs
    return {
        "version": VERSION,
        "input": input_as_dict(program.input),
        "steps": [
            {
                "name": step.name,
                "operation": step.operation,
                "inputs": list(step.inputs),
                "parameters": dict(step.parameters),
                "arrays": sorted(step.arrays),
            }
            for step in program.steps
        ],
        "outputs": {
            "predicted": outputs.predicted,
            "scores": outputs.scores,
            "probabilities": outputs.probabilities,
        },
    }


def read_program(file: BinaryIO) -> Program:
    """
    Read a program from an open file of any content, or refuse it.

    Parameters
    ----------
    file : binary file
        Open for reading, seekable.

    Raises
    ------
    Refused
        The first fault that was met.
    """
    with open_archive(file, ARRAYS) as archive:
        names = archive.namelist()
        demand(_DESCRIPTION in names, "it holds no program")
        demand(archive.getinfo(_DESCRIPTION).file_size <= JSON_BYTES, "the description of its program is too long")
        plain = archive.getinfo(_DESCRIPTION).compress_type == zipfile.ZIP_STORED
        demand(plain, "the description of its program is compressed")
        with refusing_damage():
            text = archive.read(_DESCRIPTION)
        program = read_json(text, _DESCRIPTION)
        _check_version(program)
        steps, outputs = program["steps"], program["outputs"]
        demand(isinstance(steps, list), "its program has no steps")
        for step in steps:
            _check_step(step)
        claimed = [f"{number}.{name}.npy" for number, step in enumerate(steps) for name in step["arrays"]]
        demand(len(set(claimed)) == len(claimed), "a step of its program takes an array twice")
        demand(sorted([*claimed, _DESCRIPTION]) == sorted(names), "its arrays are not those of its program")
        input_type = read_input(program["input"])
        return program_of(input_type, _read_steps(archive, steps), _read_outputs(outputs))


def _check_version(plain: Any) -> None:
    demand(isinstance(plain, dict) and "version" in plain, "it holds no program")
    version = plain["version"]
    demand(type(version) is int and version > 0, "its program says no version")
    demand(
        version <= VERSION,
        f"its program is of version {shown(version, 20)}, which a newer Tenfold wrote; this one reads {VERSION}",
    )
    demand(set(plain) == {"version", "input", "steps", "outputs"}, "its program has other entries than a program has")


def _check_step(plain: Any) -> None:
    demand(
        isinstance(plain, dict) and set(plain) == {"name", "operation", "inputs", "parameters", "arrays"},
        "a step of its program has other entries than a step has",
    )
    demand(_is_name(plain["name"]) and plain["name"] != INPUT, "a step of its program has an odd name")
    demand(_is_name(plain["operation"]), "a step of its program has no operation")
    demand(_is_names(plain["inputs"]) and _is_names(plain["arrays"]), "a step of its program has odd inputs or arrays")
    demand(isinstance(plain["parameters"], dict), "a step of its program has no parameters")


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME


def _is_names(values: Any) -> bool:
    return isinstance(values, list) and all(map(_is_name, values))


def _read_steps(archive: zipfile.ZipFile, steps: list[dict[str, Any]]) -> list[Step]:
    """All headers are judged before the values of any array are read."""
    for number, plain in enumerate(steps):
        for name in plain["arrays"]:
            check_array_member(archive, f"{number}.{name}.npy")
    return [
        Step(
            plain["name"],
            plain["operation"],
            tuple(plain["inputs"]),
            plain["parameters"],
            _read_arrays(archive, number, plain["arrays"]),
        )
        for number, plain in enumerate(steps)
    ]


def _read_arrays(archive: zipfile.ZipFile, number: int, names: list[str]) -> Mapping[str, NDArray[Any]]:
    return {name: read_array_member(archive, f"{number}.{name}.npy") for name in names}


def _read_outputs(plain: Any) -> Outputs:
    demand(isinstance(plain, dict) and set(plain) == {"predicted", "scores", "probabilities"}, "it predicts nothing")
    scores, probabilities = plain["scores"], plain["probabilities"]
    demand(isinstance(plain["predicted"], str), f"it predicts '{shown(plain['predicted'], 40)}'")
    demand(scores is None or isinstance(scores, str), "its scores are no value")
    demand(type(probabilities) is bool, "it does not say whether its scores are probabilities")
    return Outputs(plain["predicted"], scores, probabilities)
