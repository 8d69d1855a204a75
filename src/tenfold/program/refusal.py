"""The one way in which a model file is refused: a `ModelError` that names the file and the fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from tenfold.errors import ModelError

__all__ = ["OverLimit", "Refused", "demand", "not_a_model", "refuse", "refusing"]

_AGAIN = "train the model again, or take it from its author again"


class Refused(Exception):  # noqa: N818 - it never leaves this package: `refusing` turns it into a ModelError
    """A check of a model file failed; the message says which."""


class OverLimit(Refused):
    """It asks for more than a file may: a model of one's own is kept in another form."""


def demand(holds: object, fault: str) -> None:
    """
    Refuse the model file with this fault unless the condition holds.

    Examples
    --------
    >>> demand(1 < 2, "one is not less than two")
    """
    if not holds:
        raise Refused(fault)


def refuse(fault: str) -> NoReturn:
    """Refuse the model file with this fault."""
    raise Refused(fault)


def not_a_model(path: Path, why: str) -> ModelError:
    """Return the error for something that is no Tenfold model at all."""
    return ModelError(f"not a Tenfold model: {why}", where=path, do="give a run folder, or its model folder")


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """
    Turn a failed check into a `ModelError` about `path`; so too any error that damaged content can raise.

    Damaged content reaches parsers of three libraries, so the list of errors is wide on purpose: whatever
    happens while an untrusted file is read is a refusal, never a traceback.
    """
    try:
        yield
    except Refused as fault:
        raise ModelError(str(fault), where=path, do=_AGAIN) from fault
    except ModelError:
        raise
    except MemoryError as fault:
        raise ModelError("it needs more memory than there is", where=path, do=_AGAIN) from fault
    except OSError:
        raise
    except Exception as fault:
        what = f"its content does not fit together ({type(fault).__name__}: {fault})"
        raise ModelError(what, where=path, do=_AGAIN) from fault
