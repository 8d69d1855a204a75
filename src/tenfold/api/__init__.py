"""What ``import tenfold`` offers, a file a purpose: for people who come with arrays, a source or a fitted model."""
