"""Which setting of a candidate is best, and what the choice is worth on rows that had no part in it."""

from tenfold.tuning.choice import Trial, Tuning, chosen_setting

__all__ = ["Trial", "Tuning", "chosen_setting"]
