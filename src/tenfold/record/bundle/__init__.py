"""Fitted models as files that execute no code when loaded: parts, each by a codec; one store for all."""

from tenfold.record.bundle.classifier import Classifier
from tenfold.record.bundle.classifier_files import load, replace_decision, save, verify
from tenfold.record.bundle.codecs.registry import register_codec
from tenfold.record.bundle.codecs.skops import why_unsavable
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
