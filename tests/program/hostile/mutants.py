"""
Programs changed by someone who redoes every hash, by the thousand; none may do harm to the process that reads it.

``python -m tests.program.hostile.mutants --count 5000`` takes some minutes. Each mutant is read and run in one process
after another, as in the process of whoever predicts: what looks at other models first in a process of its own passes
programs by. What comes of each is one of `OUTCOMES`.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import gc
import io
import json
import struct
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.errors import ModelError
from tenfold.memory import give_back, peak_bytes, reset_peak
from tenfold.program.files import pack_program, read_program
from tenfold.program.gaps import RowError
from tenfold.program.operations import OPERATIONS
from tenfold.program.program import Program
from tenfold.program.refusal import Refused, refusing
from tests.mortal_process import MortalProcess
from tests.program.hostile.known import is_known

ROOT = Path(__file__).parents[3]
SECONDS, EXTRA_BYTES = 1.0, 200 << 20
"""What a mutant may take: of the processor, since others may use the machine; and of memory beyond its file's size."""

HANG_SECONDS = 60

OUTCOMES = ("refused", "unforeseen", "harmless", "row", "nonsense", "traceback", "memory", "slow", "signal", "hang")
"""
`unforeseen`: refused, by an error that no check has raised; `row`: a row is refused, in a line; `nonsense`: a score
that is no number, or a class that there is not.
"""

HARM = ("nonsense", "traceback", "memory", "slow", "signal", "hang")

NASTY = (
    *(None, True, False, -1, 0, 1, 2, 3, 255, 10**9, -(10**9), 2**31, 2**63, -(2**63), 10**30, 1e308, -1e308, -0.0),
    *(
        1e-320,
        0.5,
        "",
        "x",
        "input",
        "float64",
        "float32",
        "uint8",
        "object",
        "O",
        "\ud800",
        "\x00\x1b[31m",
        "a" * 20_000,
    ),
    *(
        [],
        {},
        [[[]]],
        {"a": 1},
        [1] * 1000,
        [None],
        ["x", "x"],
        "true",
        "9" * 5000,
        "../../evil",
        "\u00e9",
        {"__class__": "x"},
    ),
)


@dataclass
class Parts:
    """The file of a program taken apart: its description, and its members by name, as arrays or as bytes."""

    plain: Any
    members: dict[str, Any]
    text: str | None = None
    """In place of the description, where that is no plain value."""
    content: bytes | None = None
    """In place of the whole file."""

    @staticmethod
    def of(content: bytes) -> Parts:
        """Take the file of a program apart, whatever it is by now; raises ValueError, KeyError and others."""
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        return Parts(json.loads(members.pop("program.json")), {name: array_of(part) for name, part in members.items()})

    def packed(self) -> bytes:
        """Return the file, its checksums right."""
        if self.content is not None:
            return self.content
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(zipfile.ZipInfo("program.json"), self.text or json.dumps(self.plain))
            for name, member in self.members.items():
                content = member if isinstance(member, bytes) else npy(member)
                deflated = getattr(member, "ndim", 1) >= 2  # as `pack_program` may write them
                method = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
                archive.writestr(zipfile.ZipInfo(name), content, method, 1)
        return file.getvalue()


def array_of(content: bytes) -> Any:
    """Return the array of a member, or its bytes where it is none of numbers."""
    try:
        return np.load(io.BytesIO(content), allow_pickle=False)
    except (ValueError, EOFError, MemoryError):
        return content


def npy(array: np.ndarray, *, version: tuple[int, int] = (1, 0)) -> bytes:
    """Return an array as NumPy writes it, in any order and of any type but objects."""
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version, allow_pickle=False)
    return file.getvalue()


# ---- how they are changed


def mutated(parts: Parts, others: Sequence[Parts], random: np.random.Generator) -> str:
    """Change a program in one place, or in three; say how."""
    ways = (_array, _value, _steps, _strange_array, _zip)
    notes = []
    for _ in range(3 if random.random() < 0.15 else 1):
        way = ways[random.choice(len(ways), p=(0.38, 0.34, 0.16, 0.05, 0.07))]
        if parts.content is None and isinstance(parts.plain, dict):
            with contextlib.suppress(TypeError, AttributeError):  # a change before has left nothing to be changed so
                notes.append(way(parts, others, random))
    return "; ".join(notes)


