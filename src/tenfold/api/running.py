"""Whole runs from Python: judge, choose, fit, test once; for classes and for noise."""

from __future__ import annotations

import os
import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pandas as pd
from numpy.typing import ArrayLike

from tenfold.api.parameters import suggesting_names
from tenfold.candidates.catalogue import own_names
from tenfold.data.dataset import Dataset
from tenfold.data.holdout.order import in_order
from tenfold.data.label_definitions.definitions import definitions_text
from tenfold.data.roles.file import roles_in_config
from tenfold.data.sources import from_arrays
from tenfold.errors import DataError, UsageError
from tenfold.line.entry import execute
from tenfold.line.line import Announced, Listener
from tenfold.line.memory.plan import Plan, unsaved_sentences
from tenfold.line.restoration.config import DenoiseConfig
from tenfold.line.restoration.steps import default_folder as denoise_folder
from tenfold.line.restoration.steps import execute as execute_denoising
from tenfold.line.restoration.steps import load_images
from tenfold.record.config import RunConfig, read_config
from tenfold.record.folder import default_folder
from tenfold.record.run import Run
from tenfold.record.run import open_run as opened_run
from tenfold.record.source import at_hand, labelled_rows, load_source, with_own_labels
from tenfold.show import write_report
from tenfold.text import near, shown

__all__ = ["Run", "denoise", "open_run", "run"]


@suggesting_names
def run(
    source: Any,
    y: ArrayLike | None = None,
    *,
    models: Any = None,
    out: str | Path | None = None,
    target: str | None = None,
    group: str | None = None,
    labels: str | None = None,
    data_dir: str | None = None,
    resize: str | None = None,
    colour: bool = False,
    skip_bad: bool = False,
    drop_unlabelled: bool = False,
    task: str | None = None,
    positive: str | None = None,
    cv: int | None = None,
    tune: str | None = None,
    augment: str | None = None,
    shuffle: bool | None = None,
    order: str | None = None,
    metric: str | None = None,
    decide: str = "argmax",
    test_size: float = 0.2,
    seed: int = 42,
    group_duplicates: bool = True,
    stream: bool = False,
    private: bool = False,
    columns: Any = None,
    bins: str | None = None,
    target_transform: str | None = None,
    jobs: int | None = None,
    engine: str = "local",
    own: Collection[str] = (),
) -> Run:
    """
    Go the whole line: judge candidates out of fold, choose, fit, test once, leave a run folder.

    Parameters
    ----------
    source : str, path, Dataset or array
        A source name or path, the ``config.toml`` of an earlier run, a loaded data set, or instances (images of
        uint8, shape (n, height, width); a DataFrame; numbers of shape (n, columns)).
    y : array of n labels, or of 0 and 1 of shape (n, k), optional
        With instances only; two dimensions are k labels, of which several may be true. Of a DataFrame that holds its
        labels, give `target` instead.
    models : str, classifier, or sequence of these, optional
        Names of the catalogue, your own ``module:object``, or live scikit-learn classifiers (these are judged in this
        process).
    out : str or Path, optional
        The run folder; ``runs/<name>`` by default.
    target, group, labels, data_dir, resize, colour, skip_bad, drop_unlabelled, task, positive, cv, tune, augment, \
    shuffle, order, metric, decide, test_size, seed, group_duplicates, stream, private, bins, target_transform
        What `tenfold.record.config.RunConfig` says of each; None leaves the choice to Tenfold.
    columns : mapping of column to role, or path of a columns.toml, optional
        Roles of some columns of a table; all others are inferred.
    jobs : int, optional
        Worker processes: by default ``TENFOLD_JOBS``, a variable of the environment, or all cores; 0 does the work in
        this process. No figure depends on it.
    engine : str
        ``local``, or a Dask cluster that judges the folds: ``dask://127.0.0.1:8786``, ``dask+tls://host:port``.
    own : collection of str
        Your own ``module:object`` that a ``config.toml`` names: a file alone has no code run.

    Returns
    -------
    Run
        It keeps data that came as arrays, and live classifiers, for the studies that are asked of it;
        `tenfold.open_run` takes them again.
        Its ``pipeline`` is the fitted model, whether or not it could be saved.

    Raises
    ------
    TenfoldError
        Whatever is refused; the message says why and what to do.

    Warns
    -----
    UserWarning
        Before anything is fitted: a classifier of yours cannot be saved as a model.

    Examples
    --------
    >>> import tempfile, tenfold
    >>> from pathlib import Path
    >>> found = tenfold.run("digits", models=["knn"], cv=2, out=Path(tempfile.mkdtemp()) / "digits")
    >>> found.chosen, found.metrics["test"]["accuracy"]["n"]
    ('knn', 360)
    """
    choices: dict[str, Any] = {
        "target": target,
        "group": group,
        "labels": labels,
        "data_dir": data_dir,
        "resize": resize,
        "colour": colour,
        "skip_bad": skip_bad,
        "drop_unlabelled": drop_unlabelled,
        "task": task,
        "positive": positive,
        "cv": cv,
        "tune": tune,
        "augment": augment,
        "shuffle": shuffle,
        "order": order,
        "metric": metric,
        "decide": decide,
        "test_size": test_size,
        "seed": seed,
        "group_duplicates": group_duplicates,
        "stream": stream,
        "private": private,
        "columns": roles_in_config(columns),
        "bins": bins,
        "target_transform": target_transform,
    }
    if jobs is not None and not isinstance(jobs, int):
        raise UsageError(f"jobs = {shown(repr(jobs))}", do="give a number of worker processes, 0 or more")
    if isinstance(source, str | os.PathLike) and os.fspath(source).endswith(".toml"):
        _refuse_choices(os.fspath(source), y, models, choices)
        config = at_hand(read_config(Path(source)), Path(source))
        folder = Path(out) if out is not None else default_folder(config, Path(config.source).stem)
        listener = Listener(planned=_warn_of_unsavable)
        return execute(
            config, folder, load_source, write_report, listener=listener, trusted=own, cores=jobs, engine=engine
        )
    if own:
        raise UsageError("own goes with a config.toml", do="name your classifier in models")
    data = rows_in_memory(source, y, target, group)
    if labels is not None:
        choices["labels"] = definitions_text(labels)
    data = None if data is None else with_own_labels(data, choices["labels"], bins)
    if data is not None and order is not None:
        data = in_order(data, order)
    if data is not None and data.y is None:
        raise UsageError("instances without labels", do="give y, or name their column of a data frame with target=")
    names, live = _names_and_live(models)
    config = RunConfig(source=os.fspath(source) if data is None else data.source, models=names, **choices)
    folder = Path(out) if out is not None else default_folder(config, data.name if data else Path(config.source).stem)
    finished = execute(
        config,
        folder,
        lambda c, scratch: data or load_source(c, scratch),
        write_report,
        listener=Listener(planned=_warn_of_unsavable),
        own=live,
        trusted=own_names(names or ()),
        cores=jobs,
        engine=engine,
        loaded=data is not None,
    )
    return with_rows(finished, data, live)


