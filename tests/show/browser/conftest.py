"""Pages of real runs in Debian's Chromium, or whichever is there; without one these tests say so."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import samples
from run_folders import Made, write_run_folder
from sklearn.datasets import load_digits

from tenfold.data.dataset import Dataset
from tenfold.show import write_report

CHROMIUM = os.environ.get("TENFOLD_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def chromium():
    """The browser; nothing is downloaded for it."""
    playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need the playwright package")
    if CHROMIUM is None:
        pytest.skip("there is no chromium (apt-get install chromium, or set TENFOLD_CHROMIUM)")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page, what its console said, and what it asked the network for."""

    page: object
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def visit(chromium):
    """Open a report; at the end nothing may have been said on the console, nor anything asked of the network."""
    opened, contexts = [], []

    def go(folder: Path, address: str = "", *, width: int = 1280, dark: bool = False, script: bool = True):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            offline=True,
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        found = Opened(context.new_page())
        opened.append(found)
        found.page.on("console", lambda message: found.said.append(message.text))
        found.page.on("pageerror", lambda error: found.said.append(str(error)))
        found.page.on("request", lambda asked: found.asked.append(asked.url))
        found.page.goto(f"{(folder / 'report.html').as_uri()}{address}")
        if script:
            found.page.wait_for_selector("html.live")
        return found.page

    yield go
    for one in opened:
        assert one.said == []
        assert [url for url in one.asked if not url.startswith("data:") and not _is_page(url)] == []
    for context in contexts:
        context.close()


def _is_page(url: str) -> bool:
    return url.startswith("file://") and url.split("#", maxsplit=1)[0].endswith("/report.html")


@dataclass(frozen=True, eq=False)
class Written:
    folder: Path
    lines: pd.DataFrame
    made: Made


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    def write(name: str, made: Made, data: Dataset) -> Written:
        folder = write_run_folder(tmp_path_factory.mktemp("live") / name, made)
        write_report(folder, data)
        lines = pd.read_parquet(folder / "out_of_fold.parquet")
        return Written(folder, lines[lines["candidate"] == made.chosen].reset_index(drop=True), made)

    return write


def _images(made: Made) -> Dataset:
    X = load_digits().images.astype(np.uint8)[: len(made.y)]
    labels = np.array(made.task.classes, object)[made.y]
    return Dataset("digits", "image", X, labels, source="digits")


@pytest.fixture(scope="session")
def ten_classes(written):
    made = samples.digits()
    return written("digits", made, _images(made))


@pytest.fixture(scope="session")
def eights(written):
    """A detector whose scores are probabilities in steps of a fortieth: many scores equal thresholds exactly."""
    made = samples.detector(threshold=0.35)
    return written("eights", made, _images(made))


@pytest.fixture(scope="session")
def margins(written):
    """A detector whose scores are distances, no two alike."""
    made = samples.detector(chosen="sgd:raw")
    return written("margins", made, _images(made))


@pytest.fixture(scope="session")
def table_rows(written):
    """A detector on a table of mixed columns."""
    rng = np.random.default_rng(0)
    made = samples.invented(2, ("stays", "leaves"), rows=300, skill=1.0)
    X = pd.DataFrame({
        "age": rng.normal(40 + 8 * made.y, 9).round(1),
        "plan": np.array(["basic", "full", None], object)[rng.integers(0, 3, 300)],
        "name": [f"<b>{i}</b> & co" for i in range(300)],
    })  # fmt: skip
    made = replace(made, name="customers", kind="table")
    return written(
        "customers", made, Dataset("customers", "table", X, np.array(made.task.classes, object)[made.y], source="c")
    )


@pytest.fixture(scope="session")
def hostile_names(written):
    made = samples.invented(3)
    rng = np.random.default_rng(0)
    X = rng.integers(0, 255, (len(made.y), 40, 30, 3)).astype(np.uint8)
    return written(
        "hostile",
        replace(made, kind="image"),
        Dataset("h", "image", X, np.array(made.task.classes, object)[made.y], source="h"),
    )
