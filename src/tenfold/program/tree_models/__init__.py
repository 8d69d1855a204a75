"""How fitted models of decision trees become steps of `tenfold.program.operations.models.trees`, one file a family."""
