"""What is read from files: labelled data, and saved models."""

from __future__ import annotations

from tenfold.api.parameters import suggesting_names
from tenfold.data.dataset import Dataset
from tenfold.data.sources import load as _load
from tenfold.record.bundle import Classifier
from tenfold.record.bundle import load as load_model

__all__ = ["Classifier", "Dataset", "load", "load_model"]

load = suggesting_names(_load)
