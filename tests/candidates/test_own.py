"""A user's own classifiers: what is imported, what is called, and by whose word."""

import sys

import pytest
from sklearn.linear_model import LogisticRegression

from tenfold.candidates.catalogue import own_names, refuse_untrusted, resolve
from tenfold.candidates.entry import Candidate
from tenfold.candidates.search import with_setting
from tenfold.candidates.setting import Setting
from tenfold.errors import UsageError

SETTING = Setting("image", rows=100, values=64, classes=3)
LABELS = Setting("image", rows=100, values=64, classes=3, several=True)

SOURCE = """
import functools, os, shutil
from pathlib import Path
from shutil import rmtree
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

Path("imported").touch()
ready = LogisticRegression(C=3)
Kind = LogisticRegression
short = lambda: LogisticRegression(C=4)
part = functools.partial(LogisticRegression, C=5)
leave = os._exit

def model():
    return LogisticRegression(C=2)

def number():
    return 7

def broken():
    raise RuntimeError("no luck")

class NoClassifier:
    def __init__(self):
        Path("called").touch()
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with modules; what is imported from it is forgotten at the end."""
    (tmp_path / "own_house").mkdir()
    for name in ("own_things.py", "own_house/inner.py"):
        (tmp_path / name).write_text(SOURCE)
    (tmp_path / "own_house/__init__.py").write_text("from own_house.inner import model\n")
    (tmp_path / "own_exit.py").write_text("raise SystemExit(0)\n")
    (tmp_path / "own_typo.py").write_text("def model(:\n")
    (tmp_path / "joblib.py").write_text("raise ImportError('a module of the working folder')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("own_")]:
        del sys.modules[name]


def made(name, setting=SETTING):
    return resolve(name, setting, own_names([name]))


@pytest.mark.parametrize(
    ("name", "C"),
    [
        ("own_things:ready", 3),
        ("own_things:Kind", 1),
        ("own_things:model", 2),
        ("own_things:short", 4),
        ("own_house.inner:model", 2),
        ("sklearn.linear_model:LogisticRegression", 1),
    ],
)
def test_an_estimator_its_class_and_a_function_of_the_module_make_a_candidate(folder, name, C):
    model = made(name).pipeline.steps[-1][1]
    assert isinstance(model, LogisticRegression)
    assert model.C == C


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("os:abort", "belongs to Python"),
        ("sys:exit", "belongs to Python"),
        ("os:fork", "belongs to Python"),
        ("builtins:breakpoint", "belongs to Python"),
        ("os.path:exists", "belongs to Python"),
        ("__main__:model", "belongs to Python"),
        ("own_things:leave", "no classifier"),
        ("own_things:part", "no classifier"),
        ("own_things:NoClassifier", "no classifier"),
        ("own_things:Path", "no classifier"),
        ("own_things:rmtree", "give shutil:rmtree"),
        ("own_things:load_iris", "another module"),
        ("own_house:model", "give own_house.inner:model"),
        ("own_things:number", "no classifier"),
        ("own_things:broken", "RuntimeError: no luck"),
        ("own_things:nothing", "the module has no 'nothing'"),
        ("own_exit:model", "cannot be imported: SystemExit"),
        ("own_typo:model", "cannot be imported: SyntaxError"),
        ("own_things.deeper:model", "no module 'own_things.deeper'"),
    ],
)
def test_nothing_else_is_called_and_one_line_says_why(folder, name, word):
    with pytest.raises(UsageError, match=word):
        made(name)
    assert not (folder / "called").exists()


@pytest.mark.parametrize("name", ["..:x", ":", "a:", ":x", ".a:b", "a..b:c", "a.:b", "a:b:c", "a b:c", "a:b.c", "1a:b"])
def test_a_name_that_is_none_imports_nothing(name):
    assert not own_names([name])
    with pytest.raises(UsageError, match="no model"):
        resolve(name, SETTING, [name])


def test_code_that_was_not_named_by_the_user_is_not_imported(folder):
    for name, setting in (("own_things:model", SETTING), ("chain:own_things:model", LABELS)):
        with pytest.raises(UsageError, match="--own own_things:model"):
            resolve(name, setting)
        with pytest.raises(UsageError, match="--own own_things:model"):
            refuse_untrusted(["forest", name], ["another:model"])
        refuse_untrusted(["forest", name], ["own_things:model"])
    assert not (folder / "imported").exists()
    assert made("chain:own_things:model", LABELS).name == "chain:own_things:model"


def test_the_working_folder_is_searched_last(folder):
    with pytest.raises(UsageError, match="the module has no 'model'"):
        made("joblib:model")
    assert sys.path[-1] == str(folder)
    assert sys.path.count(str(folder)) == 1


@pytest.mark.parametrize("setting", [{"memory": "cache"}, {"model__C": {"a": 1}}, {"model__steps": 3}])
def test_a_setting_reaches_nothing_beside_the_search_space(setting):
    candidate = resolve("logistic", SETTING)
    assert isinstance(candidate, Candidate)
    with pytest.raises(UsageError, match="no setting that 'logistic' tries"):
        with_setting(candidate, setting)
    assert with_setting(candidate, {"model__C": 0.1}).pipeline.get_params()["model__C"] == 0.1
