"""scikit-learn's own tests pass with our classes, but for those refused by design."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import sklearn

from tests.models.scikit_learn.lists import LISTS

ROOT = Path(__file__).parents[3]
_BY_MODULE = pytest.mark.parametrize("own", LISTS, ids=lambda own: own.replaced[1])


@pytest.fixture(scope="session")
def outcomes(tmp_path_factory):
    """How each listed case ended, by module and case; all run in one process of their own."""
    folder = tmp_path_factory.mktemp("scikit_learn")
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [
        sys.executable, "-m", "pytest", "-q", "-c", "pytest.ini", "-p", "tests.models.scikit_learn.substitution",
        "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore", "--pyargs", *(own.module for own in LISTS),
    ]  # fmt: skip
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    settings = {**os.environ, "PYTHONPATH": paths, "OUTCOMES": str(folder / "outcomes.json")}
    done = subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, timeout=600)
    assert (folder / "outcomes.json").exists(), done.stdout + done.stderr
    return json.loads((folder / "outcomes.json").read_text(encoding="utf-8"))


def cases_of(own, name, outcomes):
    cases = outcomes[own.module].items()
    return {case: how for case, how in cases if case.partition("[")[0] == name and own.is_listed(own.module, case)}


@_BY_MODULE
def test_the_tests_of_scikit_learn_pass(own, outcomes):
    ended = [cases_of(own, name, outcomes) for name in own.passed]
    failed = {case: how for cases in ended for case, how in cases.items() if how not in ("passed", "skipped")}
    assert not failed
    absent = [name for name, cases in zip(own.passed, ended, strict=True) if not cases]
    assert len(absent) < len(own.passed)
    if absent:
        pytest.skip(f"scikit-learn {sklearn.__version__} lacks {', '.join(absent)}; all others passed")


@_BY_MODULE
def test_what_is_refused_by_design_is_refused_still(own, outcomes):
    ended = {name: cases_of(own, name, outcomes) for name in own.refused}
    pass_now = [name for name, cases in ended.items() if cases and set(cases.values()) == {"passed"}]
    assert not pass_now, "these belong to those that pass"
