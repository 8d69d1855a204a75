"""A Dask cluster that is there already: its address, who takes part, and questions that no dead network holds up."""
