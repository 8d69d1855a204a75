"""Whole runs from Python: judge, choose, fit, test once; for classes and for noise."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import ArrayLike

from tenfold.candidates.catalogue import own_names
from tenfold.dataset import Dataset
from tenfold.denoising.config import DenoiseConfig
from tenfold.denoising.line import default_folder as denoise_folder
from tenfold.denoising.line import execute as execute_denoising
from tenfold.denoising.line import load_images
from tenfold.errors import UsageError
from tenfold.report import write_report
from tenfold.runs.config import RunConfig, read_config
from tenfold.runs.folder import default_folder
from tenfold.runs.line import Listener
from tenfold.runs.opened import Run
from tenfold.runs.plan import Announced, Plan, unsaved_sentences
from tenfold.runs.source import load_source
from tenfold.sources import from_arrays
from tenfold.sources.labels import definitions_text, labelled_by
from tenfold.streaming.entry import execute

__all__ = ["denoise", "run"]


def run(
    source: str | Dataset | ArrayLike,
    y: ArrayLike | None = None,
    *,
    models: Sequence[Any] | None = None,
    out: str | Path | None = None,
    jobs: int | None = None,
    engine: str = "local",
    own: Collection[str] = (),
    **asked: Any,
) -> Run:
    """
    Go the whole line: judge candidates out of fold, choose, fit, test once, leave a run folder.

    Parameters
    ----------
    source : str, Dataset or array
        A source name or path, the ``config.toml`` of an earlier run, a loaded data set, or instances (images of
        uint8, shape (n, height, width); a DataFrame; numbers of shape (n, columns)).
    y : array of n labels, or of 0 and 1 of shape (n, k), optional
        With instances only; two dimensions are k labels, of which several may be true.
    models : sequence of str or classifier, optional
        Names of the catalogue, your own ``module:object``, or live scikit-learn classifiers (these are judged in this
        process).
    out : str or Path, optional
        The run folder; ``runs/<name>`` by default.
    jobs : int, optional
        Worker processes.
    engine : str
        ``local``, or a Dask cluster that judges the folds: ``dask://127.0.0.1:8786``, ``dask+tls://host:port``.
    own : collection of str
        Your own ``module:object`` that a ``config.toml`` names: a file alone has no code run.
    **asked
        Any other field of `tenfold.runs.config.RunConfig`: ``target``, ``labels``, ``positive``, ``cv``, ``metric``,
        ``decide``, ``stream``, …

    Returns
    -------
    Run
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
    if isinstance(source, str) and source.endswith(".toml"):
        if y is not None or models is not None or asked:
            raise UsageError("a config holds every choice", where=source, do="leave out y, models and other choices")
        config = read_config(Path(source))
        folder = Path(out) if out is not None else default_folder(config, Path(config.source).stem)
        return execute(config, folder, load_source, write_report, trusted=own, cores=jobs, engine=engine)
    if own:
        raise UsageError("own goes with a config.toml", do="name your classifier in models")
    data = source if isinstance(source, Dataset) else None
    if data is None and not isinstance(source, str):
        data = from_arrays(source, y)
    if asked.get("labels") is not None:
        asked["labels"] = definitions_text(asked["labels"])
        data = None if data is None else labelled_by(data, asked["labels"])
    names = tuple(m for m in models or () if isinstance(m, str)) or None
    live = _live_names([m for m in models or () if not isinstance(m, str)])
    config = RunConfig(source=data.source if data is not None else str(source), models=names, **asked)
    folder = Path(out) if out is not None else default_folder(config, data.name if data else Path(str(source)).stem)
    return execute(
        config,
        folder,
        lambda c: data or load_source(c),
        write_report,
        listener=Listener(planned=_warn_of_unsavable),
        own=live,
        trusted=own_names(names or ()),
        cores=jobs,
        engine=engine,
        loaded=data is not None,
    )


def _warn_of_unsavable(plan: Announced) -> None:
    """Nothing else is printed from Python, and at the end it is late to hear of it."""
    for sentence in unsaved_sentences(plan.unsavable) if isinstance(plan, Plan) else ():
        warnings.warn(sentence, stacklevel=5)


def denoise(
    source: str | Dataset | ArrayLike,
    *,
    noise: str | None = None,
    models: Sequence[str] | None = None,
    out: str | Path | None = None,
    **asked: Any,
) -> Run:
    """
    Learn to take noise off images: judge candidates out of fold, choose, fit, test once, leave a run folder.

    Parameters
    ----------
    source : str, Dataset or array
        A source name or path, a loaded data set, or clean images of uint8, shape (n, height, width).
    noise : str, optional
        ``uniform:LOW:HIGH``, ``gaussian:S``, ``salt:P`` or ``blur:S``; it is put on the images.
    models : sequence of str, optional
        ``median``, ``ridge``, ``knn``, ``knn:mean``, ``knn:median``; doing nothing is always judged beside them.
    out : str or Path, optional
        The run folder; ``runs/denoise-<name>`` by default.
    **asked
        Any other field of `tenfold.denoising.config.DenoiseConfig`: ``cv``, ``size``, ``test_size``, ``seed``, …

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
    data = source if isinstance(source, Dataset) else None
    if data is None and not isinstance(source, str):
        data = from_arrays(source, None)
    names = None if models is None else tuple(models)
    text = data.source if data is not None else str(source)
    config = DenoiseConfig(source=text, noise=noise, models=names, **asked)
    folder = Path(out) if out is not None else denoise_folder(config, data.name if data else Path(text).stem)
    return execute_denoising(config, folder, lambda c: data or load_images(c), write_report)


def _live_names(estimators: Sequence[Any]) -> dict[str, Any]:
    """Name live classifiers by their class, numbered where two share it."""
    named: dict[str, Any] = {}
    for estimator in estimators:
        base = type(estimator).__name__
        number = sum(name.split(" ")[0] == base for name in named) + 1
        named[base if number == 1 else f"{base} {number}"] = estimator
    return named
