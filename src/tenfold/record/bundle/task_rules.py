"""What a saved classifier must be for its task: its decision, its classes, its predictions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.scores import Predictions
from tenfold.decision.decision import Decision
from tenfold.decision.interval import is_number
from tenfold.errors import ModelError
from tenfold.program.program import Program
from tenfold.program.refusal import demand, refuse
from tenfold.program.values import Classes, Labels, Matrix
from tenfold.task import Task, task_from_dict
from tenfold.text import shown

__all__ = [
    "check_classes",
    "check_decision",
    "check_difficulty",
    "check_predictions",
    "check_target_range",
    "read_task",
    "refuse_unencodable",
    "things_predicted",
]


_OTHER_CLASSES = "its model has other classes than its manifest"


def read_task(plain: Any) -> Task:
    """
    Read what `Task.as_dict` gave.

    Raises
    ------
    Refused
        It contradicts itself.
    """
    demand(isinstance(plain, dict), "its task is none")
    classes, rest = tuple(plain["classes"]), plain["one_vs_rest"]
    demand(all(isinstance(name, str) for name in classes), "a class name is no text")
    fewest = 1 if plain.get("type") == "quantities" else 2
    demand(fewest <= len(set(classes)) == len(classes), "its class names are not distinct")
    demand(rest is None or isinstance(rest, str), "the class set against all the rest is no text")
    try:
        return task_from_dict(plain)
    except ValueError as fault:
        return refuse(str(fault))


def refuse_unencodable(task: Task) -> None:
    """Refuse class names that no file can keep, with a ModelError."""
    for name in task.classes:
        if "\0" in name or any(0xD800 <= ord(character) < 0xE000 for character in name):
            raise ModelError(f"the class name '{shown(name)}' holds a character that no file can keep")


def things_predicted(task: Task) -> str:
    """Return the word for what is predicted: classes, labels or quantities."""
    return "quantities" if task.numeric else "labels" if task.several else "classes"


def check_decision(decision: Decision, task: Task) -> None:
    """Refuse thresholds that are not one for one score a row, or one a label: a row more or less would decide."""
    several = None if decision.thresholds is None else len(decision.thresholds)
    demand(several in {None, len(task.classes)} and (several is None or task.several), "odd thresholds")
    numbers = task.numeric
    demand(numbers == (decision.kind in {"value", "interval"}), "a decision of another task")
    parts = [decision.shift, *([] if decision.interval is None else [decision.interval.below])]
    demand(all(part is None or len(part) == len(task.classes) for part in parts), "odd intervals")
    one_score = task.positive is not None or task.several
    demand(decision.threshold is None or one_score, "a threshold, but several classes")


def check_target_range(provenance: Any, task: Task) -> None:
    """Refuse ranges of training values that are not one pair of numbers a target."""
    ranges = provenance.get("target_range") if isinstance(provenance, dict) else None
    if ranges is None:
        return
    pairs = [one for one in ranges if isinstance(one, list) and len(one) == 2] if isinstance(ranges, list) else []
    numbers = all(is_number(end) for one in pairs for end in one)
    demand(task.numeric and numbers and len(pairs) == len(ranges) == len(task.classes), "odd target ranges")


def check_classes(model: Any, task: Task) -> None:
    """Refuse a model whose classes are no codes of the task's; of a pipeline of labels the predictions tell."""
    if isinstance(model, Program):
        _check_outputs(model, task)
        return
    if task.several or task.numeric:
        return
    codes = np.asarray(model.classes_)
    whole = codes.ndim == 1 and codes.dtype.kind in "iu"
    known = whole and set(codes.tolist()) <= set(range(len(task.classes)))
    demand(known and len(set(codes.tolist())) == len(codes), _OTHER_CLASSES)


def _check_outputs(program: Program, task: Task) -> None:
    """By their types, before anything is run."""
    count, predicted = len(task.classes), program.types[program.outputs.predicted]
    if task.numeric:
        demand(
            isinstance(predicted, Matrix) and predicted.width == count, "its model predicts other numbers than it says"
        )
        difficulty = None if program.outputs.scores is None else program.types[program.outputs.scores]
        demand(difficulty is None or (isinstance(difficulty, Matrix) and difficulty.width == count), "odd difficulties")
        return
    demand(predicted == (Labels(count) if task.several else Classes(count)), _OTHER_CLASSES)
    if program.outputs.scores is not None:
        scores = program.types[program.outputs.scores]
        demand(isinstance(scores, Matrix) and scores.width == len(task.score_names), _OTHER_CLASSES)


def check_difficulty(model: Any, decision: Decision) -> None:
    """Refuse intervals that scale with a difficulty which the model does not predict, or do not with one it does."""
    if decision.interval is not None:
        predicts = isinstance(model, Program) and model.outputs.scores is not None
        demand(decision.interval.scaled == predicts, "its intervals and its model disagree on the difficulty of rows")


def check_predictions(predictions: Predictions, codes: NDArray[Any], task: Task) -> None:
    """Refuse predictions that are not of the task's classes; of several labels, not one and one score for each."""
    if task.numeric:
        wide = predictions.predicted.reshape(len(codes), -1).shape[1]
        demand(wide == len(task.classes), "its pipeline predicts other targets than its manifest")
        return
    if task.several:
        parts = [predictions.predicted, *([] if predictions.scores is None else [predictions.scores])]
        fit = all(part.ndim == 2 and part.shape[1] == len(task.classes) for part in parts)
        demand(fit, "its pipeline has other labels than its manifest")
    most = 2 if task.several else len(task.classes)
    demand(bool(((codes >= 0) & (codes < most)).all()), "it predicts an unknown class for a golden row")
