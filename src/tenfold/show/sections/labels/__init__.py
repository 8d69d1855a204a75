"""The sections of a run whose rows have several labels."""
