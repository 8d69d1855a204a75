"""Units on a Dask cluster."""
