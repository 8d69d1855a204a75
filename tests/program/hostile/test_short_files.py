"""Short files that ask for much: refused before they take more than a second, or than 200 MB."""

from __future__ import annotations

import io
import json
import struct
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from tenfold.errors import ModelError
from tenfold.memory import give_back, peak_bytes, reset_peak
from tenfold.program.archive import open_archive
from tenfold.program.array_members import array_member
from tenfold.program.builder import NotLoweredError
from tenfold.program.files import pack_program, read_program
from tenfold.program.gaps import NotFiniteError
from tenfold.program.limits import ARRAYS, BYTES_AT_ONCE, WIDEST, read_json
from tenfold.program.lowering import lower_classes
from tenfold.program.operations import OPERATIONS, find_operation
from tenfold.program.program import program_of
from tenfold.program.refusal import Refused
from tenfold.program.step import INPUT, Outputs, Step
from tenfold.program.values import Matrix
from tests.program.hostile.mutants import npy
from tests.program.hostile.programs import programs, rows_for

Steps = Sequence[tuple[str, str, list[str], dict[str, Any], dict[str, np.ndarray]]]


def packed(input_type: dict[str, Any], steps: Steps, predicted: str, scores: str | None = None) -> bytes:
    """A file as `pack_program` writes it, of steps that need not fit together."""
    plain = [
        {"name": name, "operation": operation, "inputs": inputs, "parameters": parameters, "arrays": sorted(arrays)}
        for name, operation, inputs, parameters, arrays in steps
    ]
    outputs = {"predicted": predicted, "scores": scores, "probabilities": False}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        description = {"version": 1, "input": input_type, "steps": plain, "outputs": outputs}
        archive.writestr(zipfile.ZipInfo("program.json"), json.dumps(description))
        for number, step in enumerate(steps):
            for name, values in step[4].items():
                archive.writestr(zipfile.ZipInfo(f"{number}.{name}.npy"), npy(values))
    return file.getvalue()


def matrix(width: int, dtype: str = "float64") -> dict[str, Any]:
    return {"type": "matrix", "dtype": dtype, "width": width, "gaps": False}


def placed(name: str, source: str = INPUT) -> tuple[str, str, list[str], dict[str, Any], dict[str, np.ndarray]]:
    """The widest value there may be, of a single column."""
    return (name, "place", [source], {"filling": "zero", "width": WIDEST}, {"columns": np.array([0])})


def many_tables() -> bytes:
    steps: Any = [(f"t{number}", "table", [INPUT], {}, {}) for number in range(2_000)]
    return packed(matrix(100_000), steps, "t0")


def many_wide_steps() -> bytes:
    chain: Any = [(f"w{n}", "limit", [f"w{n - 1}"], {"low": 0.0, "high": 1.0}, {}) for n in range(1, 2_000)]
    return packed(matrix(1), [placed("w0"), *chain], "w1999")


def many_wide_values_at_once() -> bytes:
    wide = [placed(f"w{number}") for number in range(10)]
    used: Any = [(f"a{n}", "select", [f"w{n}"], {}, {"columns": np.array([0])}) for n in range(10)]
    return packed(matrix(1), [*wide, *used], "a0")


def doubled_widths() -> bytes:
    steps: Any = [(f"w{n}", "join", [f"w{n - 1}" if n else INPUT] * 2, {}, {}) for n in range(10_000)]
    return packed(matrix(1), steps, "w9999")


def votes_of_all_for_all() -> bytes:
    count = 1_000_000
    instances, codes = np.zeros((count, 1), np.uint8), np.zeros(count, np.uint8)
    neighbours = ("n", "neighbours", [INPUT], {"count": count}, {"instances": instances})
    mode = ("c", "neighbour_mode", ["n"], {"classes": 100_000}, {"codes": codes})
    return packed(matrix(1, "uint8"), [neighbours, mode], "c")


