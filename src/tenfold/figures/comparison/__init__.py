"""Two or more candidates on the same rows: paired differences, the leader board, the choice."""
