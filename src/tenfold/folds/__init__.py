"""Predictions for every training row by a model that has not seen it."""
