"""A running Dask cluster: its address, the workers admitted, and calls that no dead network blocks."""
