"""One class a row: two of them, of which one is detected, or several."""

from tenfold.tasks.classes.infer import TASK
from tenfold.tasks.classes.task import ClassTask

__all__ = ["TASK", "ClassTask"]
