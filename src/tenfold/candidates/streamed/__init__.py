"""The classifiers that are fitted on blocks of rows."""