def _chosen(values: Sequence[Any], random: np.random.Generator) -> Any:
    return values[random.integers(len(values))]


def _array(parts: Parts, others: Sequence[Parts], random: np.random.Generator) -> str:
    names = [name for name, member in parts.members.items() if isinstance(member, np.ndarray)]
    names = [name for name in names if parts.members[name].dtype.kind in "iuf"]
    if not names:
        return _steps(parts, others, random)
    name = _chosen(names, random)
    array = parts.members[name]
    changes = (_spoilt(array, random), _reshaped(array), _of_other_types(array))
    note, make = _chosen(changes[random.choice(3, p=(0.6, 0.2, 0.2))], random)
    with np.errstate(all="ignore"):
        parts.members[name] = make()
    return f"{name}: {note}"


Change = tuple[str, Callable[[], np.ndarray]]


def _spoilt(array: np.ndarray, random: np.random.Generator) -> list[Change]:
    """Values out of range at one place or at all."""
    floats = [np.nan, np.inf, -np.inf, 1e300, -1e300, 1e-320, 0.0, -0.0]
    wholes = [-1, 0, 1, array.size, 255, 10**9, -(2**31), 2**31 - 1, 2**63 - 1]
    place = slice(None) if random.random() < 0.4 or not array.size else int(random.integers(array.size))

    def spoil(value: Any) -> np.ndarray:
        changed = array.copy()
        if changed.dtype.kind in "iu" and np.isfinite(value):
            limits = np.iinfo(changed.dtype)
            value = min(max(int(value), int(limits.min)), int(limits.max))
        changed.reshape(-1)[place] = np.asarray(value).astype(changed.dtype)
        return changed

    values = [*floats, *wholes] if array.dtype.kind == "f" else wholes
    return [(f"{value} at {place}", lambda value=value: spoil(value)) for value in values]


def _reshaped(array: np.ndarray) -> list[Change]:
    rows = (lambda: array[:-1], lambda: np.concatenate([array, array[-1:]]), lambda: array[::-1].copy())
    return [
        *((("shorter", rows[0]), ("longer", rows[1]), ("reversed", rows[2])) if array.ndim else ()),
        ("much longer", lambda: np.resize(array, (200_000, *array.shape[1:]))),
        ("empty", lambda: np.empty((0, *array.shape[1:]), array.dtype)),
        ("empty and wide", lambda: np.empty((0, 10**9), array.dtype)),
        ("without columns", lambda: np.empty((*array.shape[:-1], 0), array.dtype)),
        ("flat", lambda: array.reshape(-1)),
        ("one number", lambda: np.resize(array, ())),
        ("one dimension more", lambda: array[None]),
        ("transposed", lambda: np.ascontiguousarray(array.T)),
        ("fewer columns", lambda: array[..., :-1] if array.ndim else array),
    ]


def _of_other_types(array: np.ndarray) -> list[Change]:
    kinds = ("float32", "float64", "float16", "int64", "int32", "uint8", "uint64", "bool", ">f8", ">i8", "longdouble")
    strange = ("complex64", "U4", "S10", "V8", "M8[s]", [("a", "<f8"), ("b", "<i4")])
    return [
        *((str(kind), lambda kind=kind: array.astype(kind)) for kind in kinds),
        *((str(kind), lambda kind=kind: np.zeros(array.shape, kind)) for kind in strange),
    ]


