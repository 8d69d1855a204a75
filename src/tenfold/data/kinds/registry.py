"""The kinds of data that are known: those that Tenfold comes with, and those registered in this process."""

from __future__ import annotations

from importlib import import_module

from tenfold.data.kinds.kind import Augmentation, Kind
from tenfold.errors import UsageError
from tenfold.text import near, shown

__all__ = ["find_augmentation", "find_kind", "is_built_in", "known_kinds", "noun_of", "register_kind"]

_BUILT_IN = ("image", "table")
_REGISTERED: dict[str, Kind] = {}


def register_kind(kind: Kind) -> Kind:
    """
    Make a kind known in this process, under its name; that of the same name before it is replaced.

    Parameters
    ----------
    kind : Kind

    Returns
    -------
    Kind
        The same, so that it can be bound where it is registered.

    Raises
    ------
    UsageError
        The name is that of a kind which Tenfold comes with, or no word of small letters, digits and hyphens.
    """
    if kind.name in _BUILT_IN:
        raise UsageError(f"'{kind.name}' is a kind that Tenfold comes with", do="give yours another name")
    if not kind.name or set(kind.name) - set("abcdefghijklmnopqrstuvwxyz0123456789-"):
        raise UsageError(f"'{shown(kind.name, 40)}' names no kind", do="use small letters, digits and hyphens")
    _REGISTERED[kind.name] = kind
    return kind


def find_kind(name: str) -> Kind:
    """
    Return the kind of this name.

    Raises
    ------
    UsageError
        No kind of this name is known.
    """
    if name in _REGISTERED:
        return _REGISTERED[name]
    if name not in _BUILT_IN:
        known = tuple(dict.fromkeys((*_BUILT_IN, *_REGISTERED)))
        raise UsageError(
            f"no kind of data '{shown(name, 40)}'.{near(name, known)}",
            do=f"known are {', '.join(known)}; register others with tenfold.data.kinds.register_kind",
        )
    # Only here: a kind checks datasets, and a dataset finds its kind.
    kind: Kind = import_module(f"tenfold.data.kinds.{name}.kind").KIND
    return _REGISTERED.setdefault(name, kind)


def known_kinds() -> tuple[Kind, ...]:
    """Return every kind that is known in this process, those that Tenfold comes with first."""
    return tuple(find_kind(name) for name in dict.fromkeys((*_BUILT_IN, *_REGISTERED)))


def noun_of(name: str, count: int = 2) -> str:
    """
    Return the word for so many instances of a kind; rows, where the kind is not known in this process.

    Examples
    --------
    >>> noun_of("image"), noun_of("image", 1), noun_of("letters-of-another-program")
    ('images', 'image', 'rows')
    """
    known = name in _BUILT_IN or name in _REGISTERED
    return find_kind(name if known else "table").noun(count)


def find_augmentation(name: str) -> tuple[Kind, Augmentation] | None:
    """
    Return the way of this name to augment training rows, and the kind of data that has it; None where none has.

    Examples
    --------
    >>> kind, way = find_augmentation("shift")
    >>> kind.name, way.copies, way.words
    ('image', 5, 'one-pixel shifts')
    """
    ways = ((kind, kind.augmentations[name]) for kind in known_kinds() if name in kind.augmentations)
    return next(ways, None)


def is_built_in(name: str) -> bool:
    """Whether Tenfold comes with this kind, so that every process of any machine knows it."""
    return name in _BUILT_IN
