"""Figures of predicted quantities."""
