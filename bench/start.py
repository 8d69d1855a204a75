"""How long commands take from nothing, beside the import of scikit-learn and pandas: ``python -m bench.start``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import click

_CANDIDATES = ("logistic", "forest", "knn", "svm")
_IMPORT = "the import of scikit-learn and pandas"


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--repeats", type=click.IntRange(1), default=5, show_default=True, help="Rounds; medians are told.")
@click.option("--out", type=click.Path(path_type=Path), help="A .json file for the seconds of each round.")
def command(repeats: int, out: Path | None) -> None:
    """Time commands about the digits, each in a process of its own, in turns with the import they are compared to."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for candidate in _CANDIDATES:
            _seconds(_tenfold("run", "digits", "--models", candidate, "--quiet", "--out", folder / candidate), folder)
        seconds: dict[str, list[float]] = {}
        for _ in range(repeats):
            for what, words in _commands(folder).items():
                seconds.setdefault(what, []).append(_seconds(words, folder))
                shutil.rmtree(folder / "new", ignore_errors=True)
    theirs = median(seconds[_IMPORT])
    for what, each in seconds.items():
        click.echo(f"{median(each):6.2f} s  {median(each) / theirs:5.2f} x  {what}")
    if out is not None:
        out.write_text(json.dumps(seconds, indent=1) + "\n")


def _commands(folder: Path) -> dict[str, Sequence[str]]:
    predictions = {
        f"tenfold predict, 1,797 digits, {name}": ("predict", folder / name, "digits", "--out", folder / "a.csv")
        for name in _CANDIDATES
    }
    return {
        _IMPORT: [sys.executable, "-c", "import sklearn.ensemble, pandas"],
        **{what: _tenfold(*words) for what, words in predictions.items()},
        "tenfold verify": _tenfold("verify", folder / "logistic"),
        "tenfold evaluate, 360 digits": _tenfold("evaluate", folder / "logistic", "digits"),
        "tenfold run digits": _tenfold("run", "digits", "--quiet", "--out", folder / "new"),
    }


def _tenfold(*words: str | Path) -> Sequence[str]:
    return [sys.executable, "-m", "tenfold", *map(str, words)]


def _seconds(words: Sequence[str], home: Path) -> float:
    """Seconds of a command that reads and writes no ledgers of the account that runs it."""
    environment = {**os.environ, "XDG_STATE_HOME": str(home / "state")}
    start = time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start


if __name__ == "__main__":
    command()
