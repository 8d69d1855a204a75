"""The codec for scikit-learn pipelines: skops' format, whose types and arrays are all vetted before skops reads it."""

from __future__ import annotations

import inspect
import io
import json
import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, BinaryIO

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.exceptions import InconsistentVersionWarning
from sklearn.pipeline import Pipeline

from tenfold.errors import ModelError
from tenfold.program.archive import open_archive
from tenfold.program.limits import OBJECTS
from tenfold.program.refusal import Refused
from tenfold.record.bundle.codecs.codec import Content, Tolerance
from tenfold.record.bundle.codecs.packed import pack, unpack
from tenfold.record.bundle.vetting.allow import TRUSTED
from tenfold.record.bundle.vetting.vet import DESCRIPTION, read_types, vet
from tenfold.text import shown

__all__ = ["SKOPS", "SkopsCodec", "why_unsavable"]

_FASTEST = 1  # deflate level: 100 trees on MNIST take 25 MB in 0.8 s, 20 MB in 2.4 s at level 6
_QUIET = {"n_jobs": None, "verbose": 0}


class SkopsCodec:
    """A pipeline of scikit-learn's and our own estimators; see `Codec`."""

    name = "skops"
    ending = "skops"
    tolerance = Tolerance(relative=1e-9)

    def encode(self, pipeline: Pipeline) -> bytes:
        """Return a pipeline, fitted or not, as the content of a file."""
        import skops.io

        try:
            content = bytes(skops.io.dumps(pack(pipeline), compression=zipfile.ZIP_DEFLATED, compresslevel=_FASTEST))
            vet(io.BytesIO(content))
        except Refused as fault:
            raise ModelError(str(fault)) from fault
        except MemoryError:
            raise
        except Exception as fault:  # whatever a foreign estimator raises while it is taken apart
            raise ModelError(f"it cannot be taken apart ({type(fault).__name__}: {shown(fault, 120)})") from fault
        return content

    def check(self, file: BinaryIO) -> Content:
        """Judge the zip, its description, types and arrays."""
        vetted = vet(file)
        versions = {"skops": frozenset({vetted.skops_version}), "scikit-learn": vetted.sklearn_versions}
        return Content(vetted.types, vetted.arrays, file, versions)

    def build(self, content: Content) -> Pipeline:
        """Let skops build the pipeline; silent, and on one thread, so that sums are added in one order."""
        import skops.io

        with warnings.catch_warnings(), _named_as_today(content.parts) as file:
            # the golden rows, not the version number, decide whether another version still predicts the same
            warnings.simplefilter("ignore", InconsistentVersionWarning)
            pipeline = unpack(skops.io.load(file, trusted=list(TRUSTED)))
        _add_new_parameters(pipeline, set())
        names = [name for name in pipeline.get_params() if name.split("__")[-1] in _QUIET]
        return pipeline.set_params(**{name: _QUIET[name.split("__")[-1]] for name in names})


def _add_new_parameters(value: Any, seen: set[int]) -> None:
    """Set parameters that estimators have got since they were saved to their defaults; golden rows tell the effect."""
    if id(value) in seen or isinstance(value, np.ndarray | str | bytes | int | float | None):
        return
    seen.add(id(value))
    if isinstance(value, BaseEstimator):
        for name, parameter in inspect.signature(type(value)).parameters.items():
            if parameter.default is not parameter.empty and name not in vars(value):
                setattr(value, name, parameter.default)
    inner = value if isinstance(value, dict | list | tuple) else getattr(value, "__dict__", {})
    for item in list(inner.values()) if isinstance(inner, dict) else inner:
        _add_new_parameters(item, seen)


@contextmanager
def _named_as_today(file: BinaryIO) -> Iterator[BinaryIO]:
    """
    Return a vetted file to skops: where types have moved since, a copy that names them as `vet` did.

    The copy lies on disk, for a model may be a gigabyte unpacked.
    """
    with open_archive(file, OBJECTS) as archive:
        description, moved = read_types(archive)
        if moved:
            with tempfile.TemporaryFile() as copy:
                _copy(archive, copy, json.dumps(description).encode("ascii"))
                yield copy
            return
    file.seek(0)
    yield file


def _copy(archive: zipfile.ZipFile, copy: IO[bytes], description: bytes) -> None:
    with zipfile.ZipFile(copy, "w") as target:
        for entry in archive.infolist():
            source = io.BytesIO(description) if entry.filename == DESCRIPTION else archive.open(entry)
            with source, target.open(zipfile.ZipInfo(entry.filename), "w") as member:
                shutil.copyfileobj(source, member)
    copy.seek(0)


SKOPS = SkopsCodec()


def why_unsavable(pipeline: Pipeline) -> str | None:
    """
    Say why a pipeline cannot be saved as a model, as far as it is known before it is fitted; None where it can.

    Parameters
    ----------
    pipeline : Pipeline
        Unfitted: its types and those of its parameters are compared with the list of what a model may hold.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.neural_network import MLPClassifier
    >>> why_unsavable(Pipeline([("model", LogisticRegression())]))
    >>> print(why_unsavable(Pipeline([("model", MLPClassifier())])))
    it holds 'sklearn.neural_network._multilayer_perceptron.MLPClassifier', which is not on Tenfold's list of types
    """
    try:
        SKOPS.encode(pipeline)
    except ModelError as fault:
        return str(fault).rstrip(".")
    return None
