"""Figures of several labels a row."""
