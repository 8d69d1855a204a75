"""What is asked of a finished run from Python: what it rests on, whether more data help, where it is weak."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd

from tenfold.analysis.evidence.evidence import Evidence
from tenfold.analysis.evidence.evidence import evidence_of as find_evidence
from tenfold.analysis.studies.study import studies_of, study
from tenfold.analysis.weak_spots import WeakSpots
from tenfold.analysis.weak_spots import weak_spots as find_weak_spots
from tenfold.api.parameters import suggesting_names
from tenfold.ask.errors.errors import Errors
from tenfold.ask.errors.errors import errors_of as find_errors
from tenfold.ask.words.messages import words_model
from tenfold.ask.words.records import words_of_classes
from tenfold.errors import UsageError
from tenfold.record.analysis import IMPORTANCE, LEARNING
from tenfold.record.instances import training_instances
from tenfold.record.run import Run, open_run, refuse_denoised
from tenfold.show import write_report as draw_report
from tenfold.show.content import read_content
from tenfold.text import shown

__all__ = [
    "Errors",
    "Evidence",
    "WeakSpots",
    "class_words",
    "errors_of",
    "evidence_of",
    "importance",
    "learning_curve",
    "training_curve",
    "weak_spots",
    "write_report",
]

errors_of = suggesting_names(find_errors)


@suggesting_names
def importance(run: Run | str | Path, *, own: Collection[str] = ()) -> pd.DataFrame:
    """
    Find out what a run's answers rest on: what shuffling each column, or patch of the image, costs its metric.

    The study is kept in the run folder, and shown by every later report.

    Parameters
    ----------
    run : Run, or the path of its folder
    own : collection of str
        Your own ``module:object``, where the run chose one: a run folder alone has no code run.

    Returns
    -------
    DataFrame
        A line a part: ``part``, ``patch``, ``drop``, ``low``, ``high`` (95 % interval over the rows).

    Raises
    ------
    TenfoldError
        The data are not at hand, or the chosen candidate cannot be fitted again.

    Examples
    --------
    >>> import tempfile, tenfold
    >>> from pathlib import Path
    >>> found = tenfold.run("digits", models=["knn"], cv=2, out=Path(tempfile.mkdtemp()) / "digits")
    >>> tenfold.importance(found).shape
    (64, 5)
    """
    run = _opened(run)
    study(run, [IMPORTANCE], trusted=own)
    return pd.DataFrame(studies_of(run)[IMPORTANCE]["parts"])


@suggesting_names
def learning_curve(run: Run | str | Path, *, own: Collection[str] = ()) -> pd.DataFrame:
    """
    Find out whether more data would help a run: its metric with a half, a quarter, … of the training rows.

    The study is kept in the run folder, and shown by every later report; one that was interrupted goes on.

    Parameters
    ----------
    run : Run, or the path of its folder
    own : collection of str
        Your own ``module:object``, where the run chose one: a run folder alone has no code run.

    Returns
    -------
    DataFrame
        A line a size: ``rows``, ``value``, ``low``, ``high``, ``n``, and ``gain``, ``gain_low``, ``gain_high`` to the
        size before, paired on the same rows.

    Raises
    ------
    TenfoldError
        The data are not at hand, or the chosen candidate cannot be fitted again.

    Examples
    --------
    >>> import tempfile, tenfold
    >>> from pathlib import Path
    >>> found = tenfold.run("digits", models=["knn"], cv=2, out=Path(tempfile.mkdtemp()) / "digits")
    >>> curve = tenfold.learning_curve(found)
    >>> curve["rows"].tolist(), bool(curve["value"].is_monotonic_increasing)
    ([22, 44, 89, 179, 359, 718], True)
    """
    run = _opened(run)
    study(run, [LEARNING], trusted=own)
    points = studies_of(run)[LEARNING]["points"]
    gains = [one["gain"] or {"value": None, "low": None, "high": None} for one in points]
    return pd.DataFrame({
        **{key: [one[key] for one in points] for key in ("rows", "value", "low", "high", "n")},
        "gain": [g["value"] for g in gains], "gain_low": [g["low"] for g in gains],
        "gain_high": [g["high"] for g in gains],
    })  # fmt: skip


@suggesting_names
def training_curve(run: Run | str | Path, *, own: Collection[str] = ()) -> pd.DataFrame:
    """
    Find out how the error fell while the chosen candidate was fitted: boosting, gradient descent, softmax regression.

    It is found out with `importance`, kept in the run folder, and shown by every later report.

    Parameters
    ----------
    run : Run, or the path of its folder
    own : collection of str
        Your own ``module:object``, where the run chose one: a run folder alone has no code run.

    Returns
    -------
    DataFrame
        A line a stage: ``rounds`` (or ``epochs``, ``steps``), and the error after so many on rows that the model is
        fitted on, ``training``, and on rows that it is not, ``held_out``: RMSE, mean absolute error or log loss, which
        ``attrs["measure"]`` names. ``attrs["best"]`` is the stage that the model predicts with.

    Raises
    ------
    UsageError
        The chosen candidate is not fitted by stages.
    TenfoldError
        The data are not at hand, or the chosen candidate cannot be fitted again.

    Examples
    --------
    >>> import tempfile, tenfold
    >>> import numpy as np
    >>> from pathlib import Path
    >>> X = np.arange(60.0)[:, None]
    >>> found = tenfold.run(X, X[:, 0] + 0.5, models=["boosting"], cv=2, out=Path(tempfile.mkdtemp()) / "line")
    >>> curve = tenfold.training_curve(found)
    >>> list(curve), int(curve["rounds"].max()), curve.attrs
    (['rounds', 'training', 'held_out'], 200, {'measure': 'rmse', 'best': 200})
    """
    run = _opened(run)
    study(run, [IMPORTANCE], trusted=own)
    curve = studies_of(run)[IMPORTANCE].get("training")
    if curve is None:
        raise UsageError(
            f"'{shown(run.chosen, 40)}' is not fitted by stages that can be looked at",
            where=run.path,
            do="ask for the learning curve instead",
        )
    table = pd.DataFrame(
        {f"{curve['unit']}s": curve["stages"], **{key: curve[key] for key in ("training", "held_out")}}
    )
    table.attrs = {"measure": curve["measure"], "best": curve["best"]}
    return table


@suggesting_names
def weak_spots(run: Run | str | Path) -> WeakSpots:
    """
    Look where a run is weak: slices with many errors, rows nobody gets right, doubtful labels, near twins.

    Rows are given by their position among the training rows, which is that of their lines in
    ``out_of_fold.parquet``, candidate by candidate.

    Parameters
    ----------
    run : Run, or the path of its folder

    Raises
    ------
    UsageError
        The run has no one class a row, or its data are not at hand.

    Examples
    --------
    >>> import tempfile, tenfold
    >>> from pathlib import Path
    >>> found = tenfold.run("digits", models=["knn", "logistic"], cv=2, out=Path(tempfile.mkdtemp()) / "digits")
    >>> tenfold.weak_spots(found).candidates
    2
    """
    run = _opened(run)
    refuse_denoised(run, "weak_spots")
    if run.streamed:
        raise UsageError("a streamed run has no weak spots to show: they need its rows in memory", where=run.path)
    if run.record.metrics.task not in {"binary", "multiclass"}:
        raise UsageError("this run has no one class a row", where=run.path)
    content = read_content(run.path, training_instances(run))
    predictions = content.predictions
    if predictions is None:
        raise UsageError(content.absent or "this run has no one class a row", where=run.path)
    return find_weak_spots(predictions, content.seed)


@suggesting_names
def evidence_of(run: Run | str | Path, messages: Any) -> list[Evidence]:
    r"""
    Find out what each word of some messages adds to the score of the saved model of a run: exact for linear models.

    Parameters
    ----------
    run : Run, or the path of its folder
        On mail.
    messages : DataFrame, or sequence of bytes or str
        As `tenfold.load` gives them in ``X``, or whole messages, headers first.

    Returns
    -------
    list of Evidence
        One a message; in a notebook each is shown with its words coloured, ``table()`` gives a line a word.

    Raises
    ------
    UsageError
        The model was not saved, or its scores are no sums over words.
    DataError
        They are no messages.

    Examples
    --------
    >>> import tempfile, tenfold
    >>> from pathlib import Path
    >>> folder = Path(tempfile.mkdtemp())
    >>> for number in range(24):
    ...     label, words = ("ham", "see you") if number % 2 else ("spam", "free pills")
    ...     (folder / "mail" / label).mkdir(parents=True, exist_ok=True)
    ...     _ = (folder / "mail" / label / f"{number}.eml").write_text(f"Subject: {words}\n\n{words} {number}\n")
    >>> run = tenfold.run(folder / "mail", models=["word-bayes"], cv=2, out=folder / "run")
    >>> (evidence,) = tenfold.evidence_of(run, ["Subject: hello\n\nfree pills for you"])
    >>> evidence.predicted, sorted(evidence.table().nlargest(2, "weight")["word"])
    ('spam', ['free', 'pills'])
    """
    run = _opened(run)
    model = words_model(run)
    X, _ = model.classifier.schema.check(model.classifier.schema.instances(messages))
    return list(find_evidence(model, X))


@suggesting_names
def class_words(run: Run | str | Path, limit: int = 20) -> pd.DataFrame:
    """
    Return the words that add most to the scores of the messages of a run, for each class.

    Parameters
    ----------
    run : Run, or the path of its folder
        On mail.
    limit : int
        Of words a class, of its text and of what a message is built of.

    Returns
    -------
    DataFrame
        A line a word: ``class``, ``word``, ``weight`` (what it adds where it stands, on average), ``share`` (of the
        messages in which it stands), ``part`` (of a message, in which it stands).

    Raises
    ------
    TenfoldError
        The model knows no words by name, was not saved, or the data are not at hand.
    """
    run = _opened(run)
    words = words_of_classes(words_model(run), training_instances(run), limit)
    rows = [
        (one.name, word.term, word.weight, word.share, " and ".join(word.parts))
        for one in words.classes
        for word in one.words
    ]
    return pd.DataFrame(rows, columns=["class", "word", "weight", "share", "part"])


@suggesting_names
def write_report(run: Run | str | Path) -> Path:
    """
    Draw the page of a run again, with the studies made since, and with its instances where they came as arrays.

    Parameters
    ----------
    run : Run, or the path of its folder

    Returns
    -------
    Path
        Of ``report.html`` in the run folder.

    Examples
    --------
    >>> import tempfile, tenfold
    >>> from pathlib import Path
    >>> found = tenfold.run("digits", models=["knn"], cv=2, out=Path(tempfile.mkdtemp()) / "digits")
    >>> tenfold.write_report(found).name
    'report.html'
    """
    run = _opened(run)
    in_memory = run.data is not None and run.record.metrics.restoration is None
    return draw_report(run.path, training_instances(run) if in_memory else None)


def _opened(run: Run | str | Path) -> Run:
    return run if isinstance(run, Run) else open_run(run)
