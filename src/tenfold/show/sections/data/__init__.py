"""The data behind a run: columns, importance, learning curve."""
