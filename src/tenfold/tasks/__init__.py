"""What is to be predicted, one folder a task, with the same file names in each; `tenfold.task` has the protocol."""

from tenfold.tasks.classes import ClassTask
from tenfold.tasks.images import RestorationTask
from tenfold.tasks.labels import LabelTask
from tenfold.tasks.quantities import QuantityTask

__all__ = ["ClassTask", "LabelTask", "QuantityTask", "RestorationTask"]
