"""The one script of the page: the modules of ``scripts/`` joined in the order in which they import one another."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from markupsafe import Markup

__all__ = ["joined", "module_order", "page_script"]

_IMPORT = re.compile(r"^import\s+(?:[^'\"]*?\sfrom\s+)?['\"]\./([\w-]+\.js)['\"];?[^\S\n]*\n", re.MULTILINE)
_EXPORT = re.compile(r"^export\s+(?=(?:async\s+)?(?:function|const|let|class)\b)", re.MULTILINE)
_FIRST = "main.js"


@cache
def page_script(first: str = _FIRST) -> Markup:
    """Return the script that a module starts: files of this package, so it is trusted as it is."""
    return Markup(joined(_modules(), first))


def _modules() -> dict[str, str]:
    folder: Traversable = files("tenfold.show").joinpath("scripts")
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".js")}


def joined(modules: dict[str, str], first: str = _FIRST) -> str:
    r"""
    Join ES modules to one, each after those it imports from; names must be unique over all of them.

    Parameters
    ----------
    modules : dict of str to str
        Source by file name.
    first : str
        The module that starts everything.

    Examples
    --------
    >>> modules = {"a.js": "export const one = 1;\n", "main.js": "import { one } from './a.js';\nuse(one);\n"}
    >>> print(joined(modules), end="")
    const one = 1;
    use(one);
    """
    return "".join(_EXPORT.sub("", _IMPORT.sub("", modules[name])) for name in module_order(modules, first))


def module_order(modules: dict[str, str], first: str = _FIRST) -> list[str]:
    r"""
    List the modules that `first` needs, each after those it imports from, `first` itself last.

    Raises
    ------
    ValueError
        Modules import one another in a circle, or one that is not there.

    Examples
    --------
    >>> module_order({"main.js": "import './b.js';\n", "b.js": ""})
    ['b.js', 'main.js']
    """
    order: list[str] = []
    _visit(modules, first, (), order)
    return order


def _visit(modules: dict[str, str], name: str, above: tuple[str, ...], order: list[str]) -> None:
    if name in above:
        raise ValueError(f"modules import one another: {' > '.join((*above, name))}")
    if name not in modules:
        raise ValueError(f"{above[-1] if above else 'the page'} imports {name}, which is not there")
    if name in order:
        return
    for needed in _IMPORT.findall(modules[name]):
        _visit(modules, needed, (*above, name), order)
    order.append(name)
