"""One question a person asks of a run, one module; each gives a frozen value that its template shows."""
