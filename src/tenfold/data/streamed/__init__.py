"""Tables of more rows than memory: read once into arrays on disk, then block by block."""
