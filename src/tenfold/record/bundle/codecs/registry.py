"""The list of codecs: what a program adds to it, a model may be written with; a file can only name what is on it."""

from __future__ import annotations

from tenfold.errors import UsageError
from tenfold.record.bundle.codecs.arrays import ARRAYS
from tenfold.record.bundle.codecs.codec import Codec
from tenfold.record.bundle.codecs.skops import SKOPS
from tenfold.program.refusal import refuse
from tenfold.text import near, shown

__all__ = ["codec_endings", "codec_named", "codec_of_file", "register_codec"]

_CODECS: dict[str, Codec] = {codec.ending: codec for codec in (SKOPS, ARRAYS)}


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
    other = _CODECS.get(ending)
    if other is not None and type(other) is type(codec):
        return
    if other is not None or codec.name in {one.name for one in _CODECS.values()}:
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
    names = {codec.name: codec for codec in _CODECS.values()}
    if name not in names:
        raise UsageError(f"no codec '{shown(name, 40)}'.{near(name, names)}", do=f"choose from {', '.join(names)}")
    return names[name]


def codec_endings() -> tuple[str, ...]:
    """Return the endings of the files of all codecs."""
    return tuple(_CODECS)


def codec_of_file(name: str) -> Codec:
    """Return the codec of a file by its ending; one that is not on the list is refused."""
    codec = _CODECS.get(name.rpartition(".")[2])
    return refuse(f"{shown(name, 60)} is of no codec that this Tenfold knows") if codec is None else codec
