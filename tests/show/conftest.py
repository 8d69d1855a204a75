"""Pages of run folders with real figures, drawn once for all tests."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import samples
from run_folders import Made, write_run_folder

from tenfold.show import write_report


@dataclass(frozen=True, eq=False)
class Page:
    folder: Path
    made: Made
    metrics: dict[str, Any]
    html: str


@pytest.fixture(scope="session")
def drawn(tmp_path_factory):
    def draw(name: str, made: Made) -> Page:
        folder = write_run_folder(tmp_path_factory.mktemp("runs") / name, made)
        html = write_report(folder).read_text(encoding="utf-8")
        return Page(folder, made, json.loads((folder / "metrics.json").read_text()), html)

    return draw


@pytest.fixture(scope="session")
def digits(drawn):
    return drawn("digits", samples.digits())


@pytest.fixture(scope="session")
def detector(drawn):
    return drawn("eight", samples.detector(openings=3))


@pytest.fixture(scope="session")
def hostile(drawn):
    failed = {"<img src=x onerror=alert(1)>": "<b>no</b>"}
    return drawn("hostile", samples.invented(failed=failed, warnings=["<script>alert(2)</script>"] * 9))


@pytest.fixture(scope="session")
def without_scores(drawn):
    return drawn("scoreless", samples.invented(2, ("ham", "spam"), with_scores=False))


@pytest.fixture(scope="session")
def sixty(drawn):
    return drawn("sixty", samples.invented(60, [f"class {i}" for i in range(60)], rows=3000, resamples=20))
