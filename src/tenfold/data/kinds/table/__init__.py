"""Tables: preparation of columns."""
