"""Lists of tags in one cell, such as ``drama; science fiction``."""

from __future__ import annotations

__all__ = ["TAG"]

TAG = r"[^\s;|,](?:[^;|,]*[^\s;|,])?"
"""A tag: what stands between separators, without the spaces around it."""
