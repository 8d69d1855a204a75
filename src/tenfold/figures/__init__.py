"""Pure functions from labels and scores to figures with intervals."""

from tenfold.figures.comparison.choice import Choice, brier_of, choose
from tenfold.figures.comparison.leader_board import (
    Contender,
    Difference,
    LeaderBoard,
    Standing,
    leader_board,
)
from tenfold.figures.comparison.paired import paired_difference
from tenfold.figures.confusion import confusion_matrix
from tenfold.figures.curves.calibration import Calibration, calibration
from tenfold.figures.curves.curves import (
    ThresholdCurve,
    average_precision,
    one_vs_rest_curves,
    roc_auc,
    threshold_curve,
)
from tenfold.figures.curves.thinning import thinned
from tenfold.figures.estimate import Estimate
from tenfold.figures.evaluate import Evaluation, evaluate
from tenfold.figures.intervals.closed import clopper_pearson, wilson
from tenfold.figures.intervals.significance import fold_agreement, holm, mcnemar, order_agreement
from tenfold.figures.labels.shared_errors import SharedErrors, shared_errors
from tenfold.figures.metrics import better, metric_keys

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
    "order_agreement",
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
