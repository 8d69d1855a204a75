"""Numbers to numbers, dense and sparse."""
