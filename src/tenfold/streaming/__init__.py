"""
More rows than memory: a table read once, kept as plain arrays on disk, and judged a block at a time.

`entry.execute` goes the line of a run either way; `line.py` is the streamed one. What is judged and what a run folder
holds are those of a run in memory.
"""