def _refuse_choices(source: str, y: Any, models: Any, choices: Mapping[str, Any]) -> None:
    """Refuse choices beside a config, which holds them all."""
    usual = {field.name: field.default for field in fields(RunConfig)}
    if y is not None or models is not None or any(value != usual[name] for name, value in choices.items()):
        raise UsageError("a config holds every choice", where=source, do="leave out y, models and other choices")


def open_run(path: str | Path, X: Any = None, y: ArrayLike | None = None, *, models: Any = None) -> Run:
    """
    Open a finished run folder.

    Parameters
    ----------
    path : str or Path
    X, y : optional
        The instances and labels of a run that was made from arrays, as they were given to it; its studies need them. A
        data frame that holds its labels is given alone.
    models : classifier, or sequence of classifiers, optional
        The live classifiers that were given to it.

    Raises
    ------
    UsageError
        No run there, or one that is not finished.
    DataError
        Files are missing or damaged, or of a newer version, or the arrays are not those of the run.

    Examples
    --------
    >>> import tempfile, tenfold
    >>> from pathlib import Path
    >>> from sklearn.datasets import load_iris
    >>> (X, y), folder = load_iris(return_X_y=True), Path(tempfile.mkdtemp()) / "iris"
    >>> _ = tenfold.run(X, y, models="logistic", cv=2, out=folder)
    >>> len(tenfold.importance(tenfold.open_run(folder, X, y)))
    4
    """
    run = opened_run(path)
    if X is None:
        return with_rows(run, None, _names_and_live(models)[1])
    config = run.record.manifest.config
    data = rows_in_memory(X, y, config.get("target"), config.get("group"))
    data = None if data is None else with_own_labels(data, config.get("labels"), config.get("bins"))
    if data is not None and config.get("order") is not None:
        data = in_order(data, config["order"])
    return with_rows(run, data, _names_and_live(models)[1])


def with_rows(run: Run, data: Dataset | None, live: Mapping[str, Any]) -> Run:
    """
    Return a run the data it was made from and the live classifiers, for what is asked of it later.

    Raises
    ------
    DataError
        The run was made from other data.
    """
    if data is not None and run.record.metrics.restoration is None:
        manifest = run.record.manifest
        labelled = labelled_rows(data, bool(manifest.config.get("drop_unlabelled")))
        if labelled.fingerprint != manifest.data.fingerprint:
            raise DataError(
                "this run was made from other data", where=run.path, do="give its own, or choose another out="
            )
    return replace(run, data=data, live=dict(live))


