"""The command that asks for a run again, with one thing changed."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from tenfold.record.source import spoken_source
from tenfold.text import shown

__all__ = ["run_again", "source_command"]

_UNSAID = {"decide": "argmax", "test_size": 0.2, "seed": 42}
_LONGEST = 200


def run_again(config: Mapping[str, Any], *, verb: str = "run", **changes: Any) -> str:
    """
    Return the command of a run from its config, with options changed; what has its default value is left unsaid.

    Examples
    --------
    >>> run_again({"source": "mnist", "positive": "5", "decide": "precision>=0.9", "seed": 42}, cv=6)
    "tenfold run mnist --positive 5 --decide 'precision>=0.9' --cv 6"
    """
    options = {**config, **changes}
    if options.get("order") is not None:
        options.pop("shuffle", None)
    options.pop("columns", None)  # roles are inferred again; a file of them has no name any more
    words = [word for key, value in options.items() if key != "source" for word in _option(key, value)]
    return " ".join(["tenfold", verb, *(shlex.quote(word) for word in (_place(options["source"]), *words))])


def source_command(config: Mapping[str, Any], verb: str, *words: str) -> str:
    """
    Return a command about the source of a run.

    Examples
    --------
    >>> source_command({"source": "a b.csv", "target": "kind"}, "show")
    "tenfold data show 'a b.csv' --target kind"
    """
    target = ["--target", shown(config["target"], _LONGEST)] if config.get("target") else []
    arguments = [_place(config["source"]), *target, *words]
    return " ".join(["tenfold", "data", verb, *(shlex.quote(word) for word in arguments)])


def _option(key: str, value: Any) -> Iterator[str]:
    if key == "group_duplicates":
        if not value:
            yield "--no-group-duplicates"
        return
    if key == "shuffle" and value is False:
        yield "--no-shuffle"
        return
    if value is None or value is False or _UNSAID.get(key) == value:
        return
    yield f"--{key.replace('_', '-')}"
    if value is not True:
        text = _place(value) if key == "data_dir" else ",".join(value) if isinstance(value, list | tuple) else value
        yield shown(text, _LONGEST)


def _place(path: str) -> str:
    """A path as it may leave the machine."""
    return shown(spoken_source(path), _LONGEST)
