"""
What a user's own classifier is, as a hash: its source, its parameters, and the code that it calls.

A run that was interrupted goes on with classifiers of its user only where they are what they were.
"""

from __future__ import annotations

import hashlib
import sys
import sysconfig
import uuid
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np
import pandas as pd

from tenfold.errors import DataError, LimitError
from tenfold.regular_files import read_regular

__all__ = ["object_digest", "source_digest"]

_SOURCE_BYTES = 16 << 20
_INSTALLED = tuple(Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib", "purelib", "platlib"))
_PLAIN = (type(None), bool, int, float, complex, str, bytes, np.generic)


def source_digest(module: str) -> str:
    """
    Hash the source of an imported module, and of the modules that it uses where they are its user's as well.

    Parameters
    ----------
    module : str
        Name of a module that has been imported.

    Returns
    -------
    str
        SHA-256 (hex). Of an installed library the version counts, and the one file.

    Examples
    --------
    >>> source_digest("tenfold.text") == source_digest("tenfold.text") != source_digest("tenfold.errors")
    True
    """
    digest = hashlib.sha256()
    for one in sorted(_used_modules(sys.modules[module]), key=lambda one: one.__name__):
        digest.update(repr((one.__name__, _version(one), _file_digest(one))).encode())
    return digest.hexdigest()


def object_digest(value: Any) -> str:
    """
    Hash an unfitted classifier: its class, its parameters, and the code of both where it is not installed.

    What cannot be compared with another process (an open file, a lock) hashes to something new each time.

    Returns
    -------
    str
        SHA-256 (hex), the same in every process of one Python.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> one, other = (object_digest(DummyClassifier(constant=value)) for value in (1, 2))
    >>> one == object_digest(DummyClassifier(constant=1)) != other
    True
    """
    return _Description().of(value)


def _used_modules(start: ModuleType) -> set[ModuleType]:
    modules, waiting = {start}, [start]
    while waiting:
        module = waiting.pop()
        if module is not start and _is_installed(module):
            continue
        named = {_module_of(value) for value in list(vars(module).values())}
        fresh = {one for one in named if one is not None and not _is_installed(one)} - modules
        modules |= fresh
        waiting += fresh
    return modules


def _module_of(value: Any) -> ModuleType | None:
    if isinstance(value, ModuleType):
        return value
    name = getattr(value, "__module__", None)
    return sys.modules.get(name) if isinstance(name, str) else None


def _is_installed(module: ModuleType) -> bool:
    """Of a library, told apart by its version; so are Tenfold, wherever it lies, and what has no file."""
    file = getattr(module, "__file__", None)
    if not isinstance(file, str) or module.__name__.partition(".")[0] == "tenfold":
        return True
    place = Path(file).resolve()
    # A virtual environment may lie in the user's folder, and the user's folder in that of an installation.
    return any(place.is_relative_to(folder) for folder in _INSTALLED) or "site-packages" in place.parts


def _version(module: ModuleType) -> str:
    return str(getattr(sys.modules.get(module.__name__.partition(".")[0]), "__version__", ""))


def _file_digest(module: ModuleType) -> str:
    file = getattr(module, "__file__", None)
    if not isinstance(file, str):
        return ""
    try:
        return hashlib.sha256(read_regular(Path(file), most=_SOURCE_BYTES)).hexdigest()
    except (OSError, DataError, LimitError):
        return "unreadable"


class _Description:
    """Hashes values by what they hold; one that is met inside itself is named by how deep it stands."""

    def __init__(self) -> None:
        self._around: dict[int, int] = {}

    def of(self, value: Any) -> str:
        if id(value) in self._around:
            return f"the one around, {self._around[id(value)]} deep"
        if not isinstance(value, _PLAIN):
            self._around[id(value)] = len(self._around)
        digest = hashlib.sha256()
        for part in self._parts(value):
            digest.update(part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass"))
            digest.update(b"\0")
        self._around.pop(id(value), None)
        return digest.hexdigest()

    def _parts(self, value: Any) -> Iterator[str | bytes]:
        yield _name(value if isinstance(value, type) else type(value))
        if isinstance(value, _PLAIN):
            yield repr(value)
        elif isinstance(value, np.ndarray):
            yield from self._of_array(value)
        elif isinstance(value, pd.DataFrame | pd.Series | pd.Index):
            yield from self._of_all([value.to_numpy(), str(getattr(value, "columns", getattr(value, "name", None)))])
        elif isinstance(value, Mapping):
            yield from sorted(self.of(key) + self.of(member) for key, member in value.items())
        elif isinstance(value, set | frozenset):
            yield from sorted(map(self.of, value))
        elif isinstance(value, list | tuple):
            yield from self._of_all(value)
        else:
            yield from self._of_object(value)

    def _of_object(self, value: Any) -> Iterator[str | bytes]:
        if isinstance(value, ModuleType):
            yield value.__name__
            yield _version(value) if _is_installed(value) else source_digest(value.__name__)
        elif isinstance(value, type):
            yield from self._of_class(value)
        elif isinstance(value, FunctionType):
            yield from self._of_function(value)
        elif isinstance(value, MethodType):
            yield from self._of_all([value.__func__, value.__self__])
        elif isinstance(value, BuiltinFunctionType | np.ufunc):
            yield f"{getattr(value, '__module__', '')}.{value.__name__}"
        elif isinstance(value, partial):
            yield from self._of_all([value.func, value.args, value.keywords])
        elif isinstance(value, np.random.RandomState):
            yield self.of(value.get_state(legacy=False))
        elif isinstance(value, np.random.Generator):
            yield self.of(value.bit_generator.state)
        elif hasattr(value, "get_params"):
            yield from self._of_all([type(value), value.get_params(deep=False)])
        elif hasattr(value, "__dict__") and _is_written_in_python(type(value)):
            yield from self._of_all([type(value), vars(value)])
        else:
            yield uuid.uuid4().hex

    def _of_all(self, values: Iterable[Any]) -> Iterator[str]:
        yield from map(self.of, values)

    def _of_array(self, values: np.ndarray[Any, Any]) -> Iterator[str | bytes]:
        yield repr((values.dtype.str, values.shape))
        if values.dtype.hasobject:
            yield from self._of_all(values.ravel().tolist())
        else:
            yield np.ascontiguousarray(values).tobytes()

    def _of_class(self, kind: type) -> Iterator[str | bytes]:
        module = sys.modules.get(kind.__module__)
        if kind.__module__ != "__main__" and (module is None or _is_installed(module)):
            yield "" if module is None else _version(module)
            return
        yield from self._of_all(kind.__bases__)
        for name, member in sorted(vars(kind).items()):
            if name not in {"__dict__", "__weakref__", "__doc__", "__firstlineno__", "__static_attributes__"}:
                yield name
                yield self.of(getattr(member, "__func__", getattr(member, "fget", member)))

    def _of_function(self, function: FunctionType) -> Iterator[str | bytes]:
        yield f"{function.__module__}.{function.__qualname__}"
        module = sys.modules.get(function.__module__)
        if function.__module__ != "__main__" and module is not None and _is_installed(module):
            yield _version(module)
            return
        yield from self._of_code(function.__code__)
        cells = [cell.cell_contents for cell in function.__closure__ or ()]
        yield from self._of_all([function.__defaults__, function.__kwdefaults__, cells])
        for name in sorted(_names_in(function.__code__)):
            if name in function.__globals__:
                yield name
                yield self._of_global(function.__globals__[name])

    def _of_global(self, value: Any) -> str:
        """What code refers to: other code and plain values count; of anything else that lives there, its class."""
        compared = (ModuleType, type, FunctionType, np.ndarray, list, tuple, dict, set, frozenset, *_PLAIN)
        return self.of(value) if isinstance(value, compared) else _name(type(value))

    def _of_code(self, code: CodeType) -> Iterator[str | bytes]:
        yield code.co_code
        yield repr((code.co_names, code.co_varnames, code.co_freevars))
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                yield from self._of_code(constant)
            else:
                yield self.of(constant)


def _names_in(code: CodeType) -> set[str]:
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return set(code.co_names).union(*map(_names_in, inner))


def _is_written_in_python(kind: type) -> bool:
    """Else what an object is need not stand in its attributes."""
    made_by: Any = getattr(kind, "__init__", None)
    return made_by is object.__init__ or isinstance(made_by, FunctionType)


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
