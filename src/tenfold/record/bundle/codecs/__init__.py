"""How a fitted pipeline becomes a file that runs no code when it is loaded, and back: one file a codec."""
