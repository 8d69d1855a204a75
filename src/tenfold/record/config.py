"""Everything that can be asked of a run, as one frozen value and as ``config.toml``."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from numbers import Integral, Real
from pathlib import Path, PureWindowsPath
from typing import Any

from tenfold.errors import StorageError, UsageError
from tenfold.regular_files import CONFIG_BYTES, read_regular
from tenfold.text import near, shown

__all__ = [
    "FORMAT",
    "RunConfig",
    "checked",
    "plain_values",
    "read_config",
    "read_table",
    "set_plain_values",
    "written_values",
]

FORMAT = 1
_OTHER = {"run": "denoise", "denoise": "run"}
_WHOLE_NUMBERS = {"cv": (2, 100), "seed": (0, 2**32 - 1), "size": (2, 2**63 - 1)}
"""Least and greatest value; a seed is what NumPy and scikit-learn take for one."""
_SHARES = {"test_size"}
"""Between 0 and 1, neither of them."""
_RESOLVED = {"target", "models", "cv", "shuffle", "metric", "test_size", "seed"}
"""What every config has that a run of a table has written."""
_PATHS, _LONGEST_NAME = {"source", "data_dir"}, 255


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
    shuffle : bool, optional
        Draw the folds at random, or cut them in order of the rows; at random by default, but for a source with a test
        part of its own, or whose order its figures are known by.
    order : str, optional
        Column that says when each row was: candidates learn from the past and are judged on what comes after.
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
    columns : tuple of str, optional
        Roles of columns of a table, ``role: name`` each; all others are inferred. Empty: all columns are numbers or
        categories, as in runs made before columns had roles.
    bins : str, optional
        Classes of a quantity: ``5`` bins of one width, ``quantile:5`` of as many rows each, or edges ``0,100,500``.
    target_transform : str, optional
        Judge models of a function of a quantity, ``log`` or ``sqrt``, beside those of the quantity.

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
    shuffle: bool | None = None
    order: str | None = None
    metric: str | None = None
    decide: str = "argmax"
    test_size: float = 0.2
    seed: int = 42
    group_duplicates: bool = True
    stream: bool = False
    private: bool = False
    columns: tuple[str, ...] | None = None
    bins: str | None = None
    target_transform: str | None = None

    def __post_init__(self) -> None:
        set_plain_values(self)

    def as_toml(self) -> str:
        """Return the text of ``config.toml``; what is None is left out."""
        import tomli_w

        return tomli_w.dumps({"format": FORMAT, "run": self.as_dict()})

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON and TOML; what is None is left out."""
        values = {key: value for key, value in asdict(self).items() if value is not None}
        return written_values(values)


def written_values(values: dict[str, Any]) -> dict[str, Any]:
    """
    Make the fields of a config plain; of a private one no path is told, only its last name.

    Examples
    --------
    >>> written_values({"source": "~/patients/all.csv", "private": True, "models": ("knn",)})
    {'source': 'all.csv', 'private': True, 'models': ['knn']}
    """
    plain = {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}
    if not plain["private"]:
        return {key: value for key, value in plain.items() if key != "private"}
    names: dict[str, Any] = {
        key: PureWindowsPath(str(plain[key])).name for key in ("source", "data_dir") if key in plain
    }
    return {**plain, **names}


def read_config(path: Path, within: Path | None = None) -> RunConfig:
    """
    Read ``config.toml``, of a run inside its folder.

    Raises
    ------
    UsageError
        Not TOML, an unknown key, a value of the wrong type, or a newer format; the message names it.
    """
    values = checked(read_table(path, "run", within), RunConfig, path)
    if values.keys() >= _RESOLVED:
        values.setdefault("columns", ())  # a run wrote it before columns had roles
    return RunConfig(**values)


def read_table(path: Path, name: str, within: Path | None = None) -> dict[str, Any]:
    """
    Read the table of this name, such as ``run``, of a config file of the format that this version writes.

    Raises
    ------
    UsageError
        No such file, not TOML, another format, or a config of something else.
    DataError, LimitError, StorageError
        No regular file, over a megabyte, outside `within`, or not to be read.
    """
    try:
        content = tomllib.loads(read_regular(path, most=CONFIG_BYTES, within=within).decode("utf-8"))
    except FileNotFoundError:
        raise UsageError("no such file", where=path) from None
    except OSError as fault:
        raise StorageError(f"cannot be read: {fault.strerror or fault}", where=path, do="check the file") from fault
    except (ValueError, RecursionError) as fault:  # ValueError: no TOML, no UTF-8, or a number of 5,000 digits
        raise UsageError(f"not TOML: {shown(fault, 120)}", where=path) from fault
    if content.get("format") == FORMAT and isinstance(content.get(other := _OTHER[name]), dict):
        raise UsageError(f"this is a config of tenfold {other}", where=path, do=f"give it to tenfold {other}")
    if content.get("format") != FORMAT or not isinstance(content.get(name), dict):
        raise UsageError(f"no {name} of format {FORMAT} (format = {content.get('format')})", where=path)
    table: dict[str, Any] = content[name]
    return table


