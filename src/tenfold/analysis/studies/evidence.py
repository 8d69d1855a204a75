"""What the words of messages weighed to the models that judged them: each fitted again, without the fold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.errors import margin
from tenfold.analysis.evidence.evidence import Evidence, Word, evidence_of
from tenfold.analysis.evidence.fold_models import fold_model
from tenfold.analysis.studies.study_input import Subject
from tenfold.record.analysis import EVIDENCE, Tell, write_study

__all__ = ["evidence_in", "shown_positions", "study_evidence"]

_WRONG, _RIGHT = 60, 10
_LETTERS = 4_000
"""Characters of a text whose words are written one by one; of a longer one the sum of the rest."""
_DIGITS = 6


def shown_positions(
    y: NDArray[np.int64], predicted: NDArray[np.int64], sureness: NDArray[np.float64] | None
) -> NDArray[np.int64]:
    """
    Return the rows that a page shows with their words.

    They are the 60 surest of each cell of errors, and of each class rightly predicted the 10 surest and 10 least sure.

    Parameters
    ----------
    y, predicted : ndarray of int64, shape (n,)
        Class codes.
    sureness : ndarray of float64, shape (n,), or None
        None leaves all equally sure.

    Examples
    --------
    >>> shown_positions(np.array([0, 0, 1]), np.array([0, 1, 1]), None).tolist()
    [0, 1, 2]
    """
    sure = np.zeros(len(y)) if sureness is None else sureness
    positions: list[int] = []
    for actual, called in sorted(set(zip(y.tolist(), predicted.tolist(), strict=True))):
        cell = np.flatnonzero((y == actual) & (predicted == called))
        cell = cell[np.argsort(-sure[cell], kind="stable")]
        some = cell[:_WRONG] if actual != called else np.concatenate([cell[:_RIGHT], cell[-_RIGHT:]])
        positions += some.tolist()
    return np.array(sorted(set(positions)), np.int64)


def study_evidence(subject: Subject, run: Path, tell: Tell = lambda line: None) -> Path:
    """
    Weigh the words of errors, and of some right predictions, by the models that made them.

    Parameters
    ----------
    subject : Subject
        Its instances are texts.
    run : Path
        The run folder.
    tell : callable

    Raises
    ------
    UsageError
        The scores of the candidate are no sums over words.
    ModelError
        A model does not score its rows as it did.
    """
    codes = np.asarray(subject.decision.apply(subject.result.scores, subject.result.predicted), np.int64)
    sureness = None if subject.result.scores is None else _sureness(subject, codes)
    positions = shown_positions(subject.codes, codes, sureness)
    messages = []
    for fold in range(int(subject.folds.max()) + 1):
        of_fold = positions[subject.folds[positions] == fold]
        if len(of_fold):
            tell(f"Fold {fold + 1}: the words of {len(of_fold):,} {subject.data.traits.noun(len(of_fold))} …")
            evidence = evidence_of(fold_model(subject, fold), subject.data.take(of_fold).X)
            messages += [_entry(at, one) for at, one in zip(of_fold.tolist(), evidence, strict=True)]
    return write_study(run, EVIDENCE, subject.made_for(EVIDENCE), {"messages": messages})


def _sureness(subject: Subject, codes: NDArray[np.int64]) -> NDArray[np.float64]:
    scores, threshold = subject.result.scores, subject.decision.threshold
    own = 0.5 if subject.result.probabilities else 0.0
    return margin(codes, np.asarray(scores), own if threshold is None else threshold)


def _entry(position: int, evidence: Evidence) -> dict[str, Any]:
    parts = list(dict.fromkeys(word.part for word in evidence.words))
    single = [one for one in evidence.words if one.end <= _LETTERS]
    words = [[parts.index(one.part), one.start, one.end, round(one.weight, _DIGITS)] for one in single]
    rest = {part: sum(one.weight for one in evidence.of(part) if one.end > _LETTERS) for part in parts}
    return {
        "position": position,
        "toward": evidence.toward,
        "against": evidence.against,
        "offset": evidence.offset,
        "score": evidence.score,
        "threshold": evidence.threshold,
        "strict": evidence.strict,
        "unit": evidence.unit,
        "parts": parts,
        "words": words,
        "rest": {part: weight for part, weight in rest.items() if weight},
    }


def evidence_in(study: Mapping[str, Any], X: pd.DataFrame, columns: Sequence[str]) -> dict[int, Evidence]:
    """
    Return the evidence of a study by the position of the message; none where it cannot be read.

    Parameters
    ----------
    study : mapping
        As `study_evidence` writes it.
    X : DataFrame of n messages
        The training rows.
    columns : sequence of str
        Columns that the model is given.
    """
    try:
        return {
            int(one["position"]): _evidence(one, X.iloc[int(one["position"])], columns) for one in study["messages"]
        }
    except (KeyError, TypeError, ValueError, IndexError):  # a file of another program
        return {}


def _evidence(entry: Mapping[str, Any], message: Any, columns: Sequence[str]) -> Evidence:
    words = tuple(Word(entry["parts"][part], start, end, weight) for part, start, end, weight in entry["words"])
    texts = {name: message[name] or "" for name in columns}
    names = ("toward", "against", "offset", "score", "threshold", "strict", "unit", "rest")
    return Evidence(texts=texts, words=words, **{name: entry[name] for name in names})
