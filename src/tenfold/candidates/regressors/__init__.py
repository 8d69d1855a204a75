"""The named regressors, one file each, an `ENTRY` with what it is good for and its search space."""
