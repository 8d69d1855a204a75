"""The straight line for a table that is streamed from disk."""
