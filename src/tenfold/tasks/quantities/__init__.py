"""The task of predicting quantities: one number a row, or several."""

from tenfold.tasks.quantities.infer import TASK

__all__ = ["TASK"]
