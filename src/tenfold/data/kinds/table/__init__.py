"""Tables of named columns: roles of columns, preparation, checks."""
