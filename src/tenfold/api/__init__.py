"""What ``import tenfold`` offers: the straight line for people who come with arrays, a source or a fitted model."""

from tenfold.analysis.weak_spots import WeakSpots
from tenfold.api.judging import choose_threshold, evaluate, out_of_fold
from tenfold.api.parameters import suggesting_names
from tenfold.api.running import denoise, open_run, run
from tenfold.api.studying import importance, learning_curve, weak_spots, write_report
from tenfold.bundle import Classifier
from tenfold.bundle import load as load_model
from tenfold.dataset import Dataset
from tenfold.decision.decision import Decision
from tenfold.evaluation import Evaluation
from tenfold.folds.result import OutOfFold
from tenfold.runs.erring import Errors
from tenfold.runs.erring import errors_of as _errors_of
from tenfold.runs.opened import Run
from tenfold.sources import load as _load

__all__ = [
    "Classifier",
    "Dataset",
    "Decision",
    "Errors",
    "Evaluation",
    "OutOfFold",
    "Run",
    "WeakSpots",
    "choose_threshold",
    "denoise",
    "errors_of",
    "evaluate",
    "importance",
    "learning_curve",
    "load",
    "load_model",
    "open_run",
    "out_of_fold",
    "run",
    "weak_spots",
    "write_report",
]

errors_of = suggesting_names(_errors_of)
load = suggesting_names(_load)
