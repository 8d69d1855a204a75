"""
A table larger than memory, made and judged: ``python -m bench.larger --rows 20000000``.

It makes a folder of Parquet files, runs ``tenfold run`` on it in a process of its own, and writes what that took.
"""
