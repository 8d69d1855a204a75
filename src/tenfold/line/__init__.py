"""The straight line: data to out-of-fold predictions, figures, a decision, a model, one test, files."""
