"""The list of codecs: what a program adds to it, a model may be written with; a file can only name what is on it."""

from __future__ import annotations

from importlib import import_module

from tenfold.errors import UsageError
from tenfold.program.refusal import refuse
from tenfold.record.bundle.codecs.codec import Codec
from tenfold.text import near, shown

__all__ = ["codec_endings", "codec_named", "codec_of_file", "register_codec"]

_BUILT_IN = {"program": "program", "skops": "skops"}
"""Name of each codec that Tenfold comes with, which is that of its module -> the ending of its files."""

_CODECS: dict[str, Codec] = {}
"""Those that were registered or asked for, by ending."""


def _find(ending: str) -> Codec | None:
    """The codec of an ending. The modules of objects import scikit-learn, and do so only where such a file is met."""
    name = next((name for name, known in _BUILT_IN.items() if known == ending), None)
    if name is not None and ending not in _CODECS:
        _CODECS[ending] = getattr(import_module(f"tenfold.record.bundle.codecs.{name}"), name.upper())
    return _CODECS.get(ending)


def register_codec(codec: Codec) -> None:
    """
    Add a codec, so that models can be saved with it and its files be loaded.

    The process that checks a foreign model imports the module of the codec's class, and expects this call in it.

    Parameters
    ----------
    codec : Codec

    Raises
    ------
    UsageError
        Its name or its ending is taken, or the ending is not of 1 to 10 small letters.
    """
    ending = codec.ending
    if not (ending.isascii() and ending.isalpha() and ending.islower() and len(ending) <= 10):
        raise UsageError(f"a codec for files that end in '{shown(ending, 20)}'", do="give 1 to 10 small letters")
    other = _find(ending)
    if other is not None and type(other) is type(codec):
        return
    if other is not None or codec.name in _names():
        raise UsageError(f"there is a codec {shown(codec.name, 20)} already, or one for .{ending}", do="choose another")
    _CODECS[ending] = codec


def codec_named(name: str) -> Codec:
    """
    Return the codec of this name.

    Raises
    ------
    UsageError
        There is none.

    Examples
    --------
    >>> codec_named("skops").ending
    'skops'
    """
    names = _names()
    codec = _find(names[name]) if name in names else None
    if codec is None:
        raise UsageError(f"no codec '{shown(name, 40)}'.{near(name, names)}", do=f"choose from {', '.join(names)}")
    return codec


def _names() -> dict[str, str]:
    """Name of every codec -> the ending of its files."""
    return _BUILT_IN | {codec.name: ending for ending, codec in _CODECS.items()}


def codec_endings() -> tuple[str, ...]:
    """Return the endings of the files of all codecs."""
    return tuple(dict.fromkeys((*_BUILT_IN.values(), *_CODECS)))


def codec_of_file(name: str) -> Codec:
    """Return the codec of a file by its ending; one that is not on the list is refused."""
    codec = _find(name.rpartition(".")[2])
    return refuse(f"{shown(name, 60)} is of no codec that this Tenfold knows") if codec is None else codec
