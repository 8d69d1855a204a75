"""Deciding again and predicting where the rows are streamed from disk."""
