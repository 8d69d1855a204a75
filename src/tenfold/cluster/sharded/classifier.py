"""k nearest neighbours among shards as a scikit-learn classifier."""

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
from tenfold.cluster.sharded.nearest import NearestLabelled, joined, merged
from tenfold.cluster.sharded.opened import Shards, opened_shards
from tenfold.cluster.sharded.part import FilePart, Part, are_paths, split_rows
from tenfold.cluster.sharded.shard import Facts, refuse_other_columns
from tenfold.errors import DataError, EngineError
from tenfold.models.neighbours.parameters import checked_count, refuse_too_many, refuse_unknown_weights
from tenfold.models.neighbours.votes import Weights, majority_class, vote_shares, vote_weights
from tenfold.output import echo

__all__ = ["ShardedKNeighborsClassifier"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
_Answer = tuple[int, int, NearestLabelled]
_TELL = 5.0
_DTYPES = (np.float64, np.float32, np.uint8)


class ShardedKNeighborsClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """
    Exact k nearest neighbours by Euclidean distance among training rows that need not fit one machine.

    The rows lie in shards, each in the memory of one worker of a Dask cluster. A question goes to every shard, and what
    they find is merged by distance, then by row: answers are those of `KNeighborsClassifier` on all rows, to the last
    digit and ties included, whatever the number of shards and workers and whatever is lost on the way.

    Parameters
    ----------
    n_neighbors : int
    weights : "uniform", "distance", callable or None
    engine : str
        ``local`` (all shards in this process), ``dask://host:port`` (loopback only) or ``dask+tls://host:port``.
    target : str, optional
        Column of the label, where files are tables.
    n_shards : int, optional
        How many to cut arrays into; by default one a worker. Files are never cut: each is a shard.
    chunk_size : int
        Queries in a question: one future a chunk and shard.
    n_jobs : int, optional
        Threads of a search; by default one on a worker, and here as many as the linear algebra libraries may use.
    verbose : bool
        Tell on standard error what happens to the cluster, and every few seconds how far it is.

    Attributes
    ----------
    classes_ : ndarray of shape (classes,)
        Of files: their labels as text, in the order of text.
    shard_rows_ : ndarray of int64, shape (shards,)
        Rows of each shard; rows are counted through all of them in order.
    n_features_in_, n_samples_fit_ : int
    feature_names_in_ : ndarray of str
        Where there are names.

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
        Have the training rows read and packed where they will be searched.

        Parameters
        ----------
        X : array of shape (n, d), or list of path
            Paths are those that the workers see: .npz with X and y, IDX images with labels beside them, CSV or Parquet
            tables, or folders of Parquet files. A file need not be seen by every worker. This process reads none.
        y : array of shape (n,), optional
            Left out with paths.

        Raises
        ------
        DataError
            A file that no worker sees, that cannot be used, or whose columns are not those of the others.
        LimitError
            A shard is larger than the memory of a worker.
        EngineError
            The cluster cannot be used, or is gone.
        """
        self._refuse_unknown_parameters()
        self.close()
        self.__dict__.pop("_facts", None)
        with self._shards() as shards:
            if y is None and are_paths(X):
                listed = shards.files([os.fspath(path) for path in X])
                self._parts: Sequence[Part] = [FilePart(path, self.target) for files in listed for path in files]
                self._take_facts(shards.open(self._parts))
            else:
                self._parts = self._split(X, y, shards.workers)
                self._take_facts(shards.open(self._parts), self.classes_)
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
            Counted through all shards.
        """
        found = self._nearest(X, n_neighbors)
        return (np.sqrt(found.distances), found.rows) if return_distance else found.rows

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Give the class that wins the vote, shape (m,); of equal ones the first."""
        found = self._nearest(X, None)
        weights = vote_weights(np.sqrt(found.distances), self.weights)
        return np.asarray(self.classes_[majority_class(found.codes.astype(np.int64), weights, len(self.classes_))])

    def predict_proba(self, X: ArrayLike) -> Floats:
        """Give the share of the votes for each class, shape (m, classes)."""
        found = self._nearest(X, None)
        weights = vote_weights(np.sqrt(found.distances), self.weights)
        return vote_shares(found.codes.astype(np.int64), weights, len(self.classes_))

    def close(self) -> None:
        """Leave the cluster and give its memory back; the next question opens the shards again."""
        if "_leave" in self.__dict__:
            self.__dict__.pop("_leave")()
        self.__dict__.pop("_opened", None)

    def __getstate__(self) -> dict[str, Any]:
        """Give what the shards are made of, without the shards and the way to them."""
        state: dict[str, Any] = dict(super().__getstate__())
        return {name: value for name, value in state.items() if name not in {"_opened", "_leave"}}

    def _split(self, X: Any, y: Any, workers: int) -> Sequence[Part]:
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

    def _take_facts(self, facts: Sequence[Facts], classes: NDArray[Any] | None = None) -> None:
        refuse_other_columns(self._parts, facts)
        self._facts = facts
        self.shard_rows_ = np.array([one.rows for one in facts], np.int64)
        self.n_samples_fit_ = int(self.shard_rows_.sum())
        if classes is None:
            self.classes_ = np.unique(np.concatenate([np.array(one.classes, str) for one in facts]))
            self.n_features_in_ = facts[0].features
            self.__dict__.pop("feature_names_in_", None)
            if len(facts[0].columns) == facts[0].features:
                self.feature_names_in_ = np.array(facts[0].columns, object)

    def _nearest(self, X: ArrayLike, n_neighbors: int | None) -> NearestLabelled:
        check_is_fitted(self)
        k = checked_count(self.n_neighbors if n_neighbors is None else n_neighbors)
        refuse_too_many(k, self.n_samples_fit_)
        Q = np.asarray(validate_data(self, X, dtype=_DTYPES, order="C", reset=False))
        chunks = [Q[first : first + self.chunk_size] for first in range(0, len(Q), self.chunk_size)]
        first_rows = np.cumsum(self.shard_rows_) - self.shard_rows_
        named = [self._codes_of(one) for one in self._facts]
        best: list[NearestLabelled | None] = [None] * len(chunks)
        with self._shards() as shards:
            answers = shards.answers(chunks, k)
            for chunk, shard, found in _told(answers, len(chunks) * len(self._facts), self._note()):
                own = NearestLabelled(found.distances, found.rows + first_rows[shard], named[shard][found.codes])
                so_far = best[chunk]
                best[chunk] = own if so_far is None else merged(so_far, own, k)
        return joined([one for one in best if one is not None])

    def _codes_of(self, facts: Facts) -> NDArray[np.int32]:
        """Give our code for each code of a shard: files know their own labels only."""
        own = np.array(facts.classes, str) if facts.classes else self.classes_
        return np.searchsorted(self.classes_, own).astype(np.int32)

    @contextmanager
    def _shards(self) -> Iterator[Shards]:
        """Give the shards, opened again after they were left; a cluster that is lost is left."""
        known = "_opened" in self.__dict__
        try:
            if not known:
                stack = ExitStack()
                leave = weakref.finalize(self, stack.close)
                self.__dict__["_leave"] = leave
                self.__dict__["_opened"] = stack.enter_context(opened_shards(self.engine, self.n_jobs, self._note()))
            if not known and hasattr(self, "_facts"):
                self._open_again(self.__dict__["_opened"])
            yield self.__dict__["_opened"]
        except EngineError:
            self.close()
            raise

    def _open_again(self, shards: Shards) -> None:
        for part, before, now in zip(self._parts, self._facts, shards.open(self._parts), strict=True):
            if before.digest != now.digest:
                raise DataError("it holds other rows than when this was fitted", where=str(part), do="fit again")

    def _note(self) -> Callable[[str], None]:
        return (lambda line: echo(line, err=True)) if self.verbose else (lambda line: None)


def _told(answers: Iterator[_Answer], total: int, note: Callable[[str], None]) -> Iterator[_Answer]:
    """Tell every few seconds how far it is."""
    start = last = time.monotonic()
    for done, answer in enumerate(answers, start=1):
        if (now := time.monotonic()) - last > _TELL:
            last = now
            note(f"{done:,} of {total:,} questions answered in {now - start:.0f} s.")
        yield answer
