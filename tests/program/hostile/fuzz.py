"""
Coverage-guided fuzzing of the reader of programs, and of a run of three rows.

``pip install atheris``, then ``python -m tests.program.hostile.fuzz CORPUS --seconds 600`` begins with the files of
`corpus` and the smallest programs of the operations there are, and keeps in CORPUS whatever reaches new lines of
`tenfold.program`. What no check has foreseen is written to ``CORPUS/../findings``, with its trace.
``--keep`` then takes the smallest of what was kept into `corpus`, which the ordinary tests replay.
"""

from __future__ import annotations

import argparse
import io
import random
import shutil
import subprocess
import sys
import traceback
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

KEPT = Path(__file__).parent / "corpus"
KEPT_BYTES = 200_000
_MOST_VALUES = 1 << 20


class Finding(Exception):  # noqa: N818
    """A program that was read predicts what is no class or no number."""


def read_and_run(content: bytes) -> str:
    """Read a program, let it predict three rows, and return what came of it; raise on all that no check foresees."""
    from tenfold.program.files import read_program
    from tenfold.program.gaps import RowError
    from tenfold.program.refusal import Refused
    from tenfold.program.values import width_of
    from tests.program.hostile.known import is_known

    try:
        program = read_program(io.BytesIO(content))
        if width_of(program.input) > _MOST_VALUES:
            return "too wide to be tried"
        values = program.run(some_rows(program.input))
    except Refused as refused:
        return f"refused: {refused}"
    except RowError as fault:
        return f"row: {fault!r}"
    if not is_known(program, values):
        raise Finding
    return "predicted"


def some_rows(kind: Any) -> Any:
    """Return three rows of a type: usual, large, and with gaps where there may be some."""
    from tenfold.program.values import Columns, Images, Pixels

    if isinstance(kind, Columns):
        numbers, texts = np.array([1.0, 1e9, np.nan]), np.array(["S", "?", None], object)
        return {name: numbers if one == "number" else texts for name, one in kind.columns}
    if isinstance(kind, Images):
        return np.arange(3, dtype=np.int16).reshape(3, *[1] * len(kind.shape)) * np.full(kind.shape, 100, np.int16)
    if isinstance(kind, Pixels):
        return np.arange(3, dtype=np.uint8).reshape(3, *[1] * len(kind.shape)) * np.full(kind.shape, 100, np.uint8)
    rows = np.outer([1, -7, 200], np.arange(kind.width) % 5)
    return rows.astype(kind.dtype) if kind.dtype != "uint8" else np.abs(rows).astype(np.uint8)


def seeds() -> dict[str, bytes]:
    """Return small programs."""
    from tenfold.program.files import pack_program
    from tests.program.hostile.programs import small_programs

    return {name: pack_program(program) for name, program in small_programs().items()}


def changed(content: bytes, most: int, seed: int) -> bytes:
    """Change one member, and make sizes and checksums right again; now and then the bytes of the file as they are."""
    import atheris

    from tests.program.hostile.mutants import Parts, mutated

    chance = random.Random(seed)
    try:
        parts = Parts.of(content)
        if chance.random() < 0.4:
            mutated(parts, [parts], np.random.default_rng(seed))
            return _within(parts.packed(), most, content)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # noqa: BLE001 - any content comes here
        members = {}
    if not members or chance.random() < 0.1:
        return atheris.Mutate(content, most)
    name = "program.json" if chance.random() < 0.5 and "program.json" in members else chance.choice(list(members))
    part = members[name]
    begin = 128 if name.endswith(".npy") and len(part) > 128 and chance.random() < 0.8 else 0
    members[name] = part[:begin] + atheris.Mutate(part[begin:], max(8, len(part) + 64 - begin))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for member, value in members.items():
            archive.writestr(zipfile.ZipInfo(member), value)
    return _within(file.getvalue(), most, content)


def _within(content: bytes, most: int, former: bytes) -> bytes:
    return content if len(content) <= most else former


def fuzz(corpus: Path, seconds: int) -> None:
    """Fuzz until the time is over; libFuzzer then ends this process."""
    import atheris

    with atheris.instrument_imports(include=["tenfold.program"]):
        import tenfold.program.files  # noqa: F401
        from tenfold.program.operations import OPERATIONS, find_operation

        for name in OPERATIONS:
            find_operation(name)
    corpus.mkdir(parents=True, exist_ok=True)
    findings = corpus.parent / "findings"
    findings.mkdir(exist_ok=True)
    met: set[str] = set()

    def one(content: bytes) -> None:
        try:
            read_and_run(content)
        except Exception as fault:  # noqa: BLE001 - what is looked for
            lines = traceback.extract_tb(fault.__traceback__)
            place = str([(line.filename, line.lineno) for line in lines if "tenfold" in line.filename][-1:])
            if place not in met:
                met.add(place)
                (findings / f"{len(met)}.program").write_bytes(content)
                (findings / f"{len(met)}.txt").write_text("".join(traceback.format_exception(fault)))

    words = corpus.parent / "words"
    words.write_text("".join(f'"\\"{word}\\""\n' for word in _words()))
    settings = [f"-max_total_time={seconds}", "-rss_limit_mb=2000", "-timeout=20", "-max_len=30000", f"-dict={words}"]
    atheris.Setup([sys.argv[0], str(corpus), *settings], one, custom_mutator=changed)
    atheris.Fuzz()


def _words() -> list[str]:
    from tenfold.program.operations import OPERATIONS, find_operation

    own = [name for one in OPERATIONS for name in (*find_operation(one).parameters, *find_operation(one).arrays)]
    return sorted({*OPERATIONS, *own, "input", "pixels", "matrix", "columns", "float32", "float64", "uint8", "number"})


def keep(corpus: Path) -> None:
    """Take the smallest file of each outcome in other words, then the smallest of the rest, up to 200 kB."""
    KEPT.mkdir(exist_ok=True)
    files = sorted(corpus.iterdir(), key=lambda path: path.stat().st_size)
    first: dict[str, Path] = {}
    for path in files:
        first.setdefault(_without_numbers(read_and_run(path.read_bytes())), path)
    size = 0
    for path in [*first.values(), *(path for path in files if path not in first.values())]:
        size += path.stat().st_size
        if size > KEPT_BYTES:
            break
        shutil.copy(path, KEPT / f"{path.name[:16]}.program")


def _without_numbers(outcome: str) -> str:
    return "".join(letter for letter in outcome if not letter.isdigit())


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("corpus", type=Path)
    words.add_argument("--seconds", type=int, default=600)
    words.add_argument("--keep", action="store_true")
    words.add_argument("--seeds", action="store_true", help="write the programs that fuzzing begins with, and end")
    options = words.parse_args()
    if options.keep:
        keep(options.corpus)
        return
    options.corpus.mkdir(parents=True, exist_ok=True)
    if options.seeds:
        for name, content in seeds().items():
            (options.corpus / name).write_bytes(content)
        return
    for path in KEPT.glob("*.program"):
        shutil.copy(path, options.corpus / path.name)
    # in a process of its own: this one must not have imported what is to be observed
    subprocess.run([sys.executable, "-m", "tests.program.hostile.fuzz", str(options.corpus), "--seeds"], check=True)
    fuzz(options.corpus, options.seconds)


if __name__ == "__main__":
    main()
