"""Labels defined by an expression, such as ``large = digit >= 7``."""