def checked(table: dict[str, Any], kind: Any, path: Path) -> dict[str, Any]:
    """
    Check keys and values of a table against the fields of a config class; `models` becomes a tuple.

    Raises
    ------
    UsageError
        An unknown key, a value of the wrong type or out of its range, or no source.
    """
    known = [field.name for field in fields(kind)]
    for key in table:
        if key not in known:
            raise UsageError(f"unknown key '{shown(key)}'.{near(key, known)}", where=path)
    values = plain_values(table, kind, path)
    if "source" not in values:
        raise UsageError("no source", where=path, do='add source = "…"')
    return values


def set_plain_values(config: Any) -> None:
    """Check the values of a config that is being made, and keep them as Python's own types, which files can hold."""
    for name, value in plain_values(vars(config), type(config)).items():
        object.__setattr__(config, name, value)


def plain_values(values: Mapping[str, Any], kind: Any, path: Path | None = None) -> dict[str, Any]:
    """
    Check values against the fields of a config class: the one place, for commands, files and Python alike.

    Parameters
    ----------
    values : mapping of str to value
        Some of the fields.
    kind : class
        A config class.
    path : Path, optional
        The file that they were read from.

    Returns
    -------
    dict
        The values as Python's own types.

    Raises
    ------
    UsageError
        A value of the wrong type or out of its range.

    Examples
    --------
    >>> plain_values({"cv": 5, "models": ["knn"]}, RunConfig)
    {'cv': 5, 'models': ('knn',)}
    >>> plain_values({"seed": -1}, RunConfig)
    Traceback (most recent call last):
    ...
    tenfold.errors.UsageError: --seed -1 is no whole number from 0 to 4,294,967,295.
    """
    types = {field.name: str(field.type) for field in fields(kind)}
    return {name: _plain_value(name, value, types[name], path) for name, value in values.items()}


def _plain_value(name: str, value: Any, kind: str, path: Path | None) -> Any:
    if value is None and kind.endswith("None"):
        return None
    option = f"{name} = {shown(value)}" if path is not None else f"--{name.replace('_', '-')} {shown(value)}"
    if not _fits(value, kind):
        raise UsageError(f"{option} is not of type {kind}", where=path)
    if name in _WHOLE_NUMBERS:
        least, most = _WHOLE_NUMBERS[name]
        if not least <= value <= most:
            raise UsageError(f"{option} is no whole number from {least} to {most:,}", where=path)
    if name in _PATHS and max(len(os.fsencode(part)) for part in ("", *Path(value).parts)) > _LONGEST_NAME:
        raise UsageError(f"{option} is no path: no file has a name of over {_LONGEST_NAME} bytes", where=path)
    if name in _SHARES and not 0 < value < 1:
        raise UsageError(f"{option} is not a share between 0 and 1", where=path, do="give one such as 0.2")
    return _PLAIN[_base(kind)](value)


_TYPES = {"str": str, "int": Integral, "float": Real, "bool": bool, "tuple": list | tuple}
_PLAIN = {"str": str, "int": int, "float": float, "bool": bool, "tuple": tuple}


def _base(kind: str) -> str:
    """The type of a field without its items and without None."""
    return kind.split(" ", maxsplit=1)[0].split("[", maxsplit=1)[0]


def _fits(value: Any, kind: str) -> bool:
    if isinstance(value, bool) and _base(kind) != "bool":
        return False
    words = value if _base(kind) == "tuple" and isinstance(value, list | tuple) else [value]
    texts = _base(kind) in {"str", "tuple"}
    return isinstance(value, _TYPES[_base(kind)]) and (not texts or all(_is_text(word) for word in words))


def _is_text(value: Any) -> bool:
    """Whether a value is text that a file and a path can hold."""
    return isinstance(value, str) and "\0" not in value and not any("\ud800" <= c <= "\udfff" for c in value)
