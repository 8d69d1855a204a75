"""The size of images as text."""

from __future__ import annotations

import re

from tenfold.errors import UsageError
from tenfold.text import shown

__all__ = ["image_size_of"]


def image_size_of(text: str) -> tuple[int, int]:
    """
    Parse height and width in pixels; `UsageError` for other text.

    Examples
    --------
    >>> image_size_of("28x32")
    (28, 32)
    """
    match = re.fullmatch(r"([1-9]\d{0,3})[x×]([1-9]\d{0,3})", text.strip().lower())
    if match is None:
        raise UsageError(f"--resize '{shown(text)}' is no size", do="give height x width in pixels, such as 28x28")
    return int(match[1]), int(match[2])
