"""A kind of data whose instances are rows of a sparse matrix: word counts, as scipy CSR."""

import hashlib
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, issparse
from sklearn.preprocessing import MaxAbsScaler, StandardScaler

from tenfold.data.dataset import Dataset
from tenfold.data.kinds import Kind, register_kind
from tenfold.data.kinds.storage import SPARSE
from tenfold.errors import DataError

SCALERS = {"unit": MaxAbsScaler, "standard": lambda: StandardScaler(with_mean=False)}


def _validate(X, name):
    if not issparse(X) or X.format != "csr":
        raise DataError("word counts are a CSR matrix", where=name)


def _row_bytes(X, row):
    part = slice(X.indptr[row], X.indptr[row + 1])
    return X.indices[part].astype("<i8").tobytes() + X.data[part].astype("<f8").tobytes()


def _ids(X):
    return np.array([hashlib.blake2b(_row_bytes(X, row), digest_size=16).hexdigest() for row in range(X.shape[0])])


@dataclass(frozen=True)
class CountsSchema:
    """Counts of so many words."""

    words: int
    names: tuple[str, ...] = ()

    @property
    def summary(self):
        return f"counts of {self.words} words"

    def check(self, X, where=None, start=0):
        _validate(X, where or "counts")
        if X.shape[1] != self.words:
            raise DataError(f"{X.shape[1]} words a row, where this model needs {self.words}", where=where)
        return X, ()

    def instances(self, rows):
        return csr_matrix(rows)

    def as_dict(self):
        return {"kind": "counts", "words": self.words}

    def few_rows(self, X, count):
        return X[:count]

    def plain_rows(self, X):
        return X.toarray().tolist()

    def read_rows(self, plain):
        return csr_matrix(np.array(plain, np.float64))


COUNTS = register_kind(
    Kind(
        name="counts",
        nouns=("text", "texts"),
        validate=_validate,
        size=lambda X: f"{X.shape[1]} words",
        ids=_ids,
        storage=SPARSE,
        prepare=lambda layout, need: [("scale", SCALERS[need.scaling]())] if need.scaling in SCALERS else [],
        width=lambda X, layout: X.shape[1],
        values=lambda X: X.toarray(),
        text=lambda X, row: f"{X[row].nnz} words",
        line_up=("logistic", "sgd"),
        sparse=True,
        schema=lambda X, layout: CountsSchema(X.shape[1]),
        read_schema=lambda plain: CountsSchema(int(plain["words"])),
    )
)


def counts(n=120, words=80):
    """Word counts of texts in three classes, each with words of its own among those of all."""
    rng = np.random.default_rng(0)
    codes = np.arange(n) % 3
    dense = rng.poisson(0.1, (n, words)).astype(np.float64)
    dense[np.arange(n), 3 * rng.integers(0, words // 3, n) + codes] += 2
    for at in range(8):
        dense[np.arange(n), codes + 3 * at] += rng.poisson(0.7, n)
    return Dataset("letters", "counts", csr_matrix(dense), np.array(list("abc"), object)[codes], source="memory")
