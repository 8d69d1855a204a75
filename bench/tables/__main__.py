"""The command ``python -m bench.tables``."""

from __future__ import annotations

import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

import tenfold
from bench.tables.cases import Case, cases
from tenfold.storage import write_whole

__all__ = ["command"]

_HEAD = """# The default run on real tables

Accuracy out of fold in percent on the same training rows and folds; no test row is used. The difference is that of the
chosen model and the better peer, with a paired 95 % interval. The model was chosen by these folds, which favours it,
and so was the better peer. Seconds are those of one run on a machine that others may have used.

| table | rows | chosen | default run | boosting | forest | difference | seconds: run, boosting, forest |
|---|---|---|---|---|---|---|---|
"""


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--only", multiple=True, metavar="TABLE", help="Of these tables alone: iris, Titanic, …")
@click.option("--out", type=click.Path(path_type=Path), default=Path("runs/bench/tables.md"), help="The page.")
def command(only: tuple[str, ...], out: Path) -> None:
    """Judge the default run beside two peers of scikit-learn, and write a page of it."""
    warnings.simplefilter("ignore")
    page = _HEAD
    out.parent.mkdir(parents=True, exist_ok=True)
    for case in cases():
        if only and case.name not in only:
            continue
        line = _line(case)
        click.echo(line, nl=False)
        page += line
        write_whole(out, page)


def _line(case: Case) -> str:
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        run = tenfold.run(case.X, case.y, out=Path(folder) / "run")
        seconds = [time.perf_counter() - begin]
        chosen, judged = run.chosen, run.lines(run.chosen)
    rows, fold = judged["row"].to_numpy(), judged["fold"].to_numpy()
    right = [(judged["true"].astype(str) == judged["predicted"].astype(str)).to_numpy()]
    for peer in _peers():
        begin = time.perf_counter()
        right.append(_right(peer, case.X.iloc[rows], case.y.iloc[rows].to_numpy(), fold))
        seconds.append(time.perf_counter() - begin)
    ours, *theirs = right
    difference = 100 * (ours.astype(float) - max(theirs, key=np.mean))
    margin = 1.96 * difference.std(ddof=1) / np.sqrt(len(rows))
    accuracy = " | ".join(f"{100 * one.mean():.1f}" for one in right)
    clock = ", ".join(f"{one:.1f}" for one in seconds)
    gap = f"{difference.mean():+.1f} ± {margin:.1f}"
    return f"| {case.name} | {len(rows):,} | {chosen} | {accuracy} | {gap} | {clock} |\n"


def _peers() -> Iterator[Any]:
    """Give boosting on codes of categories and a forest on filled gaps and one-hot categories, else by default."""
    numbers, texts = make_column_selector(dtype_include="number"), make_column_selector(dtype_exclude="number")
    codes = OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan, max_categories=255
    )
    hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    coded = make_column_transformer((codes, texts), remainder="passthrough")
    filled = make_column_transformer((hot, texts), (SimpleImputer(), numbers))
    yield make_pipeline(coded, HistGradientBoostingClassifier(random_state=0))
    yield make_pipeline(filled, RandomForestClassifier(random_state=0))


def _right(peer: Any, X: pd.DataFrame, y: NDArray[Any], fold: NDArray[Any]) -> NDArray[np.bool_]:
    """Say of each row whether a peer fitted on the other folds is right."""
    right = np.zeros(len(y), np.bool_)
    for held_out in np.unique(fold):
        inside = fold == held_out
        right[inside] = clone(peer).fit(X[~inside], y[~inside]).predict(X[inside]) == y[inside]
    return right


if __name__ == "__main__":
    command()
