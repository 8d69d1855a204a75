"""Sets of images from OpenML, downloaded once and only believed when they are what they should be."""

from __future__ import annotations

import http.client
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.errors import DataError
from tenfold.output import echo

__all__ = ["NETWORK_FAULTS", "download"]

NETWORK_FAULTS = (OSError, http.client.HTTPException)


def download(openml_name: str) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """
    Download version 1 of a set of 28 x 28 images; a line on the error stream says so.

    Parameters
    ----------
    openml_name : str
        Name at openml.org: ``mnist_784`` or ``Fashion-MNIST``.

    Returns
    -------
    images : ndarray of uint8, shape (n, 28, 28)
    labels : ndarray of uint8, shape (n,)

    Raises
    ------
    DataError
        What came is not such images.
    OSError, http.client.HTTPException
        No network, or the server failed; the caller knows what else was tried.
    """
    from sklearn import datasets

    echo(f"downloading {openml_name} from openml.org, once", err=True)
    # Not scikit-learn's own cache: ours is verified and written whole.
    bunch = datasets.fetch_openml(openml_name, version=1, as_frame=False, parser="pandas", cache=False, n_retries=1)
    return _images(bunch.data, openml_name), _labels(bunch.target, openml_name)


def _images(data: Any, name: str) -> NDArray[np.uint8]:
    pixels = np.asarray(data)
    bytes_ = pixels.astype(np.uint8) if np.issubdtype(pixels.dtype, np.number) else np.empty(0, np.uint8)
    if pixels.ndim != 2 or pixels.shape[1] != 784 or bytes_.shape != pixels.shape or (bytes_ != pixels).any():
        raise DataError(f"what came is no table of 784 pixels (shape {pixels.shape})", where=f"openml.org {name}")
    return bytes_.reshape(-1, 28, 28)


def _labels(target: Any, name: str) -> NDArray[np.uint8]:
    try:
        return np.asarray(target).astype(np.int64).astype(np.uint8)
    except (TypeError, ValueError):
        raise DataError("what came has labels that are no digits", where=f"openml.org {name}") from None
