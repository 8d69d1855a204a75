"""What decides the figures of a run's units, in one place: what was begun goes on only where all of it is as it was."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.catalogue import own_module
from tenfold.candidates.entry import Candidate
from tenfold.candidates.own_digest import object_digest, source_digest
from tenfold.data.dataset import Dataset
from tenfold.text import shown
from tenfold.version import library_versions

__all__ = ["WITHOUT_INFLUENCE", "DataIdentity", "Identity", "data_identity", "own_code", "own_sources", "run_identity"]

WITHOUT_INFLUENCE = frozenset({"source", "data_dir", "private", "models", "metric", "decide"})
"""
Fields of a config that no unit depends on: where the data lie (what they are is compared) and whether that is told,
which candidates stand beside one another, and what is made of their predictions. Every other field counts, one that is
added later too.
"""

_FORMAT = 2


@dataclass(frozen=True)
class DataIdentity:
    """
    What a run's data are.

    Parameters
    ----------
    content : str
        Fingerprint of rows, columns and labels.
    groups : str or None
        SHA-256 (hex) of the group of each row, where there are groups.
    official_test : str or None
        SHA-256 (hex) of which rows the source sets apart, where it does.
    order : str or None
        SHA-256 (hex) of when each row was, where that counts.
    """

    content: str
    groups: str | None = None
    official_test: str | None = None
    order: str | None = None


@dataclass(frozen=True)
class Identity:
    """
    What decides the figures of a run's units, each under the words by which a refusal names it.

    Parameters
    ----------
    whole : mapping of str to JSON value
        Decides every unit.
    of_candidates : mapping of str to str
        Decides the units of one candidate.
    """

    whole: Mapping[str, Any]
    of_candidates: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"format": _FORMAT, "whole": dict(self.whole), "of_candidates": dict(self.of_candidates)}

    def joined(self, plain: Any) -> Identity:
        """Take over from an earlier `as_dict`, where `changes` finds none, the candidates not asked for now."""
        return Identity(self.whole, {**plain["of_candidates"], **self.of_candidates})

    def changes(self, plain: Any) -> list[str] | None:
        """
        Name what differs from what an earlier `as_dict` gave; None where that is of another version, or damaged.

        Examples
        --------
        >>> Identity({"--seed": 42, "the groups": "ab"}, {}).changes(
        ...     Identity({"--seed": 1, "the groups": "cd"}, {}).as_dict()
        ... )
        ['--seed (1, now 42)', 'the groups']
        """
        if not isinstance(plain, dict) or plain.get("format") != _FORMAT:
            return None
        whole, of_candidates = plain.get("whole"), plain.get("of_candidates")
        if not isinstance(whole, dict) or not isinstance(of_candidates, dict):
            return None
        names = [name for name in dict.fromkeys([*self.whole, *whole]) if whole.get(name) != self.whole.get(name)]
        own = [name for name, now in self.of_candidates.items() if of_candidates.get(name, now) != now]
        return [*(_change(name, whole.get(name), self.whole.get(name)) for name in names), *own]


def run_identity(
    config: Any, data: DataIdentity, own: Mapping[str, str] | None = None, *, streamed: bool = False
) -> Identity:
    """
    Gather what decides the figures of a run's units.

    Parameters
    ----------
    config : RunConfig or DenoiseConfig
        Resolved.
    data : DataIdentity
    own : mapping of str to str, optional
        See `own_code`.
    streamed : bool
        Rows are dealt out by their content, and candidates see them block by block.
    """
    choices = {f.name: _plain(getattr(config, f.name)) for f in fields(config) if f.name not in WITHOUT_INFLUENCE}
    whole = {
        "the kind of run": type(config).__name__,
        **{f"--{name.replace('_', '-')}": value for name, value in choices.items()},
        "the data": data.content,
        "the groups": data.groups,
        "the rows that the source sets apart as its test": data.official_test,
        "the order of the rows in time": data.order,
        "whether the table is streamed": streamed,
        **{f"the version of {name}": number for name, number in library_versions().items()},
    }
    return Identity(whole, own or {})


def _plain(value: Any) -> Any:
    """A tuple as JSON gives it back."""
    return list(value) if isinstance(value, tuple) else value


def data_identity(data: Dataset) -> DataIdentity:
    """
    Say what labelled data are.

    Examples
    --------
    >>> one = Dataset("a", "image", np.zeros((2, 1, 1), np.uint8), np.array(["x", "y"], object), source="memory")
    >>> data_identity(one).groups is None
    True
    """
    groups, mask, order = data.groups, data.official_test, data.order
    return DataIdentity(
        data.fingerprint,
        None if groups is None else _texts_digest(groups),
        None if mask is None else hashlib.sha256(np.ascontiguousarray(mask, np.bool_).tobytes()).hexdigest(),
        None if order is None else hashlib.sha256(np.ascontiguousarray(order, np.float64).tobytes()).hexdigest(),
    )


def own_sources(names: Iterable[str]) -> dict[str, str]:
    """Hash the source of each candidate that is the user's own module (imported by now), by the candidate's name."""
    modules = {name: own_module(name) for name in names}
    return {name: source_digest(module) for name, module in modules.items() if module is not None}


def own_code(candidates: Mapping[str, Candidate], sources: Mapping[str, str], live: Collection[str]) -> dict[str, str]:
    """
    Gather the hashes of the candidates that are no part of the catalogue, by the words by which a refusal names them.

    Parameters
    ----------
    candidates : mapping of str to Candidate
        All of a run, by name.
    sources : mapping of str to str
        See `own_sources`.
    live : collection of str
        Those that were given as objects.
    """
    of_sources = {f"the source of {shown(name, 60)}": digest for name, digest in sources.items()}
    own = (name for name in candidates if name in sources or name in live)
    titles = {name: f"the parameters or the code of {shown(name, 60)}" for name in own}
    return {**of_sources, **{title: object_digest(candidates[name].pipeline) for name, title in titles.items()}}


def _texts_digest(values: NDArray[Any]) -> str:
    digest = hashlib.sha256()
    for value in values:
        text = str(value).encode("utf-8", "surrogatepass")
        digest.update(len(text).to_bytes(8, "little") + text)
    return digest.hexdigest()


def _change(name: str, then: Any, now: Any) -> str:
    """A hash tells nobody anything; what was asked does."""
    if not name.startswith("--") and "version" not in name:
        return name
    return f"{name} ({shown(then, 40)}, now {shown(now, 40)})"
