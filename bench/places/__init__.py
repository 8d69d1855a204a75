"""
What runs where: seconds and memory of units and of shards as rows grow, here and on Dask workers.

Run from the root of the repository with ``python -m bench.places``; it writes docs/scaling.json and, from it, the
measured part of docs/scaling.md.
"""
