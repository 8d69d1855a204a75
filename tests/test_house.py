"""The house rules, run as the tools run them."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))


@pytest.mark.parametrize(
    "words",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
    ],
    ids=lambda words: " ".join(words),
)
def test_tool_finds_nothing(words):
    done = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_imports_follow_the_straight_line():
    script = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_test_part_is_opened_in_one_place():
    opening = [p for p in SOURCES if "open_test_part(" in p.read_text() and p.name != "seal.py"]
    assert [str(p.relative_to(ROOT / "src/tenfold")) for p in opening] == ["line/line.py"]


def test_sealed_rows_are_touched_by_the_seal_alone():
    touching = [p.name for p in SOURCES if "._break(" in p.read_text()]
    assert touching == ["seal.py"]


def test_importing_tenfold_loads_no_heavy_library():
    heavy = "{'numpy', 'pandas', 'sklearn', 'scipy', 'pyarrow', 'PIL', 'rich', 'jinja2'}"
    for line in ("import tenfold", "import tenfold.cli"):
        script = f"{line}; import sys; print(sorted({heavy} & set(sys.modules)))"
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]", line


def test_no_private_name_of_scikit_learn_is_imported():
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            private = [n for n in names if n.startswith("sklearn") and any(p.startswith("_") for p in n.split("."))]
            assert not private, f"{path}: {private}"
