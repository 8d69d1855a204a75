"""Several labels a row: what the page says of a run, and the sections on single labels."""
