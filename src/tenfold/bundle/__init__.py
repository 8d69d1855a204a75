"""A fitted classifier as files that execute no code when loaded."""

from tenfold.bundle.classifier import Classifier
from tenfold.bundle.savable import why_unsavable
from tenfold.bundle.schema import Column, InputSchema
from tenfold.bundle.store import load, replace_decision, save
from tenfold.bundle.verification import Verification, verify

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
