"""The steps of a run whose rows are in memory."""