def _strange_array(parts: Parts, others: Sequence[Parts], random: np.random.Generator) -> str:
    """Headers that lie, are of another version or no header, and members that are there or not."""
    names = [name for name, member in parts.members.items() if isinstance(member, np.ndarray)]
    if not names:
        return "no array left"
    name, other = _chosen(names, random), _chosen(names, random)
    array = parts.members[name]
    whole = npy(array)
    changes: list[tuple[str, Callable[[], Any]]] = [
        ("Fortran order", lambda: npy(np.asfortranarray(array))),
        ("Fortran order, said alone", lambda: whole.replace(b"False", b"True ", 1)),
        ("a header of version 2", lambda: npy(array, version=(2, 0))),
        ("a header that lies", lambda: whole.replace(b"'shape': (", b"'shape': (9999, ", 1)),
        ("a header that is an expression", lambda: whole.replace(b"'shape': (", b"'shape': (2*3, ", 1)),
        ("a header that is a call", lambda: whole.replace(b"False", b"id(1)", 1)),
        ("a negative side", lambda: whole.replace(b"'shape': (", b"'shape': (-1,", 1)),
        ("a deep header", lambda: whole[:8] + struct.pack("<H", 60_022) + b"(" * 60_021 + b"\n" + whole[128:]),
        ("objects", lambda: whole.replace(b"'<f8'", b"'|O' ", 1)),
        ("cut short", lambda: whole[: int(random.integers(len(whole)))]),
        ("more than it says", lambda: whole + b"\0" * 64),
        ("no bytes", lambda: b""),
        ("of another step", lambda: parts.members[other]),
        ("of another model", lambda: _chosen(list(_chosen(others, random).members.values()) or [array], random)),
    ]
    note, make = _chosen(changes, random)
    parts.members[name] = copy.copy(make())
    if random.random() < 0.1:
        parts.members.pop(name)
        note += ", and missing"
    elif random.random() < 0.1:
        parts.members[_chosen(("x.npy", "../x.npy", "0.more.npy", "program.json2"), random)] = array
        note += ", and one too many"
    return f"{name}: {note}"


def _value(parts: Parts, others: Sequence[Parts], random: np.random.Generator) -> str:
    """Another value at any place of the description, however deep: missing, of another type, huge, deep, well known."""
    holder, path = parts.plain, []
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        key = _chosen(keys, random)
        path.append(str(key)[:20])
        inner = holder[key]
        if not isinstance(inner, dict | list) or not inner or random.random() < 0.15:
            break
        holder = inner
    where, chance = "/".join(path), random.random()
    if chance < 0.1:
        holder.pop(key)
        return f"no {where}"
    if chance < 0.16 and isinstance(holder, dict):
        holder[_chosen(("more", "", "name", "\ud800"), random)] = inner
        return f"more beside {where}"
    value = _known_name(parts, random) if chance < 0.45 else copy.deepcopy(_chosen(NASTY, random))
    if chance > 0.97:
        value = json.loads("[" * 150 + "]" * 150)
    holder[key] = value
    if random.random() < 0.04:
        parts.text = _strange_text(json.dumps(parts.plain), random)
        return f"{where} becomes {str(value)[:40]!a}, in a strange text"
    return f"{where} becomes {str(value)[:40]!a}"


