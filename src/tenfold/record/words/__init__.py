"""Sentences about a run's figures, in one wording for terminal, page and files."""
