"""No loader that runs code, and no way around the list of types, anywhere in the package."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import tenfold

PACKAGE = Path(tenfold.__file__).parent
_MODULES = {"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "marshal", "shelve", "jsonpickle"}
_CALLS = {"eval", "exec", "compile", "__import__"}
_ATTRIBUTES = {"read_pickle", "to_pickle", "extractall", "get_untrusted_types"}
_LOADERS = {("joblib", "load"), ("joblib", "dump"), ("yaml", "load"), ("yaml", "unsafe_load")}
_KEYWORDS = {"allow_pickle", "shell"}


def _forbidden(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, a.name) for a in node.names if a.name.split(".")[0] in _MODULES)
        elif isinstance(node, ast.ImportFrom):
            module = (node.module or "").split(".")[0]
            names = {(module, alias.name) for alias in node.names}
            if module in _MODULES or names & _LOADERS:
                yield node.lineno, f"from {module}"
            yield from ((node.lineno, a.name) for a in node.names if a.name in _ATTRIBUTES)
        elif isinstance(node, ast.Call):
            yield from _forbidden_call(node)
        elif isinstance(node, ast.Attribute) and node.attr in _ATTRIBUTES:
            yield node.lineno, node.attr


def _forbidden_call(call: ast.Call) -> Iterator[tuple[int, str]]:
    name = call.func
    if isinstance(name, ast.Name) and name.id in _CALLS:
        yield call.lineno, name.id
    if isinstance(name, ast.Attribute) and isinstance(name.value, ast.Name) and (name.value.id, name.attr) in _LOADERS:
        yield call.lineno, f"{name.value.id}.{name.attr}"
    for keyword in call.keywords:
        off = isinstance(keyword.value, ast.Constant) and keyword.value.value is False
        if keyword.arg in _KEYWORDS and not off:
            yield call.lineno, f"{keyword.arg}="


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_no_module_can_run_code_from_a_file(file: Path) -> None:
    assert not list(_forbidden(ast.parse(file.read_text("utf-8"))))


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from pickle import loads",
        "from joblib import load",
        "import joblib\njoblib.load(f)",
        "np.load(f, allow_pickle=True)",
        "np.load(f, allow_pickle=flag)",
        "eval(x)",
        "skops.io.load(f, trusted=skops.io.get_untrusted_types(file=f))",
        "archive.extractall()",
        "subprocess.run(c, shell=True)",
    ],
)
def test_the_gate_sees_what_it_must(source: str) -> None:
    assert list(_forbidden(ast.parse(source)))