def _known_name(parts: Parts, random: np.random.Generator) -> Any:
    steps = parts.plain.get("steps") if isinstance(parts.plain, dict) else None
    named = [step.get("name") for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
    return _chosen([*OPERATIONS, *named, "input", "weights", "columns", "pixels", "matrix"], random)


def _strange_text(text: str, random: np.random.Generator) -> str:
    return _chosen(
        [
            text.replace("{", '{"version": 1, ', 1),
            text + " x",
            "\ufeff" + text,
            text.replace("[]", "[NaN]", 1),
            text.replace("{}", '{"a": Infinity}', 1),
            text.replace("{}", '{"threshold": 1e999}', 1),
            "[" * 100_000 + "]" * 100_000,
            '"' + '\\"' * 100_000,
            text[: len(text) // 2],
            text.replace('"', "'"),
        ],
        random,
    )


def _steps(parts: Parts, others: Sequence[Parts], random: np.random.Generator) -> str:
    """Steps in another order, twice, cyclic, of another model; outputs exchanged."""
    steps, outputs = parts.plain.get("steps"), parts.plain.get("outputs")
    if not isinstance(steps, list) or not steps or not all(isinstance(step, dict) for step in steps):
        return "no steps left"
    one, two = (int(place) for place in random.integers(0, len(steps), 2))
    names = [step.get("name") for step in steps]
    way = int(random.integers(9))
    if way == 0:
        steps[one], steps[two] = steps[two], steps[one]
        return f"steps {one} and {two} change places"
    if way == 1:
        steps.insert(one, copy.deepcopy(steps[two]))
        return f"step {two} twice"
    if way == 2:
        _doubled(parts, two, random)
        return f"step {two} twice, under two names"
    if way == 3:
        steps[one]["inputs"] = [_chosen([*names, "input"], random) for _ in steps[one].get("inputs") or [1]]
        return f"step {one} takes another value"
    if way == 4:
        steps[one]["inputs"] = [steps[one].get("name")]
        return f"step {one} takes its own value"
    if way == 5:
        steps.pop(one)
        return f"no step {one}"
    if way == 6 and isinstance(outputs, dict):
        outputs["predicted"], outputs["scores"] = outputs.get("scores"), outputs.get("predicted")
        return "outputs exchanged"
    if way == 7 and isinstance(outputs, dict):
        outputs[_chosen(("predicted", "scores"), random)] = _chosen([*names, "input"], random)
        return "another value is an output"
    other = _chosen(others, random)
    steps[one] = copy.deepcopy(_chosen(other.plain["steps"], random))
    return f"step {one} of another model"


def _doubled(parts: Parts, place: int, random: np.random.Generator) -> None:
    """The same step once more at the end, with arrays of its own, and what the last one took taken from it."""
    steps = parts.plain["steps"]
    again = copy.deepcopy(steps[place])
    again["name"], number = "again", len(steps)
    for name in again.get("arrays") or ():
        member = parts.members.get(f"{place}.{name}.npy")
        if member is not None:
            parts.members[f"{number}.{name}.npy"] = member
    steps.append(again)
    if isinstance(parts.plain.get("outputs"), dict) and random.random() < 0.7:
        parts.plain["outputs"][_chosen(("predicted", "scores"), random)] = "again"


def _zip(parts: Parts, others: Sequence[Parts], random: np.random.Generator) -> str:
    """Changes of the file as a whole."""
    whole = parts.packed()
    note, make = _chosen(_zips(parts, whole, random), random)
    parts.content = make()
    return str(note)


def _zips(parts: Parts, whole: bytes, random: np.random.Generator) -> list[tuple[str, Callable[[], bytes]]]:
    def flipped(count: int, begin: int = 0) -> bytes:
        content = bytearray(whole)
        for place in random.integers(begin, len(content), count):
            content[place] ^= 1 << int(random.integers(8))
        return bytes(content)

    def put(at: int, value: bytes) -> bytes:
        begin = whole.rindex(b"PK\x05\x06") + at
        return whole[:begin] + value + whole[begin + len(value) :]

    return [
        ("cut short", lambda: whole[: int(random.integers(len(whole)))]),
        ("a bit flipped", lambda: flipped(1)),
        ("a bit of the directory flipped", lambda: flipped(1, whole.rindex(b"PK\x05\x06") - 200)),
        ("twenty bits flipped", lambda: flipped(20)),
        ("compressed", lambda: repacked(parts, zipfile.ZIP_DEFLATED)),
        ("compressed by LZMA", lambda: repacked(parts, zipfile.ZIP_LZMA)),
        ("a member twice", lambda: twice(whole)),
        ("something before it", lambda: b"x" * 100 + whole),
        ("something after it", lambda: whole + b"x" * 100),
        ("a comment", lambda: put(20, b"\x05\x00") + b"hello"),
        ("two zips", lambda: whole + whole),
        ("a huge directory", lambda: put(12, struct.pack("<L", 2**31))),
        ("many members", lambda: put(8, struct.pack("<HH", 60_000, 60_000))),
        ("no zip", lambda: random.bytes(1000)),
        ("nothing", lambda: b""),
    ]


def repacked(parts: Parts, compression: int) -> bytes:
    """Return the file with members that are compressed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(parts.packed())) as source, zipfile.ZipFile(file, "w", compression) as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name))
    return file.getvalue()


def twice(whole: bytes) -> bytes:
    """Return a file in which the first member stands a second time, under the same name and with other content."""
    import warnings

    file = io.BytesIO(whole)
    with zipfile.ZipFile(file, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr(zipfile.ZipInfo(archive.namelist()[0]), b"{}")
    return file.getvalue()


# ---- what comes of them


def judge(path: Path, rows: Sequence[Any]) -> dict[str, Any]:
    """Read a mutant with every check, and let it predict."""
    give_back()
    reset_peak()
    before, started = peak_bytes(), time.process_time()
    outcome, why = _outcome_of(path, rows)
    seconds, size = time.process_time() - started, path.stat().st_size
    extra = peak_bytes() - before - size
    if extra > EXTRA_BYTES:
        outcome = "memory"
    elif seconds > SECONDS + size / 1e8 and outcome not in HARM:
        outcome = "slow"
    return {"outcome": outcome, "why": why[:600], "extra": extra, "seconds": round(seconds, 3)}


def _outcome_of(path: Path, rows: Sequence[Any]) -> tuple[str, str]:
    try:
        with path.open("rb") as file, refusing(path):
            program = read_program(file)
        outcomes = [_predicted(program, some) for some in rows]
    except (ModelError, Refused) as refused:
        unforeseen = "does not fit together" in str(refused) or "\n" in str(refused)
        return "unforeseen" if unforeseen else "refused", str(refused)
    except Exception as fault:  # noqa: BLE001 - what is looked for
        return "traceback", "".join(traceback.format_exception(fault))[-600:]
    return ("nonsense" if "nonsense" in outcomes else outcomes[0]), ""


def _predicted(program: Program, rows: Any) -> str:
    try:
        return "harmless" if is_known(program, program.run(rows)) else "nonsense"
    except RowError:
        return "row"


def _serve() -> None:
    """Answer each line of a file's path and its program's name with a line of JSON."""
    from tests.program.hostile.programs import makers, rows_for

    rows = {name: rows_for(name) for name in makers()}
    gc.freeze()
    print("ready", flush=True)
    for line in sys.stdin:
        path, name = line.rstrip("\n").split("\t")
        print(json.dumps(judge(Path(path), rows[name])), flush=True)


def run(
    programs: dict[str, Program], count: int, seed: int, note: Callable[[str], None] = lambda line: None
) -> list[dict[str, Any]]:
    """Make and judge so many mutants, of one program after another; return what came of each."""
    random = np.random.default_rng(seed)
    whole = {name: Parts.of(pack_program(program)) for name, program in programs.items()}
    names, results = list(programs), []
    judges = MortalProcess("tests.program.hostile.mutants", "--serve")
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "mutant.program"
        for number in range(count):
            name = names[number % len(names)]
            parts = copy.deepcopy(whole[name])
            change = mutated(parts, list(whole.values()), random)
            path.write_bytes(parts.packed())
            result = {
                "number": number,
                "program": name,
                "change": change,
                **judges.ask(f"{path}\t{name}", HANG_SECONDS),
            }
            results.append(result)
            if result["outcome"] in (*HARM, "unforeseen"):
                note(json.dumps(result, indent=1))
            if result["outcome"] in HARM:
                harmful = Path(tempfile.gettempdir()) / "harmful-programs" / f"{seed}-{number}.program"
                harmful.parent.mkdir(exist_ok=True)
                harmful.write_bytes(path.read_bytes())
    judges.close()
    return results


def missing(programs: dict[str, Program]) -> set[str]:
    """Return the operations that none of some programs has."""
    return set(OPERATIONS).difference(*(program.operations for program in programs.values()))


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--serve", action="store_true")
    words.add_argument("--count", type=int, default=1000)
    words.add_argument("--seed", type=int, default=0)
    options = words.parse_args()
    if options.serve:
        _serve()
        return 0
    from tests.program.hostile.programs import programs

    lowered = programs()
    print(f"{len(lowered)} programs; operations that none has: {sorted(missing(lowered)) or 'none'}", flush=True)
    results = run(lowered, options.count, options.seed, lambda line: print(line, flush=True))
    counts = Counter(result["outcome"] for result in results)
    refusals = [result["seconds"] for result in results if result["outcome"] == "refused"]
    print({name: counts[name] for name in OUTCOMES})
    print(f"slowest refusal: {max(refusals)} s; slowest of all: {max(result['seconds'] for result in results)} s")
    print(f"most memory beyond the file: {max(result['extra'] for result in results) / 1e6:.0f} MB")
    return int(any(counts[name] for name in HARM))


if __name__ == "__main__":
    sys.exit(main())
