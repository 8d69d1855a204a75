"""What each column of a table is: inferred with its reason, written down, overridden."""