def trees_of_one_leaf_and_many_columns() -> bytes:
    trees, columns = 1 << 20, 100_000
    arrays = {
        "splits": np.zeros(trees // 8, np.uint8),
        "features": np.zeros(0, np.uint8),
        "thresholds": np.zeros(0, np.float32),
        "leaves": np.zeros(trees, np.uint8),
        "values": np.zeros((1, columns), np.float32),
    }
    parameters = {"trees": trees, "groups": 1, "labels": 1, "mean": False}
    return packed(matrix(1), [("t", "trees", [INPUT], parameters, arrays)], "t")


def counts_whose_sum_wraps() -> bytes:
    arrays = {
        "vectors": np.ones((5, 1)),
        "coefficients": np.ones((3, 5)),
        "counts": np.array([2**62, 2**62, 2**62, 2**62 + 5]),
        "intercept": np.zeros(6),
    }
    parameters = {"kernel": "linear", "gamma": 1.0, "coef0": 0.0, "degree": 0, "divisor": 1.0}
    return packed(matrix(1), [("m", "kernel_machine", [INPUT], parameters, arrays)], "m")


def array_without_values_and_a_long_side() -> bytes:
    return packed(matrix(1), [("l", "select", [INPUT], {}, {"columns": np.empty((0, 10**9), np.int64)})], "l")


FILES: dict[Callable[[], bytes], str] = {
    many_tables: "values for one row, over the limit",
    many_wide_steps: "values for one row, over the limit",
    many_wide_values_at_once: "bytes for one row, over the limit",
    doubled_widths: "values a row, not 1 to",
    votes_of_all_for_all: "operations for one row, over the limit",
    trees_of_one_leaf_and_many_columns: "operations for one row, over the limit",
    counts_whose_sum_wraps: "are of other classes",
    array_without_values_and_a_long_side: "is empty, yet too wide",
}


@pytest.mark.parametrize("make", FILES, ids=lambda make: make.__name__)
def test_a_short_file_that_asks_for_much_is_refused_at_once(make: Callable[[], bytes]) -> None:
    content = make()
    for name in OPERATIONS:
        find_operation(name)
    give_back()
    reset_peak()
    before, started = peak_bytes(), time.process_time()
    with pytest.raises(Refused, match=FILES[make]):
        read_program(io.BytesIO(content))
    assert time.process_time() - started < 2
    assert peak_bytes() - before < 200 << 20


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b'"' + b'\\"' * 500_000, "no readable JSON"),
        (b'""' * 2_000_000, "texts, over the limit"),
        (b"[" * 1_000_000, "values, over the limit"),
        (b"[" * 300 + b"]" * 300, "nested 300 deep"),
        (b"]" * 3_000_000, "no readable JSON"),
        (b'{"a": 1, "a": 2}', "a key stands there twice"),
        (b"[" + b"9" * 5_000 + b"]", "no readable JSON"),
        (b"[NaN]", "NaN is not JSON"),
        (b"\xff", "no readable JSON"),
    ],
)
def test_a_text_that_is_slow_or_ambiguous_to_parse_is_refused_at_once(raw: bytes, fault: str) -> None:
    started = time.process_time()
    with pytest.raises(Refused, match=fault):
        read_json(raw, "a.json")
    assert time.process_time() - started < 2


@pytest.mark.parametrize("way", ["backslashes", "quotes"])
def test_a_long_text_of_escapes_is_read_as_it_is(way: str) -> None:
    text = ("\\" if way == "backslashes" else '"') * 1_000_000 + "[["
    assert read_json(json.dumps([text]).encode(), "a.json") == [text]


HEADERS = {
    "Fortran order": lambda whole: whole.replace(b"False", b"True ", 1),
    "version 2": lambda whole: npy(np.zeros(2), version=(2, 0)),
    "a call": lambda whole: whole.replace(b"False", b"id(1)", 1),
    "an expression": lambda whole: whole.replace(b"(2,)", b"(1+1,)", 1),
    "a negative side": lambda whole: whole.replace(b"(2,)", b"(-2,)", 1),
    "objects": lambda whole: whole.replace(b"<f8", b"|O8", 1),
    "other than the bytes": lambda whole: whole.replace(b"(2,)", b"(9,)", 1),
    "big-endian": lambda whole: whole.replace(b"<f8", b">f8", 1),
    "bool": lambda whole: npy(np.zeros(2, bool)),
    "uint64": lambda whole: npy(np.zeros(2, np.uint64)),
    "long double": lambda whole: npy(np.zeros(2, np.longdouble)),
    "a record": lambda whole: npy(np.zeros(2, [("a", "<f8")])),
    "text": lambda whole: npy(np.zeros(2, "U2")),
    "not aligned": lambda whole: whole[:8] + (117).to_bytes(2, "little") + whole[10:126] + b"\n" + whole[128:],
    "cut short": lambda whole: whole[:60],
    "empty": lambda whole: b"",
}


def of_two_weights(weights: bytes) -> bytes:
    steps = [Step("w", "standardise", (INPUT,), {}, {"mean": np.array([1.0, 2.0])})]
    whole = pack_program(program_of(Matrix("float64", 2), steps, Outputs("w")))
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(file, "w") as archive:
        for name in source.namelist():
            content = source.read(name) if name == "program.json" else weights
            archive.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()


@pytest.mark.parametrize("name", HEADERS)
def test_an_array_with_another_header_than_ours_is_refused(name: str) -> None:
    ours = array_member(np.array([1.0, 2.0]))
    read_program(io.BytesIO(of_two_weights(ours)))
    with pytest.raises(Refused):
        read_program(io.BytesIO(of_two_weights(HEADERS[name](ours))))


