"""The page, the drawings and the JSON, each written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from bench.dots import dots_figure
from bench.growth_figure import growth_figure
from bench.session import Session
from bench.told import page
from tenfold.storage import make_folder, write_json, write_whole

__all__ = ["written"]


def written(session: Session, folder: Path) -> list[Path]:
    """
    Write what a session holds so far; earlier files of these names are replaced.

    Parameters
    ----------
    session : Session
    folder : Path
        Made where it is missing.

    Returns
    -------
    list of Path
        The page first.

    Raises
    ------
    StorageError
        They cannot be written.
    """
    make_folder(folder)
    figures = [dots_figure(session)] if session.jobs else []
    figures += [growth_figure(scale) for scale in session.scales]
    for figure in figures:
        write_whole(folder / f"{figure.name}.svg", figure.svg())
    write_json(folder / "benchmarks.json", session.as_dict())
    write_whole(folder / "benchmarks.md", page(session))
    return [folder / name for name in ("benchmarks.md", "benchmarks.json", *(f"{one.name}.svg" for one in figures))]
