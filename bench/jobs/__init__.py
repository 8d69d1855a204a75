"""The jobs, one file a family, in the order they are run and shown."""

from bench.jobs.denoising import DENOISING
from bench.jobs.forest import FOREST
from bench.jobs.grid import GRID
from bench.jobs.neighbours import NEIGHBOURS
from bench.jobs.quantities import NEIGHBOUR_MEANS, SGD_SEVERAL_TARGETS, SGD_TARGET
from bench.jobs.several_labels import SEVERAL_LABELS
from bench.jobs.sgd import SGD_BINARY, SGD_BINARY_FOLDS, SGD_RAW, SGD_SCALED
from bench.jobs.shifts import SHIFTS
from bench.jobs.svc import SVC
from bench.jobs.table_neighbours import TABLE_NEIGHBOURS
from bench.jobs.trees import BOOSTING_PREDICTIONS, FOREST_PREDICTIONS

__all__ = ["JOBS"]

JOBS = (
    NEIGHBOURS, GRID, SEVERAL_LABELS, DENOISING, TABLE_NEIGHBOURS, NEIGHBOUR_MEANS,
    SGD_BINARY, SGD_BINARY_FOLDS, SGD_RAW, SGD_SCALED, SGD_TARGET, SGD_SEVERAL_TARGETS, SHIFTS, SVC, FOREST,
    FOREST_PREDICTIONS, BOOSTING_PREDICTIONS,
)  # fmt: skip
