"""The frame of a page: templates filled in, styles, and a policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tenfold.show.script import page_script

__all__ = ["content_security_policy", "fill", "whole_page"]

_NO_BREAK_PERCENT = "\N{NO-BREAK SPACE}%"
_STYLE_ATTRIBUTE = re.compile(r'\sstyle="([^"]*)"')


def whole_page(name: str, body: Markup, data: Markup | None = None, first: str = "main.js") -> str:
    """
    Put a body between head and script, under a policy that lets nothing else in; without `data` nothing runs.

    The script is what the module `first` needs.
    """
    script = Markup("") if data is None else page_script(first)
    policy = content_security_policy(_style(), script, body)
    return fill("page.html", policy=policy, name=name, style=_style(), script=script, data=data, body=body)


def fill(template: str | Path, **values: Any) -> Markup:
    """Fill in a template of this package, or one that lies at a path; every value that is no markup is escaped."""
    environment = _environment()
    source = (
        environment.from_string(template.read_text(encoding="utf-8"))
        if isinstance(template, Path)
        else environment.get_template(template)
    )
    return Markup(source.render(**values))


@cache
def _environment() -> Environment:
    """Escaping is on for every template, whatever its name; an unknown name is an error, not nothing."""
    return Environment(
        loader=PackageLoader("tenfold.show"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_without_break,
    )


def _without_break(value: Any) -> Any:
    """Keep a number and its percent sign on one line."""
    is_text = isinstance(value, str) and not isinstance(value, Markup)
    return value.replace(" %", _NO_BREAK_PERCENT) if is_text else value


@cache
def _style() -> Markup:
    """The style sheets, those of single sections last: files of this package, so they are trusted as they are."""
    templates = files("tenfold.show").joinpath("templates")
    own = sorted(
        (file for file in templates.joinpath("styles").iterdir() if file.name.endswith(".css")),
        key=lambda file: file.name,
    )
    return Markup("".join(file.read_text(encoding="utf-8") for file in (templates.joinpath("report.css"), *own)))


def content_security_policy(style: str, script: str, body: str) -> str:
    """
    Name every piece of style and script of a page by its hash.

    Style attributes, such as the depth of a cell's colour, are named by theirs too: a value that is not in the page as
    it was written is not applied, and no attribute could be added that does anything.

    Parameters
    ----------
    style, script : str
        Text of the one style element and the one script element, exactly as between their tags.
    body : str
        The rest of the page, whose style attributes are gathered.

    Examples
    --------
    >>> content_security_policy("p{}", "", "").split("; ")[:3]
    ["default-src 'none'", "script-src 'none'", "style-src 'sha256-...'"]
    """
    attributes = sorted({html.unescape(value) for value in _STYLE_ATTRIBUTE.findall(body)})
    styles = [_hash(style), *(["'unsafe-hashes'", *map(_hash, attributes)] if attributes else [])]
    scripts = _hash(script) if script else "'none'"
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {scripts}",
            f"style-src {' '.join(styles)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
