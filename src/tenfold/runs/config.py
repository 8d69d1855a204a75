"""Everything that can be asked of a run, as one frozen value and as ``config.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from tenfold.errors import UsageError
from tenfold.text import near, shown

__all__ = ["FORMAT", "RunConfig", "checked", "config_of", "read_config", "read_table"]

FORMAT = 1
C = TypeVar("C")
_OTHER = {"run": "denoise", "denoise": "run"}


@dataclass(frozen=True)
class RunConfig:
    """
    What is asked of a run; None leaves the choice to Tenfold, which writes down what it chose.

    Parameters
    ----------
    source : str
        Name or path of the labelled data.
    target : str, optional
        Target column of a table.
    group : str, optional
        Column whose values must not be torn apart by a split.
    labels : str, optional
        Definitions of several labels, made of the one class of each row: ``large = digit >= 7, odd = digit % 2 == 1``.
    data_dir : str, optional
        Folder with the files of a named source.
    resize : str, optional
        Size that images of a folder are brought to, ``HxW``.
    colour : bool
        Keep colour.
    skip_bad : bool
        Pass over unreadable images and name them.
    drop_unlabelled : bool
        Leave out rows without a label.
    task : str, optional
        Overrides what the labels look like.
    positive : str, optional
        The class to detect.
    models : tuple of str, optional
        Candidates.
    cv : int, optional
        Folds.
    tune : str, optional
        How candidates go through the settings of their search space: ``grid``; each as it is by default.
    augment : str, optional
        How the rows that models learn from are grown: ``shift``, images moved by one pixel; not at all by default.
    shuffle : bool
        Draw the folds at random.
    metric : str, optional
        The figure that orders the candidates.
    decide : str
        Rule that sets the operating point.
    test_size : float
        Share of rows set apart, where the source has no test part.
    seed : int
        Of everything random.
    group_duplicates : bool
        Keep equal instances on one side of every split.
    stream : bool
        Read a table in batches, as one that does not fit in memory is read unasked.

    Examples
    --------
    >>> RunConfig("digits").decide
    'argmax'
    """

    source: str
    target: str | None = None
    group: str | None = None
    labels: str | None = None
    data_dir: str | None = None
    resize: str | None = None
    colour: bool = False
    skip_bad: bool = False
    drop_unlabelled: bool = False
    task: str | None = None
    positive: str | None = None
    models: tuple[str, ...] | None = None
    cv: int | None = None
    tune: str | None = None
    augment: str | None = None
    shuffle: bool = False
    metric: str | None = None
    decide: str = "argmax"
    test_size: float = 0.2
    seed: int = 42
    group_duplicates: bool = True
    stream: bool = False

    def as_toml(self) -> str:
        """Give the text of ``config.toml``; what is None is left out."""
        import tomli_w

        return tomli_w.dumps({"format": FORMAT, "run": self.as_dict()})

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON and TOML; what is None is left out."""
        given = {key: value for key, value in asdict(self).items() if value is not None}
        return given if self.models is None else {**given, "models": list(self.models)}


def read_config(path: Path) -> RunConfig:
    """
    Read ``config.toml``.

    Raises
    ------
    UsageError
        Not TOML, an unknown key, a value of the wrong type, or a newer format; the message names it.
    """
    given = checked(read_table(path, "run"), RunConfig, path)
    return RunConfig(**given)


def read_table(path: Path, name: str) -> dict[str, Any]:
    """
    Read the table of this name, such as ``run``, of a config file of the format that this version writes.

    Raises
    ------
    UsageError
        No such file, not TOML, another format, or a config of something else.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError("no such file", where=path) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise UsageError(f"not TOML: {fault}", where=path) from fault
    if content.get("format") == FORMAT and isinstance(content.get(other := _OTHER[name]), dict):
        raise UsageError(f"this is a config of tenfold {other}", where=path, do=f"give it to tenfold {other}")
    if content.get("format") != FORMAT or not isinstance(content.get(name), dict):
        raise UsageError(f"no {name} of format {FORMAT} (format = {content.get('format')})", where=path)
    table: dict[str, Any] = content[name]
    return table


def checked(given: dict[str, Any], kind: Any, path: Path) -> dict[str, Any]:
    """
    Check keys and values of a table against the fields of a config class; `models` becomes a tuple.

    Raises
    ------
    UsageError
        An unknown key, a value of the wrong type, or no source.
    """
    known = {field.name: str(field.type) for field in fields(kind)}
    for key, value in given.items():
        if key not in known:
            raise UsageError(f"unknown key '{shown(key)}'.{near(key, known)}", where=path)
        if not _fits(value, known[key]):
            raise UsageError(f"{key} = {shown(value)!s} is not of type {known[key]}", where=path)
    if "source" not in given:
        raise UsageError("no source", where=path, do='add source = "…"')
    models = given.get("models")
    return {**given, "models": None if models is None else tuple(models)}


def config_of(kind: type[C], **values: Any) -> C:
    """
    Make a config of values that a caller in Python gave; NumPy's numbers become Python's.

    Parameters
    ----------
    kind : type
        `RunConfig` or `tenfold.denoising.config.DenoiseConfig`.
    **values
        Of its fields.

    Raises
    ------
    UsageError
        A value is not of the type of its field; the message names both.

    Examples
    --------
    >>> config_of(RunConfig, source="digits", cv="3")
    Traceback (most recent call last):
    tenfold.errors.UsageError: cv = '3' is not of type int | None.
    """
    plain = {name: value.item() if isinstance(value, np.generic) else value for name, value in values.items()}
    for field in fields(kind):  # type: ignore[arg-type]
        value, wanted = plain.get(field.name, field.default), str(field.type)
        if not (_fits(value, wanted) or (value is None and wanted.endswith("| None"))):
            raise UsageError(f"{field.name} = {shown(repr(value))} is not of type {wanted}")
    return kind(**plain)


def _fits(value: Any, kind: str) -> bool:
    if kind.startswith("tuple"):
        return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    allowed = {"str": str, "int": int, "float": (int, float), "bool": bool}[kind.split(" ", maxsplit=1)[0]]
    return isinstance(value, allowed) and (not isinstance(value, bool) or kind == "bool")  # type: ignore[arg-type]
