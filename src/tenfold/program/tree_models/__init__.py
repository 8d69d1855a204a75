"""How fitted models of decision trees become steps of `tenfold.program.operations.trees`, one file a family."""
