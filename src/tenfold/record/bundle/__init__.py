"""Fitted models as files that execute no code when loaded: parts, each by a codec; one store for all."""

from __future__ import annotations

from typing import Any

from tenfold.record.bundle.classifier import Classifier
from tenfold.record.bundle.classifier_files import load, replace_decision, save, verify
from tenfold.record.bundle.codecs.registry import register_codec
from tenfold.record.bundle.store import Verification

__all__ = [
    "Classifier",
    "Verification",
    "load",
    "register_codec",
    "replace_decision",
    "save",
    "verify",
    "why_unsavable",
]


def why_unsavable(pipeline: Any) -> str | None:
    """Say why a pipeline cannot be saved as a model, see `tenfold.record.bundle.codecs.skops.why_unsavable`."""
    # Only here: whoever loads a model need not load what writes one.
    from tenfold.record.bundle.codecs.skops import why_unsavable

    return why_unsavable(pipeline)
