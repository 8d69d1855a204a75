"""The rules of a program, whatever its operations: order, names, types, outputs, blocks of rows."""

from __future__ import annotations

import numpy as np
import pytest

from tenfold.program import program as programs
from tenfold.program.operations import OPERATIONS, find_operation
from tenfold.program.plain_schema import misfit
from tenfold.program.program import program_of
from tenfold.program.refusal import Refused
from tenfold.program.step import INPUT, Outputs, Step
from tenfold.program.values import Classes, Columns, Matrix, Pixels, input_as_dict, read_input

ROWS = Matrix("float64", 2)


def step(name: str, operation: str, *inputs: str, **arrays: np.ndarray) -> Step:
    return Step(name, operation, inputs, {}, arrays)


def weighted(name: str = "scores", source: str = INPUT) -> Step:
    return step(name, "linear", source, weights=np.eye(2), offset=np.zeros(2))


HIGHEST = step("class", "arg_max", "scores")


def test_steps_are_evaluated_in_order_and_the_named_values_are_its_predictions() -> None:
    program = program_of(ROWS, [weighted(), HIGHEST], Outputs("class", "scores"))
    values = program.run(np.array([[0.0, 1.0], [5.0, 2.0]]))
    assert values["predicted"].tolist() == [1, 0]
    assert values["scores"].tolist() == [[0, 1], [5, 2]]
    assert program.types == {"input": ROWS, "scores": Matrix("float64", 2), "class": Classes(2)}
    assert program.operations == ("arg_max", "linear")


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ([HIGHEST, weighted()], "takes a value that no step before it gives"),
        ([weighted(source="scores"), HIGHEST], "takes a value that no step before it gives"),
        ([weighted(), weighted(), HIGHEST], "two steps give the value 'scores'"),
        ([weighted(), step("class", "sort", "scores")], "has the operation 'sort'"),
        ([weighted(), step("class", "arg_max", "scores", "scores")], "takes other values than it is given"),
        ([weighted(), step("class", "arg_max")], "takes other values than it is given"),
        ([weighted("class")], "the scores of its program are a value that no step gives"),
        ([weighted(), step("class", "both_signs", "scores")], "several scores are given both signs"),
    ],
)
def test_steps_that_do_not_follow_from_those_before_are_refused(steps: list[Step], fault: str) -> None:
    with pytest.raises(Refused, match=fault):
        program_of(ROWS, steps, Outputs("class", "scores"))


@pytest.mark.parametrize(
    ("outputs", "fault"),
    [
        (Outputs("nothing"), "predicts a value that no step gives"),
        (Outputs("class", "class"), "scores of its program are no float64"),
        (Outputs("class", None, probabilities=True), "probabilities without scores"),
    ],
)
def test_outputs_that_are_none_are_refused(outputs: Outputs, fault: str) -> None:
    with pytest.raises(Refused, match=fault):
        program_of(ROWS, [weighted(), HIGHEST], outputs)


def test_more_steps_than_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "MOST_STEPS", 1)
    with pytest.raises(Refused, match="has 2 steps, over the limit of 1"):
        program_of(ROWS, [weighted(), HIGHEST], Outputs("class", "scores"))


def test_many_rows_are_evaluated_in_blocks_with_the_same_values(monkeypatch: pytest.MonkeyPatch) -> None:
    program = program_of(ROWS, [weighted(), HIGHEST], Outputs("class", "scores"))
    rows = np.random.default_rng(1).normal(size=(1_000, 2))
    whole = program.run(rows)
    monkeypatch.setattr(programs, "BYTES_AT_ONCE", 7 * program.cost.bytes)
    assert program.rows_at_once == 7
    for name, values in program.run(rows).items():
        np.testing.assert_array_equal(values, whole[name])


def test_no_rows_give_no_predictions() -> None:
    program = program_of(ROWS, [weighted(), HIGHEST], Outputs("class", "scores"))
    assert program.run(np.empty((0, 2)))["predicted"].shape == (0,)


@pytest.mark.parametrize(
    "kind",
    [Pixels((8, 8)), Pixels((5, 4, 3)), Matrix("float32", 3, gaps=True), Columns((("a", "number"), ("b", "text")))],
)
def test_what_a_program_takes_is_read_as_it_was_written(kind: object) -> None:
    assert read_input(input_as_dict(kind)) == kind


@pytest.mark.parametrize(
    "plain",
    [
        None,
        {"type": "pixels"},
        {"type": "pixels", "shape": [8]},
        {"type": "pixels", "shape": [8, -8]},
        {"type": "pixels", "shape": [8, 8, 4]},
        {"type": "pixels", "shape": [10**6, 10**6]},
        {"type": ["pixels"], "shape": [8, 8]},
        {"type": "columns", "columns": []},
        {"type": "columns", "columns": [["a", "date"]]},
        {"type": "columns", "columns": [["a", "text"], ["a", "number"]]},
        {"type": "matrix", "dtype": "object", "width": 2, "gaps": False},
        {"type": "matrix", "dtype": "float64", "width": 10**9, "gaps": False},
        {"type": "matrix", "dtype": "float64", "width": True, "gaps": False},
        {"type": "tree"},
    ],
)
def test_an_odd_input_is_refused(plain: object) -> None:
    with pytest.raises(Refused):
        read_input(plain)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_has_the_name_of_its_module_schemas_that_can_be_checked_and_a_line_of_words(name: str) -> None:
    operation = find_operation(name)
    assert operation.name == name
    assert operation.summary
    assert not operation.summary.endswith(".")
    assert set(operation.parameters).isdisjoint(operation.arrays)
    for schema in operation.parameters.values():
        misfit(None, schema)


@pytest.mark.parametrize(
    ("arrays", "fault"),
    [
        ({"weights": np.eye(2)}, "lacks the array 'offset'"),
        ({"weights": np.eye(2), "offset": np.zeros(2), "mean": np.zeros(2)}, "has the array 'mean'"),
        ({"weights": np.eye(3), "offset": np.zeros(3)}, "where a size is 2"),
        ({"weights": np.eye(2), "offset": np.zeros(3)}, "where a size is 2"),
        ({"weights": np.eye(2)[None], "offset": np.zeros(2)}, "has 3 dimensions, not 2"),
        ({"weights": np.eye(2, dtype=np.int64), "offset": np.zeros(2)}, "holds int64"),
        ({"weights": np.eye(2).astype(">f8"), "offset": np.zeros(2)}, "holds >f8"),
        ({"weights": np.array([[1.0, np.nan], [0, 1]]), "offset": np.zeros(2)}, "holds what is no number"),
        ({"weights": np.eye(2), "offset": np.array([0, np.inf])}, "holds what is no number"),
    ],
)
def test_arrays_that_break_their_rules_are_refused(arrays: dict[str, np.ndarray], fault: str) -> None:
    with pytest.raises(Refused, match=fault):
        find_operation("linear").check((ROWS,), {}, arrays)


@pytest.mark.parametrize(
    ("parameters", "fault"),
    [
        ({}, "lacks 'threshold'"),
        ({"threshold": 0.5, "more": 1}, "has 'more', which it does not know"),
        ({"threshold": "0.5"}, "'threshold' of a step 'above' is no number"),
        ({"threshold": float("nan")}, "is no number"),
        ({"threshold": True}, "is no number"),
    ],
)
def test_parameters_that_break_their_schemas_are_refused(parameters: dict[str, object], fault: str) -> None:
    with pytest.raises(Refused, match=fault):
        find_operation("above").check((ROWS,), parameters, {})
