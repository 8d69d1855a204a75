"""What a run will do and roughly how long it takes, said before it starts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tenfold.candidates.catalogue import CATALOGUE, fold_seconds, without_room
from tenfold.candidates.entry import BASELINE, Candidate
from tenfold.candidates.labels import CHAIN
from tenfold.candidates.regressors.catalogue import REGRESSORS, beside_transformed
from tenfold.candidates.search import tuned
from tenfold.candidates.setting import Setting
from tenfold.data.dataset import Dataset
from tenfold.data.holdout import SealedTest
from tenfold.folds.assign import default_folds
from tenfold.program.lowering import unknown_part
from tenfold.record.augmentation import augmentation_plan
from tenfold.record.bundle import why_unsavable
from tenfold.record.config import RunConfig
from tenfold.task import Task
from tenfold.text import shown

__all__ = ["Plan", "duration", "make_plan", "unsaved_sentences"]

_START_SECONDS = 3.0


@dataclass(frozen=True, eq=False)
class Plan:
    """
    A run with every choice made.

    Parameters
    ----------
    config : RunConfig
        Resolved: nothing that steers the run is None any more.
    setting : Setting
    candidates : dict of str to Candidate
        The baseline first.
    seconds : float
        Rough duration on the cores given.
    sentences : tuple of str
        The plan in words.
    unsavable : mapping of str to str
        Candidates that cannot be saved as a model, and why.
    """

    config: RunConfig
    setting: Setting
    candidates: dict[str, Candidate]
    seconds: float
    sentences: tuple[str, ...]
    unsavable: Mapping[str, str] = field(default_factory=dict)


def make_plan(
    config: RunConfig,
    training: Dataset,
    test: SealedTest[Dataset],
    task: Task,
    setting: Setting,
    metric: str,
    cores: int,
    own: dict[str, Candidate] | None = None,
    trusted: Collection[str] = (),
) -> Plan:
    """
    Make the choices that were left open, and say what will be done.

    Parameters
    ----------
    config : RunConfig
    training : Dataset
    test : SealedTest
    task : Task
    setting : Setting
    metric : str
        That orders the candidates where none is asked for.
    cores : int
    own : dict of str to Candidate, optional
        Live candidates beside the catalogue's.
    trusted : collection of str
        Names ``module:object`` whose code may be imported.
    """
    folds = config.cv or default_folds(len(training), training.traits.folds)
    requested = (*(config.models or ()), *(own or {})) or None
    names = tuple(dict.fromkeys((BASELINE, *(requested or task.default_candidates(setting, folds)))))
    if config.target_transform is not None:
        names = beside_transformed(names, config.target_transform, setting)
    candidates = {name: (own or {}).get(name) or _made(task, name, setting, config.tune, trusted) for name in names}
    unsavable = _unsavable(candidates)
    resolved = replace(config, models=tuple(candidates), cv=folds, metric=config.metric or metric)
    seconds = _estimate(candidates, setting, folds, len(test), cores)
    left_out = without_room(names, setting) if requested is None else ()
    augmentation = augmentation_plan(candidates, setting)
    sentences = _sentences(
        resolved, training, test, task, seconds, cores, left_out, _settings_words(candidates), augmentation,
        in_blocks=setting.in_blocks,
    )  # fmt: skip
    savable = {name: one for name, one in candidates.items() if name not in unsavable}
    return Plan(
        resolved,
        setting,
        candidates,
        seconds,
        (*sentences, *unsaved_sentences(unsavable), *_object_sentences(savable)),
        unsavable,
    )


def _unsavable(candidates: Mapping[str, Candidate]) -> dict[str, str]:
    """A user's own candidates that hold what no model may; all of the catalogue become programs."""
    reasons = {name: _why_unsavable(name, one) for name, one in candidates.items()}
    return {name: reason for name, reason in reasons.items() if reason is not None}


def _is_of_catalogue(name: str) -> bool:
    base = name.removeprefix(CHAIN).split(":")[0]
    return base in CATALOGUE or base in REGRESSORS


