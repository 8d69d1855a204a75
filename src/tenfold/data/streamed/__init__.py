"""A table of more rows than memory: read once into plain arrays on disk, then block by block."""
