"""Several labels a row, each true or not."""

from tenfold.tasks.labels.infer import TASK
from tenfold.tasks.labels.task import LabelTask

__all__ = ["TASK", "LabelTask"]
