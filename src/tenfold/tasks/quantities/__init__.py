"""Numbers to predict: one a row, or several."""

from tenfold.tasks.quantities.infer import TASK
from tenfold.tasks.quantities.task import QuantityTask

__all__ = ["TASK", "QuantityTask"]
