"""What ``import tenfold`` offers: the straight line for people who come with arrays, a source or a fitted model."""

from tenfold.analysis.weak_spots import WeakSpots
from tenfold.api.judging import choose_threshold, evaluate, out_of_fold
from tenfold.api.parameters import suggesting_names
from tenfold.api.running import denoise, open_run, run
from tenfold.api.studying import importance, learning_curve, weak_spots, write_report
from tenfold.ask.errors.errors import Errors
from tenfold.ask.errors.errors import errors_of as _errors_of
from tenfold.data.dataset import Dataset
from tenfold.data.sources import load as _load
from tenfold.decision.decision import Decision
from tenfold.figures import Evaluation
from tenfold.folds.result import OutOfFold
from tenfold.record.bundle import Classifier
from tenfold.record.bundle import load as load_model
from tenfold.record.run import Run

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
