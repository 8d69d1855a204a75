"""The Content-Security-Policy of a page: what is in it may run and style it, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import html
import re

__all__ = ["content_security_policy"]

_STYLE_ATTRIBUTE = re.compile(r'\sstyle="([^"]*)"')


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
