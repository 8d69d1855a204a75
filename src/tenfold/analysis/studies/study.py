"""Studies asked of a finished run: what is not there yet is computed, while no other process works in the folder."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from tenfold.analysis.studies.evidence import study_evidence
from tenfold.analysis.studies.importance import study_importance
from tenfold.analysis.studies.learning import study_learning
from tenfold.analysis.studies.map import study_map
from tenfold.analysis.studies.study_input import subject_of
from tenfold.data.dataset import Dataset
from tenfold.data.kinds.kind import has_texts
from tenfold.errors import UsageError
from tenfold.record.analysis import EVIDENCE, IMPORTANCE, LEARNING, MAP, Tell, made_for, read_study
from tenfold.record.folder import held_folder
from tenfold.record.run import Run, refuse_denoised

__all__ = ["studies_of", "study"]


def studies_of(run: Run) -> dict[str, dict[str, Any]]:
    """
    Read the studies of a run of one class a row that are there and still hold, by name.

    Raises
    ------
    UsageError
        A run that took noise off images.
    """
    refuse_denoised(run, "this study")
    threshold = run.record.metrics.chosen_record.decision.threshold
    studies = {
        name: read_study(run.path, name, made_for(name, run.chosen, run.record.metrics.metric, threshold))
        for name in (EVIDENCE, IMPORTANCE, LEARNING, MAP)
    }
    return {name: study for name, study in studies.items() if study is not None}


def study(
    run: Run, names: Sequence[str], tell: Tell = lambda line: None, trusted: Collection[str] = ()
) -> Dataset | None:
    """
    Make studies of a run that were not made before.

    Parameters
    ----------
    run : Run
    names : sequence of str
        Of `EVIDENCE`, `IMPORTANCE`, `LEARNING`, `MAP`.
    tell : callable
        Told how far they are.
    trusted : collection of str
        Names ``module:object`` whose code may be imported, as the chosen candidate may have.

    Returns
    -------
    Dataset or None
        The training rows, where they had to be loaded.

    Raises
    ------
    TenfoldError
        The data are not at hand, or the candidate cannot be fitted again.
    """
    if names and run.streamed:
        raise UsageError("a streamed run has no studies: they need its rows in memory", where=run.path)
    known = studies_of(run) if names else {}
    missing = [name for name in names if name not in known]
    if not missing:
        return None
    if EVIDENCE in missing and not has_texts(run.record.manifest.data.kind):
        raise UsageError("only texts, such as mail, have words to be weighed", where=run.path)
    with held_folder(run.path):
        subject = subject_of(run, trusted)
        if EVIDENCE in missing:
            study_evidence(subject, run.path, tell)
        if IMPORTANCE in missing:
            study_importance(subject, run.path, tell)
        if LEARNING in missing:
            study_learning(subject, run.path, tell)
        if MAP in missing:
            study_map(subject.data, run.path, subject.seed, tell)
        return subject.data
