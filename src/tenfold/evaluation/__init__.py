"""Pure functions from labels and scores to figures with intervals."""

from tenfold.evaluation.calibration import Calibration, calibration
from tenfold.evaluation.choice import Choice, brier_of, choose
from tenfold.evaluation.comparison import Contender, Difference, LeaderBoard, Standing, leader_board, paired_difference
from tenfold.evaluation.confusion import confusion_matrix
from tenfold.evaluation.curves import (
    ThresholdCurve,
    average_precision,
    one_vs_rest_curves,
    roc_auc,
    threshold_curve,
)
from tenfold.evaluation.estimate import Estimate
from tenfold.evaluation.evaluate import Evaluation, evaluate
from tenfold.evaluation.figures import better, metric_keys
from tenfold.evaluation.intervals import clopper_pearson, wilson
from tenfold.evaluation.label_errors import SharedErrors, shared_errors
from tenfold.evaluation.significance import fold_agreement, holm, mcnemar
from tenfold.evaluation.thinning import thinned

__all__ = [
    "Calibration",
    "Choice",
    "Contender",
    "Difference",
    "Estimate",
    "Evaluation",
    "LeaderBoard",
    "SharedErrors",
    "Standing",
    "ThresholdCurve",
    "average_precision",
    "better",
    "brier_of",
    "calibration",
    "choose",
    "clopper_pearson",
    "confusion_matrix",
    "evaluate",
    "fold_agreement",
    "holm",
    "leader_board",
    "mcnemar",
    "metric_keys",
    "one_vs_rest_curves",
    "paired_difference",
    "roc_auc",
    "shared_errors",
    "thinned",
    "threshold_curve",
    "wilson",
]