def rows_in_memory(source: Any, y: Any = None, target: str | None = None, group: str | None = None) -> Dataset | None:
    """
    Return instances that are in memory as a data set; None where the source is a name or a path.

    Parameters
    ----------
    source : str, path, Dataset or array
    y : array, optional
    target, group : str, optional
        Columns of a data frame: its labels, and what must stand on one side of every split.

    Raises
    ------
    DataError, UsageError
        As `tenfold.data.sources.from_arrays`, or there is no such column.
    """
    if isinstance(source, Dataset):
        return source
    if isinstance(source, str | os.PathLike):
        if y is not None:
            raise UsageError("labels beside the name of a source", do="give arrays, or name the column with target=")
        return None
    if isinstance(y, str):
        raise UsageError(f"y = '{shown(y)}' is a name, not labels", do=f"give target='{shown(y)}'")
    if not isinstance(source, pd.DataFrame) or (target is None and group is None):
        return from_arrays(source, y)
    named = [name for name in (target, group) if name is not None]
    for name in named:
        if name not in source:
            raise UsageError(f"the data frame has no column '{shown(name)}'.{near(name, map(str, source))}")
    labels = source[target] if y is None and target is not None else y
    groups = None if group is None else source[group]
    data = from_arrays(source.drop(columns=named), labels, groups=groups)
    return data if target is None else replace(data, target_names=(target,))


def _warn_of_unsavable(plan: Announced) -> None:
    """Nothing else is printed from Python, and at the end it is late to hear of it."""
    for sentence in unsaved_sentences(plan.unsavable) if isinstance(plan, Plan) else ():
        warnings.warn(sentence, stacklevel=6)


@suggesting_names
def denoise(
    source: Any,
    *,
    noise: str | None = None,
    models: str | Sequence[str] | None = None,
    out: str | Path | None = None,
    data_dir: str | None = None,
    resize: str | None = None,
    colour: bool = False,
    skip_bad: bool = False,
    cv: int | None = None,
    size: int | None = None,
    test_size: float = 0.2,
    seed: int = 42,
    private: bool = False,
    jobs: int | None = None,
    engine: str = "local",
) -> Run:
    """
    Learn to take noise off images: judge candidates out of fold, choose, fit, test once, leave a run folder.

    Parameters
    ----------
    source : str, path, Dataset or array
        A source name or path, a loaded data set, or clean images of uint8, shape (n, height, width).
    noise : str, optional
        ``uniform:LOW:HIGH``, ``gaussian:S``, ``salt:P`` or ``blur:S``; it is put on the images.
    models : str or sequence of str, optional
        ``median``, ``ridge``, ``knn``, ``knn:mean``, ``knn:median``; doing nothing is always judged beside them.
    out : str or Path, optional
        The run folder; ``runs/denoise-<name>`` by default.
    data_dir, resize, colour, skip_bad, cv, size, test_size, seed, private
        What `tenfold.line.restoration.config.DenoiseConfig` says of each; None leaves the choice to Tenfold.
    jobs : int, optional
        Worker processes: by default ``TENFOLD_JOBS``, a variable of the environment, or all cores; 0 does the work in
        this process. No figure depends on it.
    engine : str
        ``local``, or a Dask cluster that judges the folds: ``dask://127.0.0.1:8786``, ``dask+tls://host:port``.

    Returns
    -------
    Run
        ``metrics["test"]`` holds mae, psnr, ssim, pixels_right and pixels_exact, each with its interval.

    Raises
    ------
    TenfoldError
        Whatever is refused; the message says why and what to do.

    Examples
    --------
    >>> import tempfile, tenfold
    >>> from pathlib import Path
    >>> found = tenfold.denoise("digits", models=["knn"], cv=2, out=Path(tempfile.mkdtemp()) / "clean")
    >>> found.chosen, found.metrics["test"]["mae"]["value"] < found.metrics["test_baseline"]["mae"]["value"]
    ('knn', True)
    """
    data = rows_in_memory(source)
    config = DenoiseConfig(
        source=os.fspath(source) if data is None else data.source, noise=noise, models=_names(models),
        data_dir=data_dir, resize=resize, colour=colour, skip_bad=skip_bad, cv=cv, size=size, test_size=test_size,
        seed=seed, private=private,
    )  # fmt: skip
    folder = Path(out) if out is not None else denoise_folder(config, data.name if data else Path(config.source).stem)
    finished = execute_denoising(
        config, folder, lambda c: data or load_images(c), write_report, cores=jobs, engine=engine
    )
    return with_rows(finished, data, {})


def _names(models: str | Sequence[str] | None) -> tuple[str, ...] | None:
    """Names as a tuple; a text holds them separated by commas, as on the command line."""
    if models is None:
        return None
    return (
        tuple(name.strip() for name in models.split(",") if name.strip()) if isinstance(models, str) else tuple(models)
    )


def _names_and_live(models: Any) -> tuple[tuple[str, ...] | None, dict[str, Any]]:
    """Names of the catalogue, None where there are none, and live classifiers by the name they get."""
    models_given = list(models) if isinstance(models, list | tuple | set) else [] if models is None else [models]
    names = [name for one in models_given if isinstance(one, str) for name in _names(one) or ()]
    return tuple(names) or None, _live_names([one for one in models_given if not isinstance(one, str)])


def _live_names(estimators: Sequence[Any]) -> dict[str, Any]:
    """Name live classifiers by their class, numbered where two share it."""
    named: dict[str, Any] = {}
    for estimator in estimators:
        base = type(estimator).__name__
        number = sum(name.split(" ")[0] == base for name in named) + 1
        named[base if number == 1 else f"{base} {number}"] = estimator
    return named
