"""Keyword arguments of the public functions: a name that is mistyped is answered with the one that was meant."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from tenfold.text import near, shown

__all__ = ["suggesting_names"]

P = ParamSpec("P")
R = TypeVar("R")


def suggesting_names(function: Callable[P, R]) -> Callable[P, R]:
    """
    Make a function suggest the parameter that a mistyped keyword comes closest to, as Python 3.13 does by itself.

    The signature stays the function's own, for completion and `inspect.signature`.

    Examples
    --------
    >>> @suggesting_names
    ... def fit(*, models=None): ...
    >>> fit(modles=["knn"])
    Traceback (most recent call last):
    TypeError: fit() got an unexpected keyword argument 'modles'. Did you mean 'models'?
    """
    names = tuple(inspect.signature(function).parameters)

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        for name in kwargs:
            if name not in names:
                what = f"{function.__name__}() got an unexpected keyword argument '{shown(name)}'"
                raise TypeError(what + (f".{hint}" if (hint := near(name, names)) else ""))
        return function(*args, **kwargs)

    return called
