"""Tenfold turns labelled data into a classifier you can trust."""

__version__ = "0.1.0"
