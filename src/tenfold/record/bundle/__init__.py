"""A fitted classifier as files that execute no code when loaded."""

from tenfold.record.bundle.classifier import Classifier
from tenfold.record.bundle.savable import why_unsavable
from tenfold.record.bundle.schema import Column, InputSchema
from tenfold.record.bundle.store import load, replace_decision, save
from tenfold.record.bundle.verification import Verification, verify

__all__ = [
    "Classifier",
    "Column",
    "InputSchema",
    "Verification",
    "load",
    "replace_decision",
    "save",
    "verify",
    "why_unsavable",
]
