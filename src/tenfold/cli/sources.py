"""The options that verbs share: where data are, and who does the work; and what may stand beside a config."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from tenfold.record.bundle import Classifier

__all__ = [
    "names_in",
    "options_beside",
    "refuse_beside_config",
    "source_arguments",
    "source_options",
    "trained_target",
    "trained_texts",
    "worker_options",
]

_TABLES = {".csv", ".tsv", ".parquet"}

Verb = TypeVar("Verb", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--target", metavar="COL", help="Column with the labels, for tables."),
    click.option("--group", metavar="COL", help="Column whose values stay on one side of every split."),
    click.option(
        "--labels",
        metavar="DEFINITIONS",
        help="Several labels made of one class: 'large = digit >= 7, odd = digit % 2 == 1', or a file of such.",
    ),
    click.option("--data-dir", type=click.Path(), help="Folder with the files of a named source."),
    click.option("--resize", metavar="HxW", help="Bring the images of a folder to one size."),
    click.option("--colour", is_flag=True, help="Keep the colour of images."),
    click.option("--skip-bad", is_flag=True, help="Pass over unreadable images; they are named."),
)

_WORKERS = (
    click.option(
        "--jobs",
        type=click.IntRange(0),
        help="Worker processes, 0 for none: this one does the work (default: $TENFOLD_JOBS, or all cores); no figure "
        "depends on it.",
    ),
    click.option(
        "--engine",
        default="local",
        metavar="ENGINE",
        show_default=True,
        help="Where folds are judged: local, or a Dask cluster, dask://127.0.0.1:8786 or dask+tls://HOST:PORT; no "
        "figure depends on it.",
    ),
)


def source_options(verb: Verb) -> Verb:
    """Give a verb the options that say where its data are."""
    return _with_options(verb, _OPTIONS)


def worker_options(verb: Verb) -> Verb:
    """Give a verb the options that say who judges the folds."""
    return _with_options(verb, _WORKERS)


def _with_options(verb: Verb, options: Sequence[Callable[[Verb], Verb]]) -> Verb:
    for option in reversed(options):
        verb = option(verb)
    return verb


def names_in(text: str | None) -> tuple[str, ...]:
    """
    Give the names of a list with commas between them.

    Examples
    --------
    >>> names_in("forest, sgd:raw,"), names_in(None)
    (('forest', 'sgd:raw'), ())
    """
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


def options_beside(known: frozenset[str]) -> list[str]:
    """Give the options typed on this command line, as typed, that are none of those of these parameters."""
    context = click.get_current_context()
    typed = [name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    return [f"--{name.replace('_', '-')}" for name in typed if name not in known]


def refuse_beside_config(source: str, known: frozenset[str]) -> None:
    """
    Refuse options that a config holds already, which would be passed over.

    Raises
    ------
    UsageError
        One that is not of these parameters was typed.
    """
    from tenfold.errors import UsageError

    for option in options_beside(known):
        raise UsageError(f"{option} does not go with a config", where=source, do="leave it out, or change the file")


def source_arguments(
    source: str,
    *,
    target: str | None = None,
    group: str | None = None,
    labels: str | None = None,
    data_dir: str | None = None,
    resize: str | None = None,
    colour: bool = False,
    skip_bad: bool = False,
) -> dict[str, Any]:
    """
    Turn the options into the arguments of `tenfold.data.sources.load`.

    Examples
    --------
    >>> source_arguments("cats", resize="28x32")["resize"]
    (28, 32)
    """
    from tenfold.data.sources.images.size import image_size_of

    return {
        "source": source,
        "target": target,
        "group": group,
        "labels": labels,
        "data_dir": None if data_dir is None else Path(data_dir),
        "resize": None if resize is None else image_size_of(resize),
        "colour": colour,
        "skip_bad": skip_bad,
    }


def trained_texts(classifier: Classifier, identifier: str | None = None) -> tuple[str, ...]:
    """Give the columns that a model takes as text, and one it does not take, so that 007 is not read as a number."""
    texts = tuple(getattr(classifier.schema, "texts", ()))
    return texts if identifier is None or identifier in classifier.schema.names else (*texts, identifier)


def trained_target(classifier: Classifier, source: str) -> str | None:
    """Give the target column that a model was trained on, where the source is a table that may hold it."""
    table = any(suffix in _TABLES for suffix in Path(source).suffixes)
    target = classifier.provenance.get("target")
    return target if table and isinstance(target, str) else None
