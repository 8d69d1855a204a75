"""A pytest plugin: our classes in the place of scikit-learn's, the listed cases alone, their outcomes as JSON."""

import json
import os
from importlib import import_module

from tests.models.scikit_learn.lists import LISTS

_outcomes: dict[str, dict[str, str]] = {own.module: {} for own in LISTS}


def pytest_configure(config):
    """Put our classes in place before a test module is imported: it holds classes as parameters."""
    for own in LISTS:
        setattr(import_module(own.replaced[0]), own.replaced[1], own.ours)


def _module_and_case(item):
    return item.module.__name__, item.nodeid.split("::")[-1]


def pytest_collection_modifyitems(config, items):
    """Leave the listed cases."""
    items[:] = [item for item in items if any(own.is_listed(*_module_and_case(item)) for own in LISTS)]


def pytest_runtest_makereport(item, call):
    """Note how a case ended."""
    module, case = _module_and_case(item)
    if call.excinfo is not None:
        skipped = call.excinfo.typename == "Skipped"
        _outcomes[module][case] = "skipped" if skipped else call.excinfo.exconly()
    else:
        _outcomes[module].setdefault(case, "passed")


def pytest_sessionfinish():
    """Write the outcomes."""
    with open(os.environ["OUTCOMES"], "w", encoding="utf-8") as file:
        json.dump(_outcomes, file)
