"""Whether a pipeline can be written as a model that runs no code: asked before the first fit, and when it is saved."""

from __future__ import annotations

import io
import zipfile

from sklearn.pipeline import Pipeline

from tenfold.errors import ModelError
from tenfold.record.bundle.packed import packed
from tenfold.record.bundle.refusal import Refused
from tenfold.record.bundle.vetting.vet import vet
from tenfold.text import shown

__all__ = ["pipeline_bytes", "why_unsavable"]

_FASTEST = 1  # deflate level: 100 trees on MNIST take 25 MB in 0.8 s, 20 MB in 2.4 s at level 6


def pipeline_bytes(pipeline: Pipeline) -> bytes:
    """
    Write a pipeline, fitted or not, as the content of a file that runs no code when it is loaded.

    Raises
    ------
    ModelError
        It holds what no such file may hold.
    """
    import skops.io

    try:
        content = bytes(skops.io.dumps(packed(pipeline), compression=zipfile.ZIP_DEFLATED, compresslevel=_FASTEST))
        vet(io.BytesIO(content))
    except Refused as fault:
        raise ModelError(str(fault)) from fault
    except MemoryError:
        raise
    except Exception as fault:  # whatever a foreign estimator raises while it is taken apart
        raise ModelError(f"it cannot be taken apart ({type(fault).__name__}: {shown(fault, 120)})") from fault
    return content


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
        pipeline_bytes(pipeline)
    except ModelError as fault:
        return str(fault).rstrip(".")
    return None
