"""The estimators could be a package of their own."""

import ast
from pathlib import Path

import tenfold.models

ROOM = Path(tenfold.models.__file__).parent
OWN = ("tenfold.models", "tenfold.errors", "tenfold.text")


def imported(path):
    """Names of the modules that a file imports, those of the same package in full."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield from ([f"tenfold.{a.name}" for a in node.names] if node.module == "tenfold" else [node.module])


def test_models_import_nothing_of_the_rest_but_errors_and_text():
    paths = sorted(ROOM.rglob("*.py"))
    assert len(paths) > 30
    strangers = {
        f"{path.relative_to(ROOM)}: {name}"
        for path in paths
        for name in imported(path)
        if name.split(".")[0] == "tenfold" and not any(name == own or name.startswith(f"{own}.") for own in OWN)
    }
    assert strangers == set()
