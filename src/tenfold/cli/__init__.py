"""The command line: one file a verb."""

from tenfold.cli.app import main

__all__ = ["main"]
