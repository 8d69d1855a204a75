"""The tour of the README works from top to bottom in an empty folder, and its figures are those that it prints."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from tenfold.cli.app import command

README = Path(__file__).parent.parent / "README.md"
TOUR = README.read_text(encoding="utf-8").partition("## The tour\n")[2].partition("\n## ")[0]
STEPS = re.findall(r"\*\*(\d+)\. .*?```\n(.*?)```", TOUR, re.DOTALL)
ELSEWHERE = "scheduler.example"
"""A step on a cluster that is not there."""


def commands(block):
    """Each command of a block with what the README says it prints: "..." stands for any lines."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [(line, printed) for line, _, printed in (part.partition("\n") for part in parts)]


EVERY = [line for _, block in STEPS for line, _ in commands(block)]


def assert_printed(line, printed, told):
    if not printed.strip():
        return
    # The machine decides how long it takes; a line may go on where the README cuts it.
    wanted = re.sub(r"Roughly .* on \d+ cores?\.", "Roughly ...", printed)
    wanted = f"{wanted.rstrip()}end" if wanted.rstrip().endswith("...") else f"{wanted.rstrip()} ...end"
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    check = doctest.OutputChecker().check_output
    assert any(check(wanted, f"{text} | end", flags) for text in told), f"$ {line}\n{told[-1]}\nREADME says:\n{printed}"


def test_the_tour_has_its_steps():
    assert len(STEPS) >= 14
    assert len(EVERY) >= 20


@pytest.mark.parametrize("line", EVERY)
def test_every_command_of_the_tour_is_one_that_there_is(line):
    words = shlex.split(line.partition(" | ")[0], comments=True)
    assert words.pop(0) == "tenfold"
    group = command
    while isinstance(group, click.Group):
        group = group.commands[words.pop(0)]
    assert group.make_context(group.name, words).params


@pytest.fixture
def empty_folder(tmp_path, monkeypatch):
    """An empty folder with what the README asks for: a table, some images, tables larger than memory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def run(line):
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=3600)
    assert done.returncode == 0, f"$ {line}\n{done.stdout}{done.stderr}"
    return done.stdout, done.stderr + done.stdout


def test_the_first_step_prints_what_the_readme_says(empty_folder):
    (line, printed), *_ = commands(STEPS[0][1])
    assert line == "tenfold run digits"
    assert_printed(line, printed, run(line))
    assert (empty_folder / "runs" / "digits" / "report.html").exists()


def test_the_steps_on_a_table_print_what_the_readme_says(empty_folder):
    table = _real("titanic")
    shutil.copytree(table, empty_folder / "titanic")
    asked = [(line, printed) for _, block in STEPS for line, printed in commands(block) if _is_about_the_table(line)]
    assert len(asked) == 6
    for line, printed in asked:
        assert_printed(line, printed, run(line))


def _is_about_the_table(line):
    return "titanic/" in line or "runs/train" in line


@pytest.mark.slow
def test_the_whole_tour_works_from_top_to_bottom(empty_folder):
    shutil.copytree(_real("titanic"), empty_folder / "titanic")
    shutil.copytree(_real("spamassassin"), empty_folder / "spamassassin")
    shutil.copytree(_real("housing"), empty_folder / "housing")
    _real("mnist")
    rng = np.random.default_rng(0)
    (empty_folder / "new-images").mkdir()
    for path in ("new-images/a.png", "new-images/b.png", "in.png"):
        Image.fromarray(rng.integers(0, 256, (28, 28), np.uint8)).save(path)
    (empty_folder / "visits").mkdir()
    x = rng.normal(size=300)
    pd.DataFrame({"x": x, "bought": np.where(x > 0, "yes", "no")}).to_parquet("visits/part-0.parquet")
    for number, block in STEPS:
        for line, printed in commands(block):
            if ELSEWHERE not in line:
                assert_printed(f"{number}. {line}", printed, run(line))


def _real(name):
    folder = Path(os.environ.get("TENFOLD_DATA", "nowhere")) / name
    if not folder.exists():
        pytest.skip(f"real data are not there: no {name} (set TENFOLD_DATA)")
    return folder
