"""Labelled data: where they come from, what is wrong with them, and which rows stay sealed."""
