"""The scripts of the page: tested by node where it is there, joined to one whose names do not clash."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from tenfold.decimals import figure_texts
from tenfold.figures.intervals.closed import wilson
from tenfold.show.live.packing import packed, packed_codes, packed_text
from tenfold.show.script import joined, module_order, page_script

TESTS = Path(__file__).parent / "scripts"
SCRIPTS = {file.name: file.read_text(encoding="utf-8") for file in files("tenfold.show").joinpath("scripts").iterdir()}
PAGES = ("main.js", "quantities.js")
_NAME = re.compile(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)


@pytest.fixture(scope="session")
def node():
    found = shutil.which("node")
    if found is None or int(subprocess.check_output([found, "--version"], text=True)[1:].split(".")[0]) < 20:
        pytest.skip("there is no node of version 20 or later (apt-get install nodejs)")
    return found


@pytest.fixture(scope="session")
def from_python(tmp_path_factory) -> dict[str, str]:
    """What Python says, for the scripts to agree with: texts, intervals, packed arrays."""
    rng = np.random.default_rng(0)
    folder = tmp_path_factory.mktemp("said")
    values = [*rng.random(300).tolist(), *(i / 64 for i in range(65)), 0.0005, 0.99995, 1e-7]
    texts = [_column(rng, values) for _ in range(300)] + [_column(rng, [value], size=1) for value in values]
    counts = [(int(hits), int(size)) for size in (1, 7, 300, 60_000) for hits in rng.integers(0, size + 1, 9)]
    numbers = np.concatenate([rng.normal(size=40) * 10.0 ** rng.integers(-300, 300, 40), [0.0, -0.0, 5e-324]])
    codes, lines = rng.integers(0, 70_000, 50), ["ü", "", "🦊 <b>"]
    bits = [str(one) for one in numbers.view(np.uint64).tolist()]
    said = {
        "TENFOLD_TEXTS": texts,
        "TENFOLD_INTERVALS": [[hits, size, *(float(end) for end in wilson(hits, size))] for hits, size in counts],
        "TENFOLD_PACKED": {
            "numbers": packed(numbers), "codes": packed_codes(codes), "lines": packed_text(lines),
            "wanted": {"bits": bits, "codes": codes.tolist(), "lines": lines},
        },
    }  # fmt: skip
    for name, content in said.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return {name: str(folder / name) for name in said}


def _column(rng, values, size=5):
    """Some figures that stand together, and how Python writes them."""
    keys = rng.choice(["precision", "mcc"], size)
    figures = [_figure(rng, str(key), float(value)) for key, value in zip(keys, rng.choice(values, size), strict=True)]
    texts = figure_texts((one["key"], one) for one in figures)
    return {"figures": figures, "texts": [[text.value, text.interval] for text in texts]}


def _figure(rng, key, value):
    half = 10.0 ** rng.integers(-9, 0) * rng.choice([0, 1])
    return {"key": key, "value": value, "low": max(value - half, 0.0), "high": min(value + half, 1.0)}


@pytest.mark.parametrize("test", sorted(path.name for path in TESTS.glob("*.test.js")))
def test_node_agrees(node, from_python, test):
    ran = subprocess.run(
        [node, "--test", str(TESTS / test)],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", **from_python},
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]
    assert "# pass 0" not in ran.stdout


def test_names_are_unique_over_all_modules():
    names = [name for text in SCRIPTS.values() for name in _NAME.findall(text)]
    assert sorted(names) == sorted(set(names))


def test_every_module_is_part_of_the_page_after_those_it_imports_from():
    orders = [module_order(SCRIPTS, first) for first in PAGES]
    assert {name for order in orders for name in order} == set(SCRIPTS)
    for order in orders:
        _assert_after_imports(order)


def _assert_after_imports(order):
    for place, name in enumerate(order):
        assert set(re.findall(r"from '\./([\w-]+\.js)'", SCRIPTS[name])) <= set(order[:place])


@pytest.mark.parametrize("first", PAGES)
def test_the_joined_script_imports_and_exports_nothing_and_cannot_end_its_element(first):
    script = str(page_script(first))
    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)
    assert "</script" not in script.lower()
    assert "<!--" not in script
    assert "innerHTML" not in script
    assert "eval(" not in script


def test_modules_that_import_one_another_are_refused():
    with pytest.raises(ValueError, match=r"a\.js > b\.js > a\.js"):
        joined({"a.js": "import './b.js';\n", "b.js": "import './a.js';\n"}, "a.js")
    with pytest.raises(ValueError, match=r"c\.js, which is not there"):
        joined({"a.js": "import { c } from './c.js';\n"}, "a.js")
