"""Names of a package whose modules, and with them scikit-learn, are imported at their first use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["import_at_first_use"]


def import_at_first_use(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """
    Return a function for a package to have as its ``__getattr__`` (PEP 562).

    Parameters
    ----------
    package : str
        Its ``__name__``.
    modules : mapping of str to str
        Each name that it offers -> the module in it that has it.

    Examples
    --------
    >>> import_at_first_use("collections", {"Mapping": "abc"})("Mapping").__name__
    'Mapping'
    """

    def attribute(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{modules[name]}"), name)

    return attribute
