"""A saved model judged on labelled data; the test part of its own data counts as an opening."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tenfold.data.dataset import Dataset
from tenfold.data.holdout import Ledger, Openings, home_ledger
from tenfold.data.holdout.ledger import UNREADABLE
from tenfold.data.holdout.seal import instances_digest
from tenfold.errors import DataError
from tenfold.figures import Estimate, Evaluation
from tenfold.record.bundle import Classifier
from tenfold.record.folder import RunFolder
from tenfold.regular_files import open_regular
from tenfold.text import shown

__all__ = ["EvaluateOutput", "ModelEvaluation", "evaluate_model"]


@dataclass(frozen=True, eq=False)
class ModelEvaluation:
    """
    A saved model's figures on labelled data.

    Parameters
    ----------
    classifier : Classifier
    data : Dataset
        The rows judged.
    evaluation : Evaluation
        At the model's decision.
    openings : int or None
        How often the test part has been opened, where the rows judged are that part.
    notes : tuple of str
        What the reader must know.
    """

    classifier: Classifier
    data: Dataset
    evaluation: Evaluation
    openings: int | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class EvaluateOutput:
    """``tenfold evaluate --json``: figures of a model on some data; how often they were opened where they are tests."""

    figures: Mapping[str, Estimate]
    test_openings: int | None
    notes: tuple[str, ...]


def evaluate_model(classifier: Classifier, model: Path, data: Dataset, ledger: Ledger | None = None) -> ModelEvaluation:
    """
    Judge a saved model on labelled data.

    Of the very data it was trained on, only the test part is judged.

    Parameters
    ----------
    classifier : Classifier
    model : Path
        The run folder or bundle that it was loaded from.
    data : Dataset
    ledger : Ledger, optional
        Of test openings; the user's own by default.

    Raises
    ------
    DataError
        A label is unknown or missing, or these are the training data and only a bundle is given.
    """
    _refuse_other_labels(classifier, data)
    if data.y is None or (data.labels.ndim == 1 and bool((data.labels == "").any())):
        raise DataError(
            "rows without a label cannot be judged", where=data.source, do="fill these labels, or remove the rows"
        )
    rows, notes = _rows_to_judge(classifier, RunFolder(model), data)
    openings = _opening(classifier, rows, ledger or home_ledger())
    damage = (UNREADABLE,) if openings is not None and openings.unreadable else ()
    answers, more = classifier.predictions_and_notes(rows.X, rows.source)
    true = classifier.task.encode(rows.labels)
    at = classifier.in_force(answers)
    evaluation = classifier.task.evaluate(
        true, at.predicted, at.scores, probabilities=classifier.probabilities, decision=classifier.decision
    )
    count = None if openings is None else openings.count
    return ModelEvaluation(classifier, rows, evaluation, count, (*notes, *damage, *more))


def _refuse_other_labels(classifier: Classifier, data: Dataset) -> None:
    """A model of several labels, or quantities, is judged on the very same ones, and on nothing else."""
    task = classifier.task
    wanted = task.classes if task.several or (task.numeric and len(task.classes) > 1) else None
    if data.y is None or (wanted is None and data.labels.ndim == 1) or data.target_names == wanted:
        return
    labels = ", ".join(shown(name, 30) for name in data.target_names[:6])
    if wanted is None:
        what = "quantity" if task.numeric else "label"
        raise DataError(f"the model predicts one {what} a row, the data have several ({labels})", where=data.source)
    names = ", ".join(shown(name, 30) for name in wanted[:6])
    raise DataError(
        f"the model predicts the {'labels' if task.several else 'quantities'} {names}; the data have {labels}",
        where=data.source,
        do="give the same labels, in the same order, with --target or --labels",
    )


def _rows_to_judge(classifier: Classifier, folder: RunFolder, data: Dataset) -> tuple[Dataset, tuple[str, ...]]:
    if data.fingerprint == classifier.provenance.get("fingerprint"):
        if not folder.test.exists():
            raise DataError(
                "the model was trained on these data", where=data.source, do="give the run folder, or other data"
            )
        rows = [row for part in _column(folder.test, "row") for row in part]
        test = data.take(np.flatnonzero(np.isin(data.rows, rows)))
        return test, (f"The model was trained on these data: only its {len(test):,} test rows are judged.",)
    if not folder.out_of_fold.exists():
        return data, ()
    known = _known_ids(folder.out_of_fold, set(data.ids.tolist()))
    seen = sum(id_ in known for id_ in data.ids)
    if not seen:
        return data, ()
    return data, (f"{seen:,} of the {len(data):,} rows were among the training rows: the figures flatter the model.",)


def _known_ids(path: Path, ids: set[str]) -> set[str]:
    """Those of some ids that are among the training rows, read in parts: there may be more than memory holds."""
    return {id_ for part in _column(path, "id") for id_ in ids.intersection(part)}


def _column(path: Path, name: str) -> Iterator[list[Any]]:
    """A column of a file of predictions, some rows at a time."""
    try:
        with open_regular(path, within=path.parent) as file:
            for batch in pq.ParquetFile(file).iter_batches(columns=[name]):
                yield batch.column(name).to_pylist()
    except (pa.ArrowException, OSError, ValueError, KeyError) as fault:
        raise DataError(f"damaged: {shown(fault, 120)}", where=path, do="repeat the run") from fault


def _opening(classifier: Classifier, rows: Dataset, ledger: Ledger) -> Openings | None:
    key = instances_digest(rows.ids)
    if key != classifier.provenance.get("test_instances"):
        return None
    return ledger.record(key, uuid.uuid4().hex, "evaluate", former=str(classifier.provenance["test_key"]))
