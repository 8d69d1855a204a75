"""k nearest neighbours among shards, as a scikit-learn classifier."""

from __future__ import annotations

import os
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data

from tenfold.cluster.address import LOCAL
from tenfold.cluster.sharded.nearest import NearestLabelled, merge, stack_parts
from tenfold.cluster.sharded.part import FilePart, Part, are_paths, split_rows
from tenfold.cluster.sharded.shard import ShardProfile, refuse_other_columns
from tenfold.cluster.sharded.shards import Shards, open_shards
from tenfold.errors import DataError, EngineError
from tenfold.models.neighbours.parameters import checked_count, refuse_too_many, refuse_unknown_weights
from tenfold.models.neighbours.votes import Weights, majority_class, vote_shares, vote_weights
from tenfold.output import echo

__all__ = ["ShardedKNeighborsClassifier"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
_ShardResult = tuple[int, int, NearestLabelled]
_TELL = 5.0
_DTYPES = (np.float64, np.float32, np.uint8)


class ShardedKNeighborsClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """
    Exact k nearest neighbours by Euclidean distance among training rows that need not fit one machine.

    The rows are in shards, each in the memory of one worker of a Dask cluster. Every shard is searched, and the results
    are merged by distance, then by row: predictions are those of `KNeighborsClassifier` on all rows, to the last digit
    and ties included, whatever the number of shards and workers, and whichever workers are lost on the way; but values
    whose squares overflow or vanish are not rescaled here.

    Parameters
    ----------
    n_neighbors : int
    weights : "uniform", "distance", callable or None
    engine : str
        ``local`` (all shards in this process), ``dask://host:port`` (loopback only) or ``dask+tls://host:port``.
    target : str, optional
        Column of the label, where files are tables.
    n_shards : int, optional
        Number of shards to split arrays into; by default one for each worker. Each file is one shard.
    chunk_size : int
        Queries of a chunk; there is one future for each chunk and shard.
    n_jobs : int, optional
        Threads of a search; by default one on a worker, and locally as many as the linear algebra libraries may use.
    verbose : bool
        Report changes of the cluster, and every few seconds the progress, on standard error.

    Attributes
    ----------
    classes_ : ndarray of shape (classes,)
        Of files: their labels as text, sorted as text.
    shard_rows_ : ndarray of int64, shape (shards,)
        Rows of each shard; row numbers run through all of them in order.
    n_features_in_, n_samples_fit_ : int
    feature_names_in_ : ndarray of str
        Only where columns have names.

    Examples
    --------
    >>> model = ShardedKNeighborsClassifier(1, n_shards=2).fit([[0], [3]], ["a", "b"])
    >>> model.predict([[1], [2]]).tolist(), model.shard_rows_.tolist()
    (['a', 'b'], [1, 1])
    """

    def __init__(
        self,
        n_neighbors: int = 5,
        *,
        weights: Weights = "uniform",
        engine: str = LOCAL,
        target: str | None = None,
        n_shards: int | None = None,
        chunk_size: int = 1024,
        n_jobs: int | None = None,
        verbose: bool = False,
    ) -> None:
        self.n_neighbors = n_neighbors
        self.weights = weights
        self.engine = engine
        self.target = target
        self.n_shards = n_shards
        self.chunk_size = chunk_size
        self.n_jobs = n_jobs
        self.verbose = verbose

    def fit(self, X: Any, y: Any = None) -> Self:
        """
        Have the training rows read and packed by the workers.

        Parameters
        ----------
        X : array of shape (n, d), or list of path
            Paths as the workers see them: .npz with X and y, IDX images with labels beside them, CSV or Parquet tables,
            or folders of Parquet files. Not every worker need see a file. This process reads none.
        y : array of shape (n,), optional
            None with paths.

        Raises
        ------
        DataError
            A file that no worker sees, that cannot be used, or with other columns than the first.
        LimitError
            A shard is larger than the memory of a worker.
        EngineError
            The cluster cannot be used, or is gone.
        """
        self._refuse_unknown_parameters()
        self.close()
        self.__dict__.pop("_profiles", None)
        with self._shards() as shards:
            if y is None and are_paths(X):
                listings = shards.files([os.fspath(path) for path in X])
                self._parts: Sequence[Part] = [FilePart(path, self.target) for files in listings for path in files]
                self._set_profiles(shards.open(self._parts))
            else:
                self._parts = self._split_arrays(X, y, shards.workers)
                self._set_profiles(shards.open(self._parts), self.classes_)
        return self

    def kneighbors(
        self, X: ArrayLike, n_neighbors: int | None = None, return_distance: bool = True
    ) -> tuple[Floats, Rows] | Rows:
        """
        Find the nearest training rows.

        Parameters
        ----------
        X : array of shape (m, d)
        n_neighbors : int, optional
        return_distance : bool

        Returns
        -------
        distances : ndarray of float64, shape (m, k)
            Left out unless `return_distance`.
        rows : ndarray of int64, shape (m, k)
            Row numbers through all shards.
        """
        nearest = self._nearest(X, n_neighbors)
        return (np.sqrt(nearest.distances), nearest.rows) if return_distance else nearest.rows

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the class with most votes, shape (m,); of equal ones the first."""
        nearest = self._nearest(X, None)
        weights = vote_weights(np.sqrt(nearest.distances), self.weights)
        return np.asarray(self.classes_[majority_class(nearest.codes.astype(np.int64), weights, len(self.classes_))])

    def predict_proba(self, X: ArrayLike) -> Floats:
        """Return the share of the votes for each class, shape (m, classes)."""
        nearest = self._nearest(X, None)
        weights = vote_weights(np.sqrt(nearest.distances), self.weights)
        return vote_shares(nearest.codes.astype(np.int64), weights, len(self.classes_))

    def close(self) -> None:
        """Disconnect from the cluster and release its memory; the next prediction opens the shards again."""
        if "_leave" in self.__dict__:
            self.__dict__.pop("_leave")()
        self.__dict__.pop("_opened", None)

    def __getstate__(self) -> dict[str, Any]:
        """Return the state without the shards and the connection."""
        state: dict[str, Any] = dict(super().__getstate__())
        return {name: value for name, value in state.items() if name not in {"_opened", "_leave"}}

    def _split_arrays(self, X: Any, y: Any, workers: int) -> Sequence[Part]:
        X, y = validate_data(self, X, y, dtype=_DTYPES, order="C")
        check_classification_targets(y)
        self.classes_, codes = np.unique(column_or_1d(y, warn=True), return_inverse=True)
        return split_rows(X, codes.astype(np.int32), workers if self.n_shards is None else self.n_shards)

    def _refuse_unknown_parameters(self) -> None:
        checked_count(self.n_neighbors)
        refuse_unknown_weights(self.weights)
        for name, value in (("n_shards", self.n_shards), ("chunk_size", self.chunk_size)):
            if value is not None and value < 1:
                raise ValueError(f"{name} must be at least 1, not {value!r}")

    def _set_profiles(self, profiles: Sequence[ShardProfile], classes: NDArray[Any] | None = None) -> None:
        refuse_other_columns(self._parts, profiles)
        self._profiles = profiles
        self.shard_rows_ = np.array([one.rows for one in profiles], np.int64)
        self.n_samples_fit_ = int(self.shard_rows_.sum())
        if classes is None:
            self.classes_ = np.unique(np.concatenate([np.array(one.classes, str) for one in profiles]))
            self.n_features_in_ = profiles[0].features
            self.__dict__.pop("feature_names_in_", None)
            if len(profiles[0].columns) == profiles[0].features:
                self.feature_names_in_ = np.array(profiles[0].columns, object)

    def _nearest(self, X: ArrayLike, n_neighbors: int | None) -> NearestLabelled:
        check_is_fitted(self)
        k = checked_count(self.n_neighbors if n_neighbors is None else n_neighbors)
        refuse_too_many(k, self.n_samples_fit_)
        Q = np.asarray(validate_data(self, X, dtype=_DTYPES, order="C", reset=False))
        chunks = [Q[first : first + self.chunk_size] for first in range(0, len(Q), self.chunk_size)]
        first_rows = np.cumsum(self.shard_rows_) - self.shard_rows_
        codes_of_shards = [self._codes_of(one) for one in self._profiles]
        best: list[NearestLabelled | None] = [None] * len(chunks)
        with self._shards() as shards:
            results = shards.search(chunks, k)
            for chunk, shard, nearest in _with_progress(results, len(chunks) * len(self._profiles), self._note()):
                own = NearestLabelled(
                    nearest.distances, nearest.rows + first_rows[shard], codes_of_shards[shard][nearest.codes]
                )
                so_far = best[chunk]
                best[chunk] = own if so_far is None else merge(so_far, own, k)
        return stack_parts([one for one in best if one is not None])

    def _codes_of(self, profile: ShardProfile) -> NDArray[np.int32]:
        """Return our code for each code of a shard, since a file knows its own labels only."""
        own = np.array(profile.classes, str) if profile.classes else self.classes_
        return np.searchsorted(self.classes_, own).astype(np.int32)

    @contextmanager
    def _shards(self) -> Iterator[Shards]:
        """Yield the shards, opened again if need be; disconnect from a cluster that is lost."""
        is_open = "_opened" in self.__dict__
        try:
            if not is_open:
                stack = ExitStack()
                leave = weakref.finalize(self, stack.close)
                self.__dict__["_leave"] = leave
                self.__dict__["_opened"] = stack.enter_context(open_shards(self.engine, self.n_jobs, self._note()))
            if not is_open and hasattr(self, "_profiles"):
                self._open_again(self.__dict__["_opened"])
            yield self.__dict__["_opened"]
        except EngineError:
            self.close()
            raise

    def _open_again(self, shards: Shards) -> None:
        for part, before, now in zip(self._parts, self._profiles, shards.open(self._parts), strict=True):
            if before.digest != now.digest:
                raise DataError("it holds other rows than when this was fitted", where=str(part), do="fit again")

    def _note(self) -> Callable[[str], None]:
        return (lambda line: echo(line, err=True)) if self.verbose else (lambda line: None)


def _with_progress(results: Iterator[_ShardResult], total: int, note: Callable[[str], None]) -> Iterator[_ShardResult]:
    """Report the progress every few seconds."""
    start = last = time.monotonic()
    for done, result in enumerate(results, start=1):
        if (now := time.monotonic()) - last > _TELL:
            last = now
            note(f"{done:,} of {total:,} questions answered in {now - start:.0f} s.")
        yield result
