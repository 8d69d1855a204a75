"""Restoration: noisy images in, clean images out."""

from tenfold.tasks.images.infer import TASK
from tenfold.tasks.images.task import RestorationTask

__all__ = ["TASK", "RestorationTask"]