def _object_sentences(candidates: Mapping[str, Candidate]) -> Iterator[str]:
    """Say of which candidates of a user's own the model is no program of arrays, and what that means."""
    for name, candidate in candidates.items():
        if _is_of_catalogue(name):
            continue
        reason = unknown_part(candidate.pipeline)
        if reason is not None:
            yield f"A model of {shown(name, 60)} needs scikit-learn to load and cannot be carried: {reason}."


def _why_unsavable(name: str, candidate: Candidate) -> str | None:
    if _is_of_catalogue(name) or not unknown_part(candidate.pipeline):
        return None
    return why_unsavable(candidate.pipeline)


def unsaved_sentences(unsavable: Mapping[str, str]) -> Iterator[str]:
    """
    Say which candidates cannot be saved, why, and what that means.

    Examples
    --------
    >>> next(unsaved_sentences({"mine:net": "it holds 'mine.Net'"}))
    "mine:net cannot be saved as a model: it holds 'mine.Net'. It is judged all the same; where one that can be..."
    """
    for name, reason in unsavable.items():
        yield (
            f"{shown(name, 60)} cannot be saved as a model: {reason}. It is judged all the same; where one that can be "
            "saved cannot be told apart from it, that one is chosen."
        )


def _settings_words(candidates: dict[str, Candidate]) -> str:
    """The candidates that try several settings, and how many."""
    return ", ".join(f"{name} {len(one.settings)}" for name, one in candidates.items() if one.settings)


def _made(task: Task, name: str, setting: Setting, tune: str | None, trusted: Collection[str]) -> Candidate:
    candidate: Candidate = task.candidate(name, setting, trusted)
    return candidate if tune is None else tuned(candidate, tune)


def _estimate(candidates: dict[str, Candidate], setting: Setting, folds: int, queries: int, cores: int) -> float:
    in_folds = sum(fold_seconds(c, setting, folds) for c in candidates.values()) * folds
    final = max(c.seconds(setting.rows, queries) for c in candidates.values())
    judging = 3e-5 * setting.rows * len(candidates) + 1e-6 * setting.rows * setting.classes
    return _START_SECONDS + in_folds / min(cores, folds * len(candidates)) + final + judging


def _sentences(
    config: RunConfig,
    training: Dataset,
    test: SealedTest[Dataset],
    task: Task,
    seconds: float,
    cores: int,
    left_out: tuple[str, ...],
    settings_words: str,
    augmentation: str | None,
    *,
    in_blocks: bool,
) -> tuple[str, ...]:
    what = _things(training)
    sealed = f"{len(test):,} sealed for one test ({test.how})"
    lines = [
        f"{training.name}: {len(training):,} {what} to learn from, {task.summary}; {sealed}.",
        f"{', '.join(config.models or ())}: {_how(config, training)}.",
    ]
    if in_blocks:
        lines.append(f"So many {training.traits.noun()} are read in blocks from disk, their words hashed.")
    if augmentation:
        lines.append(augmentation)
    if config.tune:
        lines.append(
            f"Settings to try: {settings_words}; each fold is answered by the one that is best on the other folds."
            if settings_words
            else "None of these candidates has settings to try: each is judged as it is."
        )
    if left_out:
        lines.append(f"Left out, too slow for {len(training):,} rows: {', '.join(left_out)} (ask with --models).")
    lines.append(f"Roughly {duration(seconds)} on {cores} core{'s' if cores > 1 else ''}.")
    return tuple(lines)


def _how(config: RunConfig, training: Dataset) -> str:
    """Say how candidates are judged, and in order of time which rows a fold is predicted from."""
    sentence = f"each judged on {config.cv} folds by {config.metric}"
    if config.order is None:
        return f"{sentence}, out of fold"
    groups = "; a group stands where its newest row does" if training.groups is not None else ""
    return f"{sentence}, each fold predicted from the rows before it by '{shown(config.order, 40)}'{groups}"


def _things(data: Dataset) -> str:
    return f"{data.traits.noun()} of {data.traits.size(data.X)}"


def duration(seconds: float) -> str:
    """
    Say a duration as people do.

    Examples
    --------
    >>> duration(4.2), duration(75), duration(400), duration(9000)
    ('4 s', '75 s', '7 minutes', '2.5 hours')
    """
    if seconds < 100:
        return f"{max(round(seconds), 1)} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
