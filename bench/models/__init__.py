"""Saved models beside the estimators that they were made of: ``python -m bench.models``."""
