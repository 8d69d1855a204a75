"""The folder of a run, and everything that is read back from it."""
