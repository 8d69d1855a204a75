"""Pure functions from labels and scores to figures with intervals."""
