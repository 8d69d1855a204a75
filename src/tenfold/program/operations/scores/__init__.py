"""Scores to probabilities, votes and classes."""