def test_arrays_are_read_bit_for_bit_and_may_be_written_to() -> None:
    values = np.array([np.nextafter(0.0, 1.0), -0.0])
    program = read_program(io.BytesIO(of_two_weights(array_member(values))))
    mean = program.steps[0].arrays["mean"]
    assert mean.tobytes() == values.tobytes()
    assert mean.flags.writeable
    assert mean.flags.aligned


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (np.zeros((2, 3)), "is given others"),
        (np.zeros((2, 2), np.float32), "is given others"),
        (np.zeros((2, 2), ">f8"), "is given others"),
        (np.zeros((2, 2), object), "is given others"),
        ([[0.0, 1.0]], "is given others"),
        ({"a": np.zeros(2)}, "is given others"),
    ],
)
def test_rows_of_another_type_are_refused(rows: object, fault: str) -> None:
    program = program_of(Matrix("float64", 2), [Step("c", "arg_max", (INPUT,), {}, {})], Outputs("c", INPUT))
    with pytest.raises(Refused, match=fault):
        program.run(rows)


def test_a_row_of_later_blocks_is_named_by_its_number_among_all(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = {"weights": np.full((2, 2), 1e308), "offset": np.zeros(2)}
    steps = [Step("s", "linear", (INPUT,), {}, weights), Step("c", "arg_max", ("s",), {}, {})]
    program = program_of(Matrix("float64", 2), steps, Outputs("c", "s"))
    rows = np.zeros((100, 2))
    rows[70] = 9
    monkeypatch.setattr("tenfold.program.program.BYTES_AT_ONCE", 8 * program.cost.bytes)
    assert program.rows_at_once == 8
    with pytest.raises(NotFiniteError) as refusal:
        program.run(rows)
    assert refusal.value.row == 70


def test_the_widest_value_is_within_the_limits() -> None:
    steps = [Step("w", "place", (INPUT,), {"filling": "zero", "width": WIDEST}, {"columns": np.array([0])})]
    program = program_of(Matrix("float64", 1), steps, Outputs("w"))
    assert program.cost.bytes <= BYTES_AT_ONCE
    assert program.run(np.ones((3, 1)))["predicted"].shape == (3, WIDEST)


@pytest.mark.parametrize("name", ["digits-mixed-bayes", "digits-own-svm", "digits-forest"])
def test_many_rows_take_little_more_memory_than_a_block(name: str) -> None:
    program, rows = programs((name,))[name], rows_for(name)[0]
    program.run(rows)
    many = np.tile(rows, (1_500, 1))
    give_back()
    reset_peak()
    before = peak_bytes()
    program.run(many)
    assert peak_bytes() - before < 1.5 * BYTES_AT_ONCE


def test_a_program_that_could_not_be_read_again_is_not_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    program = program_of(Matrix("float64", 2), [Step("c", "arg_max", (INPUT,), {}, {})], Outputs("c"))
    monkeypatch.setattr("tenfold.program.files.UNPACKED_BYTES", 100)
    with pytest.raises(ModelError, match="too large a model: its program has"):
        pack_program(program)


def with_64_bit_field(whole: bytes, entry: int, field: int, value: int) -> bytes:
    """Put a number into the 64-bit form of a field of an entry of a zip's directory."""
    directory = int.from_bytes(whole[-6:-2], "little")
    begin = directory
    for _ in range(entry):
        begin += 46 + sum(struct.unpack("<3H", whole[begin + 28 : begin + 34]))
    name = int.from_bytes(whole[begin + 28 : begin + 30], "little")
    changed, extra = bytearray(whole), struct.pack("<HHQ", 1, 8, value)
    changed[begin + field : begin + field + 4] = b"\xff" * 4
    changed[begin + 30 : begin + 32] = struct.pack("<H", len(extra))
    changed[begin + 46 + name : begin + 46 + name] = extra
    changed[-10:-6] = struct.pack("<L", len(changed) - 22 - directory)
    return bytes(changed)


@pytest.mark.parametrize(
    ("method", "fault"), [(zipfile.ZIP_STORED, "another size than it says"), (zipfile.ZIP_DEFLATED, "after the last")]
)
def test_a_member_beyond_any_file_is_refused_as_the_zip_is(method: int, fault: str, tmp_path: Path) -> None:
    """No disk is at fault where a place that there is not cannot be sought."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a"), b"", method)
        archive.writestr(zipfile.ZipInfo("b"), b"", method)
    far = with_64_bit_field(file.getvalue(), 0, 20, 2**63 - 1 - 31)
    path = tmp_path / "far.zip"
    path.write_bytes(with_64_bit_field(far, 1, 42, 2**63 - 1))
    with path.open("rb") as opened, pytest.raises(Refused, match=fault):
        open_archive(opened, ARRAYS)


def test_a_pipeline_whose_program_would_be_over_a_limit_is_not_lowered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenfold.program.cost.ROW_VALUES", 100)
    X = np.random.default_rng(1).normal(size=(20, 60))
    with pytest.raises(NotLoweredError, match="values for one row, over the limit of 100"):
        lower_classes(LogisticRegression().fit(X, X[:, 0] > 0), Matrix("float64", 60), 2)
