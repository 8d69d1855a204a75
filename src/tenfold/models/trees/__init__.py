"""Decision trees of any model, as arrays: the leaf that a row reaches in each, and the sum of the leaves' values."""
