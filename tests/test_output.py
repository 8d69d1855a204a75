"""Whatever comes from data is shown on a terminal, never sent to it."""

import ast
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenfold
from tenfold.output import data_stream, draw, echo, guarded, json_text
from tenfold.text import printable

HOSTILE = "\x1b]0;pwn\x07\u202e\x9b2J\x7f"
SOURCES = Path(tenfold.__file__).parent
PRINTS = SOURCES / "output.py"
NO_WORDS = {
    SOURCES / "folds" / "worker.py",
    SOURCES / "data" / "kinds" / "mail" / "reader_process.py",
    SOURCES / "models" / "linear" / "descent.py",
}
"""Child processes print answers into the pipe to their parent, as JSON; SGD with `verbose` prints numbers alone."""


@given(st.text())
def test_printable_text_holds_nothing_that_a_terminal_obeys(text):
    told = printable(text)
    assert all(c in "\n\t" or printable(c) == c for c in told)
    assert told == printable(told)
    told.encode()


@given(st.dictionaries(st.text(), st.text()))
def test_json_is_the_same_when_read_and_holds_nothing_that_a_terminal_obeys(value):
    text = json_text(value)
    assert json.loads(text) == value
    assert printable(text) == text


def test_what_a_library_writes_is_escaped_too():
    code = (
        "import logging, sys, warnings\nfrom tenfold.output import guarded\n"
        f"name = {HOSTILE!r}\n"
        "with guarded():\n"
        "    print(name)\n"
        "    sys.stderr.writelines([name])\n"
        "    warnings.warn(name)\n"
        "    logging.getLogger('distributed').error(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == printable(HOSTILE) + "\n"
    assert printable(done.stderr) == done.stderr
    assert done.stderr.count("\\x1b]0;pwn") == 3


def test_bold_letters_reach_a_terminal_and_the_text_in_them_does_not(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    stream = Terminal()
    monkeypatch.setattr(sys, "stdout", stream)
    with guarded():
        echo(HOSTILE, bold=True)
        echo("rest", lead=HOSTILE)
        data_stream().write(f"a,{HOSTILE}\n")
    told = stream.getvalue()
    assert told.startswith("\x1b[1m\\x1b]0;pwn")
    assert HOSTILE not in told
    assert told.endswith(f"a,{printable(HOSTILE)}\n")


def test_a_pipe_gets_data_as_they_are():
    code = (
        "from tenfold.output import guarded, write_data\nwith guarded(): write_data('\\x1b]0;pwn\\x07\\udcff\u00fc\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONIOENCODING": "ascii"}
    )
    assert done.stdout == b"\x1b]0;pwn\x07\xff\xc3\xbc\n"


def test_what_the_terminal_cannot_encode_is_escaped():
    code = "from tenfold.output import echo, guarded\nwith guarded(): echo('caf\u00e9 \u2026')"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONIOENCODING": "ascii"}
    )
    assert done.stdout == b"caf\\xe9 \\u2026\n"


def test_only_half_blocks_are_drawn():
    with pytest.raises(ValueError, match="half blocks"):
        draw([HOSTILE])


def test_nothing_prints_but_through_the_one_place():
    modules = sorted(set(SOURCES.rglob("*.py")) - {PRINTS} - NO_WORDS)
    assert len(modules) > 400
    assert [f"{path}:{line}" for path in modules for line in _printing_lines(path)] == []


def _printing_lines(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _prints(node.func):
            yield node.lineno
        if isinstance(node, ast.ImportFrom) and node.module == "rich.console":
            yield node.lineno


def _prints(function):
    if isinstance(function, ast.Name):
        return function.id in {"print", "secho"}
    text = ast.unparse(function)
    stream = text.startswith(("sys.stdout.", "sys.stderr.", "sys.__stdout__", "sys.__stderr__"))
    return text in {"click.echo", "click.secho", "click.echo_via_pager"} or (
        stream and text.split(".")[2] in {"write", "writelines", "buffer"}
    )
